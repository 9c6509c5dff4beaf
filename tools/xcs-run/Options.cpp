#include "xcs-run/Options.h"
#include "Common/Flags.h"
#include "Common/ResponseFiles.h"
#include "xcs-run/Memory.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Support/Visible.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;
using namespace xcs::runner;
namespace cl = llvm::cl;

namespace {

/// All flags, created when the command line is read: no work before main.
struct Flags {
  cl::OptionCategory category{"xcs-run options"};
  cl::list<std::string> plans{cl::Positional, cl::desc("PLAN.xplan"), cl::cat(category)};
  cl::list<std::string> arg{"arg", cl::desc("Value of a parameter; strings as they are, other types as JSON"),
                            cl::value_desc("NAME=VALUE"), cl::cat(category)};
  cl::list<std::string> argFile{
      "arg-file",
      cl::desc("Value of a parameter from a file: strings and bytes as they are, other types as JSON"),
      cl::value_desc("NAME=FILE"), cl::cat(category)};
  cl::opt<std::string> args{"args",
                            cl::desc("Values of all parameters as one JSON object; `-` reads standard input"),
                            cl::value_desc("F.json"), cl::cat(category)};
  cl::opt<std::string> output{"o", cl::desc("Where the result goes (default: standard output)"),
                              cl::value_desc("OUT.json"), cl::init("-"), cl::cat(category)};
  cl::opt<std::string> entry{"entry", cl::desc("The function to run (default: @main, or the only one)"),
                             cl::value_desc("@f"), cl::cat(category)};
  cl::opt<unsigned> jobs{"jobs", cl::desc("Worker threads (default: one per core)"), cl::value_desc("N"),
                         cl::init(0), cl::cat(category)};
  cl::opt<Schedule> schedule{
      "schedule", cl::desc("When ready operations start:"), cl::init(Schedule::Dataflow),
      cl::values(
          clEnumValN(Schedule::Dataflow, "dataflow", "as soon as their inputs are available (default)"),
          clEnumValN(Schedule::Levels, "levels", "level by level, for comparison"),
          clEnumValN(Schedule::Serial, "serial", "one after the other, for comparison")),
      cl::cat(category)};
  cl::list<std::string> allowNet{"allow-net", cl::desc("Allow connections to a host"),
                                 cl::value_desc("HOST[:PORT]"), cl::cat(category)};
  cl::list<std::string> denyNet{"deny-net", cl::desc("Refuse connections to a host, whatever is allowed"),
                                cl::value_desc("HOST[:PORT]"), cl::cat(category)};
  cl::list<std::string> allowSecret{
      "allow-secret",
      cl::desc("Allow giving an environment variable to a host, or to a program, "
               "as a secret"),
      cl::value_desc("NAME@HOST[:PORT]|NAME@run:PROG"), cl::cat(category)};
  cl::list<std::string> allowEnv{"allow-env", cl::desc("Allow reading an environment variable"),
                                 cl::value_desc("NAME"), cl::cat(category)};
  cl::list<std::string> denyEnv{"deny-env", cl::desc("Refuse an environment variable, whatever is allowed"),
                                cl::value_desc("NAME"), cl::cat(category)};
  cl::list<std::string> allowRead{"allow-read", cl::desc("Allow reading a file, or all beneath a directory"),
                                  cl::value_desc("PATH"), cl::cat(category)};
  cl::list<std::string> denyRead{"deny-read", cl::desc("Refuse reading it, whatever is allowed"),
                                 cl::value_desc("PATH"), cl::cat(category)};
  cl::list<std::string> allowWrite{"allow-write",
                                   cl::desc("Allow writing a file, or all beneath a directory"),
                                   cl::value_desc("PATH"), cl::cat(category)};
  cl::list<std::string> denyWrite{"deny-write", cl::desc("Refuse writing it, whatever is allowed"),
                                  cl::value_desc("PATH"), cl::cat(category)};
  cl::list<std::string> allowRun{"allow-run",
                                 cl::desc("Allow running a program, which can then do anything you can"),
                                 cl::value_desc("PROG"), cl::cat(category)};
  cl::list<std::string> denyRun{"deny-run", cl::desc("Refuse running a program, whatever is allowed"),
                                cl::value_desc("PROG"), cl::cat(category)};
  cl::opt<bool> allowAll{"allow-all", cl::desc("Allow everything that is not denied"), cl::cat(category)};
  cl::opt<uint64_t> seed{"seed", cl::desc("Seed of random.* (default: a different one for each run)"),
                         cl::value_desc("N"), cl::cat(category)};
  cl::opt<std::string> timeout{"timeout", cl::desc("End the run after this time, such as 250ms or 2m"),
                               cl::value_desc("T"), cl::cat(category)};
  cl::opt<std::string> trace{"trace", cl::desc("Write what ran when, for Perfetto or chrome://tracing"),
                             cl::value_desc("OUT.json"), cl::cat(category)};
  cl::opt<StatsForm> stats{
      "stats",
      cl::desc("Print counts and times on standard error"),
      cl::ValueOptional,
      cl::init(StatsForm::None),
      cl::values(clEnumValN(StatsForm::Text, "", "as text"), clEnumValN(StatsForm::Json, "json", "as JSON")),
      cl::cat(category)};
  cl::opt<unsigned> repeat{"repeat", cl::desc("Run N times in one process; the last result counts"),
                           cl::value_desc("N"), cl::init(1), cl::cat(category)};
  cl::opt<bool> explain{"explain", cl::desc("Print what the plan asks for and how it runs; run nothing"),
                        cl::cat(category)};
  cl::opt<bool> dump{"dump", cl::desc("Print the tables of the plan; run nothing"), cl::cat(category)};
  cl::list<std::string> limit{"limit", cl::desc("Change a limit (docs/generated/limits.md)"),
                              cl::value_desc("NAME=N"), cl::cat(category)};
  cl::opt<DiagnosticFormat> diagnostics{
      "diagnostics", cl::desc("Form of messages:"), cl::init(DiagnosticFormat::Text),
      cl::values(clEnumValN(DiagnosticFormat::Text, "text", "for people (default)"),
                 clEnumValN(DiagnosticFormat::Json, "json", "one JSON object per line")),
      cl::cat(category)};
};

} // namespace

/// Adds every value of a repeated flag with `add`; reports those it cannot read.
template <class Add>
static bool addAll(const cl::list<std::string> &values, std::string_view flag, std::string_view form,
                   DiagnosticEngine &diags, Add add) {
  bool good = true;
  for (const std::string &value : values)
    if (!add(std::string_view(value))) {
      diags.reportFile(Diag::BadFlagValue, "xcs-run", {value, flag, form});
      good = false;
    }
  return good;
}

/// Files and programs must exist when they are granted, so that a typo in a path is reported at once.
static bool readFileGrants(const Flags &flags, Grants &grants, DiagnosticEngine &diags) {
  bool good = true;
  auto allow = [&](const cl::list<std::string> &paths, std::string_view flag, PathGrants::Access access) {
    for (const std::string &path : paths)
      if (std::string why; !grants.paths().allow(access, path, why)) {
        diags.reportFile(Diag::BadGrant, "xcs-run", {path, flag, why});
        good = false;
      }
  };
  allow(flags.allowRead, "--allow-read", PathGrants::Access::Read);
  allow(flags.allowWrite, "--allow-write", PathGrants::Access::Write);
  for (const std::string &path : flags.denyRead)
    grants.paths().deny(PathGrants::Access::Read, path);
  for (const std::string &path : flags.denyWrite)
    grants.paths().deny(PathGrants::Access::Write, path);
  for (const std::string &program : flags.allowRun)
    if (!grants.programs().allow(program)) {
      diags.reportFile(Diag::BadGrant, "xcs-run", {program, "--allow-run", "the program does not exist"});
      good = false;
    }
  for (const std::string &program : flags.denyRun)
    grants.programs().deny(program);
  return good;
}

static bool readGrants(const Flags &flags, Options &out, DiagnosticEngine &diags) {
  Grants &grants = out.grants;
  bool good =
      addAll(flags.allowNet, "--allow-net", "HOST[:PORT]", diags, [&](auto v) { return grants.allowNet(v); });
  good &=
      addAll(flags.denyNet, "--deny-net", "HOST[:PORT]", diags, [&](auto v) { return grants.denyNet(v); });
  good &= addAll(flags.allowSecret, "--allow-secret",
                 "NAME@HOST[:PORT], or NAME@run:PROG with a program that exists", diags,
                 [&](auto v) { return grants.allowSecret(v); });
  good &= addAll(flags.limit, "--limit", "NAME=N with a name of docs/generated/limits.md", diags,
                 [&](auto v) { return tools::setLimit(out.run.limits, v); });
  good &= readFileGrants(flags, grants, diags);
  for (const std::string &name : flags.allowEnv)
    grants.allowEnv(name);
  for (const std::string &name : flags.denyEnv)
    grants.denyEnv(name);
  if (flags.allowAll)
    grants.allowAll();
  return good;
}

static bool readNumbers(const Flags &flags, Options &out, DiagnosticEngine &diags) {
  static constexpr unsigned mostJobs = 1024;
  bool good = true;
  if (flags.timeout.getNumOccurrences()) {
    int64_t timeout = 0;
    if (!parseDuration(flags.timeout, timeout) || timeout <= 0) {
      diags.reportFile(Diag::BadFlagValue, "xcs-run",
                       {flags.timeout, "--timeout", "a duration above 0 such as `250ms`, `1.5s` or `1h30m`"});
      good = false;
    }
    out.run.timeoutNanoseconds = timeout;
  }
  if (flags.jobs > mostJobs || (flags.jobs.getNumOccurrences() && flags.jobs == 0)) {
    diags.reportFile(Diag::BadFlagValue, "xcs-run",
                     {std::to_string(flags.jobs), "--jobs", "a number from 1 to 1024"});
    good = false;
  }
  if (flags.repeat == 0) {
    diags.reportFile(Diag::BadFlagValue, "xcs-run", {"0", "--repeat", "a number of 1 or more"});
    good = false;
  }
  return good;
}

/// LLVM registers options of its own under names that we need.
static void freeNames(std::initializer_list<llvm::StringRef> names) {
  for (llvm::StringRef name : names)
    if (auto taken = cl::getRegisteredOptions().find(name); taken != cl::getRegisteredOptions().end())
      taken->second->removeArgument();
}

Result<Options> runner::readOptions(int argc, char **argv) {
  freeNames({"stats", "debug-only"});
  Flags flags;
  cl::HideUnrelatedOptions(flags.category);
  cl::SetVersionPrinter([](llvm::raw_ostream &out) { out << "xcs-run " XCS_VERSION "\n"; });
  VisibleStream messages(llvm::errs());
  llvm::BumpPtrAllocator memory;
  llvm::StringSaver saver(memory);
  DiagnosticEngine usage(&llvm::errs());
  auto arguments = tools::readResponseFiles(argc, argv, saver, usage);
  if (!arguments || !cl::ParseCommandLineOptions(static_cast<int>(arguments->size()), arguments->data(),
                                                 "Runs a plan made by xcsc.\n", &messages))
    return Failure{};
  Options out;
  out.run.limits.set(Limit::RunBytes, usableMemory() / 4 * 3); // before `--limit`
  out.plan = flags.plans.empty() ? std::string() : flags.plans.front();
  out.entry = llvm::StringRef(flags.entry).ltrim('@').str();
  out.argumentsFile = flags.args;
  out.arguments.assign(flags.arg.begin(), flags.arg.end());
  out.argumentFiles.assign(flags.argFile.begin(), flags.argFile.end());
  out.output = flags.output;
  out.trace = flags.trace;
  out.stats = flags.stats;
  out.diagnostics = flags.diagnostics;
  out.repeat = flags.repeat;
  out.explain = flags.explain;
  out.dump = flags.dump;
  out.run.jobs = flags.jobs;
  out.run.schedule = flags.schedule;
  if (flags.seed.getNumOccurrences())
    out.run.seed = flags.seed;
  out.run.trace = !out.trace.empty();
  DiagnosticEngine diags(&llvm::errs(), out.diagnostics);
  if (flags.plans.size() > 1) {
    diags.report(Diag::ManyInputs, {}, {flags.plans[1], out.plan, "xcs-run"});
    return Failure{};
  }
  if (flags.entry.getNumOccurrences() && out.entry.empty()) {
    diags.reportFile(Diag::BadFlagValue, "xcs-run",
                     {flags.entry.getValue(), "--entry", "the name of a function, such as `@main`"});
    return Failure{};
  }
  if (out.plan.empty()) {
    diags.report(Diag::PlanNeeded, {});
    return Failure{};
  }
  bool good = readGrants(flags, out, diags);
  good &= readNumbers(flags, out, diags);
  if (!good)
    return Failure{};
  return out;
}
