#include "xcs-run/Options.h"
#include "xcs-run/Caches.h"
#include "xcs-run/Flags.h"
#include "xcs-run/Memory.h"
#include "xcs-run/Spending.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/JsonText.h"
#include "llvm/Support/raw_ostream.h"
#include <tuple>

using namespace xcs;
using namespace xcs::runner;

static bool readNumbers(const Flags &flags, Options &out, DiagnosticEngine &diags) {
  static constexpr unsigned mostJobs = 1024;
  bool good = true;
  if (flags.timeout.getNumOccurrences()) {
    int64_t timeout = 0;
    if (!parseDuration(flags.timeout, timeout) || timeout <= 0) {
      diags.reportFile(Diag::BadFlagValue, flags.tool,
                       {flags.timeout, "--timeout", "a duration above 0 such as `250ms`, `1.5s` or `1h30m`"});
      good = false;
    }
    out.run.timeoutNanoseconds = timeout;
  }
  if (flags.jobs > mostJobs || (flags.jobs.getNumOccurrences() && flags.jobs == 0)) {
    diags.reportFile(Diag::BadFlagValue, flags.tool,
                     {std::to_string(flags.jobs), "--jobs", "a number from 1 to 1024"});
    good = false;
  }
  for (const std::string &answer : flags.answer)
    if (answer.find('=', 1) == answer.npos) {
      diags.reportFile(
          Diag::BadFlagValue, flags.tool,
          {answer, "--answer", "NAME#DIGEST=VALUE, as a run that waits for the answer shows it"});
      good = false;
    }
  if (flags.repeat == 0) {
    diags.reportFile(Diag::BadFlagValue, flags.tool, {"0", "--repeat", "a number of 1 or more"});
    good = false;
  }
  return good;
}

/// What reads standard input, each with its flag: only one can.
static bool readsInputOnce(const Flags &flags, Options &out, DiagnosticEngine &diags) {
  std::vector<std::string> readers;
  if (!flags.plans.empty() && flags.plans.front() == "-")
    readers.emplace_back("-");
  if (flags.args == "-")
    readers.emplace_back("--args -");
  for (const auto &[values, flag] :
       {std::pair(&flags.argFile, "--arg-file="), std::pair(&flags.secretFile, "--secret-file=")})
    for (const std::string &value : *values)
      if (llvm::StringRef(value).split('=').second == "-")
        readers.push_back(flag + value);
  for (const std::string &file : flags.grants)
    if (file == "-")
      readers.emplace_back("--grants=-");
  out.readsInput = !readers.empty();
  if (readers.size() < 2)
    return true;
  diags.report(Diag::StandardInputTwice, {}, {readers[0], readers[1]});
  return false;
}

static bool checkUse(const Flags &flags, Options &out, DiagnosticEngine &diags) {
  if (flags.plans.size() > 1) {
    diags.report(Diag::ManyInputs, {}, {flags.plans[1], out.plan, flags.tool});
    return false;
  }
  if (flags.entry.getNumOccurrences() && out.entry.empty()) {
    diags.reportFile(Diag::BadFlagValue, flags.tool,
                     {flags.entry.getValue(), "--entry", "the name of a function, such as `@main`"});
    return false;
  }
  if (out.plan.empty() && flags.tool == "xcs-run")
    diags.report(Diag::PlanNeeded, {});
  else if (out.plan.empty())
    diags.report(Diag::FileNeeded, {}, {"run", "a program or a plan: xcs run PROGRAM.xir"});
  return !out.plan.empty() && readsInputOnce(flags, out, diags);
}

/// What cannot go with a recording. A run that is repeated would ask everything twice; in a replay no time
/// passes.
static bool checkRecordings(const Flags &flags, DiagnosticEngine &diags) {
  const bool records = flags.answers.record.getNumOccurrences(),
             replays = flags.answers.replay.getNumOccurrences();
  auto conflict = [&](const std::string &one, const std::string &other) {
    diags.report(Diag::OptionConflict, {}, {one, other});
    return false;
  };
  for (const auto &[isGiven, flag, value] : {std::tuple(records, "--record", flags.answers.record.getValue()),
                                             {replays, "--replay", flags.answers.replay.getValue()}})
    if (isGiven && value.empty()) {
      diags.reportFile(Diag::BadFlagValue, flags.tool, {"", flag, "a folder"});
      return false;
    }
  if (replays && !flags.answer.empty())
    return conflict("--replay", "--answer");
  if (records && replays)
    return conflict("--record", "--replay");
  if (records && flags.repeat != 1)
    return conflict("--record", "--repeat");
  return !replays || !flags.timeout.getNumOccurrences() || conflict("--replay", "--timeout");
}

/// `NAME=VALUE`, at the last `=` with one of `values` after it, or at the first.
static bool readRules(const Flags &flags, DoubtRules &out, DiagnosticEngine &diags) {
  static constexpr std::pair<std::string_view, DoubtRules::Rule> rules[] = {
      {"retry", DoubtRules::Rule::Retry}, {"skip", DoubtRules::Rule::Skip}, {"fail", DoubtRules::Rule::Fail}};
  bool good = true;
  for (const std::string &given : flags.journal.inDoubt) {
    const size_t split = given.rfind('=');
    const std::string word = split == given.npos ? given : given.substr(split + 1);
    const auto rule =
        std::find_if(std::begin(rules), std::end(rules), [&](const auto &r) { return r.first == word; });
    if (rule == std::end(rules)) {
      diags.reportFile(Diag::BadFlagValue, flags.tool,
                       {given, "--in-doubt", "`retry`, `skip` or `fail`, perhaps after `OP=`"});
      good = false;
    } else if (split == given.npos) {
      out.all = rule->second;
    } else {
      out.each[given.substr(0, split)] = rule->second;
    }
  }
  return good;
}

static bool readJournal(const Flags &flags, Options &out, DiagnosticEngine &diags) {
  JournalOptions &journal = out.journal;
  journal.file = flags.journal.file;
  journal.durability = flags.journal.durability;
  journal.isDry = flags.journal.planRun;
  const bool resumes = flags.journal.resume.getNumOccurrences();
  journal.resume = flags.journal.resume;
  if (journal.isDry && !resumes)
    journal.resume = Resume::Fitting;
  if (flags.journal.file.getNumOccurrences() && journal.file.empty()) {
    diags.reportFile(Diag::BadFlagValue, flags.tool, {"", "--journal", "a file"});
    return false;
  }
  if (journal.file.empty()) {
    for (const auto &[given, flag] : {std::pair(flags.journal.resume.getNumOccurrences(), "--resume"),
                                      {flags.journal.inDoubt.getNumOccurrences(), "--in-doubt"},
                                      {flags.journal.durability.getNumOccurrences(), "--durability"},
                                      {flags.journal.planRun.getNumOccurrences(), "--plan-run"}})
      if (given) {
        diags.report(Diag::JournalNeeded, {}, {flag});
        return false;
      }
    return true;
  }
  // A run that continues asks for less than a recording needs; one that is repeated would ask for nothing.
  for (const auto &[isGiven, own, flag] :
       {std::tuple(flags.answers.replay.getNumOccurrences() > 0, "--journal", "--replay"),
        {flags.answers.record.getNumOccurrences() > 0 && resumes, "--resume", "--record"},
        {flags.repeat != 1, "--journal", "--repeat"}})
    if (isGiven) {
      diags.report(Diag::OptionConflict, {}, {own, flag});
      return false;
    }
  out.keepsWork = true;
  return readRules(flags, journal.rules, diags);
}

/// What cannot go with a cache. A replay touches nothing, and a recording needs all answers.
static bool checkCache(const Flags &flags, Options &out, DiagnosticEngine &diags) {
  const AnswerFlags &given = flags.answers;
  auto bad = [&](const std::string &value, const char *flag, const char *form) {
    diags.reportFile(Diag::BadFlagValue, flags.tool, {value, flag, form});
    return false;
  };
  const bool isGiven = given.cache.getNumOccurrences(), isSized = given.cacheSize.getNumOccurrences();
  if (isGiven && given.cache.empty())
    return bad("", "--cache", "a folder");
  for (const auto &[isOther, flag] : {std::pair(flags.answers.replay.getNumOccurrences(), "--replay"),
                                      {flags.answers.record.getNumOccurrences(), "--record"}})
    if (isGiven && isOther) {
      diags.report(Diag::OptionConflict, {}, {"--cache", flag});
      return false;
    }
  for (const auto &[isOther, flag] : {std::pair(isSized, "--cache-size"), {!given.why.empty(), "--why"}})
    if (isOther && !isGiven) {
      diags.reportFile(Diag::FlagValue, flags.tool, {flag, "needs a cache; add `--cache=DIR`"});
      return false;
    }
  return !isSized || readSize(given.cacheSize, out.cacheBytes) ||
         bad(given.cacheSize, "--cache-size", "a size such as `500MiB` or `2GiB`");
}

static void copy(const Flags &flags, Options &out) {
  out.tool = flags.tool;
  out.plan = flags.plans.empty() ? std::string() : flags.plans.front();
  out.entry = llvm::StringRef(flags.entry).ltrim('@').str();
  out.argumentsFile = flags.args;
  out.answers.assign(flags.answer.begin(), flags.answer.end());
  out.arguments.assign(flags.arg.begin(), flags.arg.end());
  out.argumentFiles.assign(flags.argFile.begin(), flags.argFile.end());
  out.output = flags.output;
  out.trace = flags.trace;
  out.record = flags.answers.record;
  out.replay = flags.answers.replay;
  out.cache = flags.answers.cache;
  out.why.assign(flags.answers.why.begin(), flags.answers.why.end());
  out.stats = flags.stats;
  out.diagnostics = flags.common.diagnostics;
  out.colour = tools::isInColour(flags.common.colour);
  out.repeat = flags.repeat;
  out.explain = flags.explain;
  out.dump = flags.dump;
  out.progress = flags.progress;
  out.run.jobs = flags.jobs;
  out.run.schedule = flags.schedule;
  if (flags.seed.getNumOccurrences())
    out.run.seed = flags.seed;
  out.run.trace = !out.trace.empty();
  out.run.keepGoing = flags.stops.keepGoing;
}

Result<Options> runner::readFlags(const Flags &flags) {
  Options out;
  copy(flags, out);
  out.run.limits.set(Limit::RunBytes, usableMemory() / 4 * 3); // before `--limit`
  DiagnosticEngine diags(&llvm::errs(), out.diagnostics);
  diags.setColour(out.colour);
  if (!checkUse(flags, out, diags))
    return Failure{};
  if (!checkRecordings(flags, diags) || !checkCache(flags, out, diags))
    return Failure{};
  bool good = tools::readLimits(flags.common.limit, out.run.limits, diags);
  good &= readGrants(flags, out, diags);
  good &= readNumbers(flags, out, diags);
  good &= readJournal(flags, out, diags);
  good &= readBudgetFlag(flags, out, diags);
  out.ownInputs.insert(out.ownInputs.end(), flags.grants.begin(), flags.grants.end());
  if (!good)
    return Failure{};
  return out;
}

Result<Options> runner::readOptions(int argc, char **argv) {
  tools::dropForeignOptions(argv[0]);
  Flags flags("xcs-run");
  if (!tools::readCommandLine(argc, argv, "xcs-run", "Runs a plan made by xcsc.\n"))
    return Failure{};
  return readFlags(flags);
}
