// xcs-run: executes a plan. The result is JSON on standard output, everything else goes to standard error.
#include "Common/OpenFiles.h"
#include "Common/Output.h"
#include "Common/Process.h"
#include "xcs-run/Arguments.h"
#include "xcs-run/Options.h"
#include "xcs-run/Report.h"
#include "xcs-run/Signals.h"
#include "xcs-run/StandardError.h"
#include "xcs/Plan/PlanFile.h"
#include "xcs/Runtime/Border.h"
#include "xcs/Support/Visible.h"
#include "xcs/World/LiveWorld.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;
using namespace xcs::runner;

static int code(ExitCode exit) { return static_cast<int>(exit); }

/// Runs the function the requested number of times; returns the report of the last run, or of the first that
/// failed.
static RunReport carryOut(Executor &executor, SignalGuard &signals, uint32_t function,
                          const std::vector<Value> &arguments, const Options &options) {
  signals.watch(&executor);
  RunReport report = executor.run(function, arguments);
  for (unsigned i = 1; i < options.repeat && report.ok; ++i)
    report = executor.run(function, arguments);
  signals.runIsOver();
  return report;
}

static int run(const PlanView &plan, Options options, StandardError &errors, DiagnosticEngine &diags) {
  if (auto missing = missingHostFunction(plan, nullptr)) {
    diags.reportFile(Diag::HostMissing, options.plan, {visible(*missing)});
    return code(diags.exitCode());
  }
  std::optional<uint32_t> function = findEntry(plan, options.entry, options.plan, diags);
  if (!function)
    return code(diags.exitCode());
  auto arguments = readArguments(plan, *function, options, diags);
  if (!arguments) // what the program would fail with, such as a text that is not JSON, is wrong usage of its
                  // caller
    return code(diags.exitCode() == ExitCode::ProgramFailed ? ExitCode::BadUsage : diags.exitCode());
  // Lives as long as the process, like its thread.
  static auto &signals = *new SignalGuard;
  tools::beforeEndWithoutMemory([] { return signals.exitOutOfMemory(); });
  options.run.host = std::make_shared<RunnerHost>(errors);
  Executor executor(
      plan, options.run,
      liveWorld(plan, {options.grants, options.run.limits, options.run.host, tools::raiseOpenFiles()}));
  RunReport report = carryOut(executor, signals, *function, *arguments, options);
  for (const std::string &name : report.shortSecrets)
    diags.reportFile(Diag::ShortSecret, options.plan, {name});
  int exit = code(ExitCode::Done);
  if (!report.ok) {
    reportFailure(plan, report, options.plan, diags);
    exit = code(exitCodeOf(report));
  } else {
    auto text = resultsAsJson(plan, *function, report, diags);
    if (!text || !tools::writeOutput(options.output, *text, diags))
      exit = code(diags.exitCode());
  }
  if (!options.trace.empty() && !tools::writeOutput(options.trace, printTrace(plan, report), diags) &&
      exit == 0)
    exit = code(diags.exitCode());
  if (options.stats != StatsForm::None)
    errors << visibleLines(printStats(plan, report, options.stats),
                           options.stats == StatsForm::Json ? Escapes::Json : Escapes::Text);
  // After the report, and watched until then: a signal must not leave programs running.
  executor.shutdown();
  signals.watch(nullptr);
  // After an interrupt or a timeout, a slow reader of standard error is not waited for.
  const bool isHurried =
      !report.ok && (report.failure.id == Diag::RunTimeout || report.failure.id == Diag::Interrupted);
  errors.finish(isHurried ? std::optional(std::chrono::milliseconds(1000)) : std::nullopt);
  return exit;
}

static int explainOrRun(const Options &options, StandardError &errors, DiagnosticEngine &diags) {
  auto file = PlanFile::open(options.plan, diags, options.run.limits);
  if (!file)
    return code(diags.exitCode());
  const PlanView &plan = (*file)->view();
  if (options.dump)
    dumpPlan(plan, llvm::outs());
  if (options.explain)
    explainPlan(plan, llvm::outs());
  return options.dump || options.explain ? code(ExitCode::Done) : run(plan, options, errors, diags);
}

int main(int argc, char **argv) {
  tools::openStandardDescriptors();
  tools::reportLostOutput();
  tools::exitOutOfMemory(DiagnosticFormat::Text);
  auto options = readOptions(argc, argv);
  if (!options)
    return code(ExitCode::BadUsage);
  tools::exitOutOfMemory(options->diagnostics);
  // Lives as long as the process, like its thread.
  static StandardError &errors = *new StandardError;
  DiagnosticEngine diags(&errors, options->diagnostics);
  const int exit = explainOrRun(*options, errors, diags);
  errors.finish(std::nullopt);
  return exit;
}
