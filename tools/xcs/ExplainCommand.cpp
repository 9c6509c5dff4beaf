#include "Common/CommonFlags.h"
#include "xcs/Commands.h"
#include "xcs/ProgramPlan.h"
#include "xcs/Support/NearestName.h"
#include "xcsc/Flags.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;
namespace cl = llvm::cl;

namespace {

struct Flags {
  tools::FlagGroups groups{"Program, plan or message"};
  tools::CommonFlags common{groups};
  cl::list<std::string> topics{cl::Positional, cl::desc("FILE|KIND"), cl::cat(groups.main)};
  cl::OptionCategory compilation{"Compilation"};
  compiler::ProgramFlags program{compilation};
};

} // namespace

static const DiagnosticRow *findKind(std::string_view kind) {
  for (size_t i = 0; i < diagnosticCount(); ++i)
    if (const DiagnosticRow &row = rowOf(static_cast<Diag>(i)); row.kind == kind)
      return &row;
  return nullptr;
}

/// What an error means for the process and for a `try`.
static void printClass(const DiagnosticRow &row, llvm::raw_ostream &out) {
  switch (row.severity) {
  case Severity::Error:
    out << "The exit code is " << static_cast<int>(exitCodeOf(row.failure)) << " ("
        << failureClassName(row.failure) << "). If an operation fails with it, `try` "
        << (isCatchable(row.failure) ? "turns it into a value.\n" : "does not catch it.\n");
    return;
  case Severity::Warning:
    out << "`-Wno-" << row.kind << "` turns it off; `-Werror=" << row.kind << "` makes it an error.\n";
    return;
  case Severity::Remark:
    out << "`--remarks=" << row.kind << "` shows it.\n";
    return;
  case Severity::Note:
    out << "It belongs to the message before it.\n";
    return;
  }
}

static void printKind(const DiagnosticRow &row, llvm::raw_ostream &out) {
  out << row.kind << ": " << (row.severity == Severity::Error ? "an " : "a ") << severityName(row.severity)
      << "\n\n  " << row.text << "\n\n";
  if (row.text.find("{0}") != row.text.npos)
    out << "{0}, {1} stand for what varies.\n";
  printClass(row, out);
  out << "All messages: docs/generated/diagnostics.md.\n";
}

static ExitCode explainTopic(const std::string &topic, const compiler::Options &options,
                             DiagnosticEngine &diagnostics) {
  if (topic != "-" && !llvm::sys::fs::exists(topic)) {
    if (const DiagnosticRow *row = findKind(topic)) {
      printKind(*row, llvm::outs());
      return ExitCode::Done;
    }
    NearestName nearest(topic);
    for (size_t i = 0; i < diagnosticCount(); ++i)
      nearest.offer(rowOf(static_cast<Diag>(i)).kind);
    diagnostics.report(Diag::NothingToExplain, {}, {topic, nearest.suggestion()});
    return diagnostics.exitCode();
  }
  ExitCode exit = ExitCode::Done;
  auto plan = driver::planOf(topic, options, options.limits, exit);
  if (!plan)
    return exit;
  explainPlan(plan->file->view(), llvm::outs());
  return ExitCode::Done;
}

ExitCode driver::explain(int argc, char **argv) {
  tools::dropForeignOptions(argv[0]);
  Flags flags;
  if (!tools::readCommandLine(
          argc, argv, "xcs explain",
          "Prints what a program or a plan asks for and how it runs, or what a message means.\n"))
    return ExitCode::BadUsage;
  compiler::Options options;
  options.diagnostics = flags.common.diagnostics;
  options.colour = tools::isInColour(flags.common.colour);
  DiagnosticEngine diagnostics(&llvm::errs(), options.diagnostics);
  diagnostics.setColour(options.colour);
  if (!tools::readLimits(flags.common.limit, options.limits, diagnostics) ||
      !readProgramFlags(flags.program, options, diagnostics))
    return ExitCode::BadUsage;
  if (flags.topics.empty())
    diagnostics.report(Diag::FileNeeded, {}, {"explain", "a program, a plan or the kind of a message"});
  else if (flags.topics.size() > 1)
    diagnostics.report(Diag::ManyInputs, {}, {flags.topics[1], flags.topics[0], "xcs explain"});
  if (diagnostics.hasErrors())
    return diagnostics.exitCode();
  options.input = flags.topics[0];
  return explainTopic(options.input, options, diagnostics);
}
