#include "xcs-run/Run.h"
#include "Common/OpenFiles.h"
#include "Common/Output.h"
#include "Common/Process.h"
#include "xcs-run/Arguments.h"
#include "xcs-run/Caches.h"
#include "xcs-run/Journals.h"
#include "xcs-run/Progress.h"
#include "xcs-run/Questions.h"
#include "xcs-run/Recordings.h"
#include "xcs-run/Report.h"
#include "xcs-run/Signals.h"
#include "xcs-run/Spending.h"
#include "xcs/Plan/PlanFile.h"
#include "xcs/Runtime/Border.h"
#include "xcs/Support/Visible.h"
#include "xcs/World/LiveWorld.h"
#include "xcs/World/Redaction.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>

using namespace xcs;
using namespace xcs::runner;

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

/// The result of a run that cannot be written again: what cannot go where it should goes to standard output.
static ExitCode writeResult(const PlanView &plan, uint32_t function, const RunReport &report,
                            const Options &options, DiagnosticEngine &diags) {
  auto text = resultsAsJson(plan, function, report, diags);
  if (!text)
    return diags.exitCode();
  if (tools::writeOutput(options.output, *text, diags))
    return ExitCode::Done;
  if (options.output != "-") {
    diags.report(Diag::ResultShown, {});
    static_cast<void>(tools::writeOutput("-", *text, diags).ok());
  }
  return diags.exitCode();
}

/// Everything that a run leaves besides its effects.
static ExitCode writeAll(const PlanView &plan, uint32_t function, const RunReport &report,
                         const Options &options, StandardError &errors, DiagnosticEngine &diags) {
  for (const std::string &name : report.shortSecrets)
    diags.reportFile(Diag::ShortSecret, options.plan, {name});
  warnOfOvershoot(report, options.plan, diags);
  ExitCode exit = ExitCode::Done;
  if (report.hasResults)
    exit = writeResult(plan, function, report, options, diags);
  if (!report.ok) {
    reportFailure(plan, report, options.plan, diags);
    exit = exitCodeOf(report);
  }
  if (!options.trace.empty() && !tools::writeOutput(options.trace, printTrace(plan, report), diags) &&
      exit == ExitCode::Done)
    exit = diags.exitCode();
  if (options.stats != StatsForm::None)
    errors << visibleLines(printStats(plan, report, options.stats),
                           options.stats == StatsForm::Json ? Escapes::Json : Escapes::Text);
  return exit;
}

/// Whether an output would take the place of grants or of a secret, which is reported. It may replace the
/// file of the arguments.
static bool replacesOwnInput(const std::string &output, const Options &options, DiagnosticEngine &diags) {
  const auto &files = options.ownInputs;
  const bool isOne = std::any_of(files.begin(), files.end(),
                                 [&](const std::string &file) { return tools::isSameFile(output, file); });
  if (isOne)
    diags.reportFile(Diag::CannotWrite, output,
                     {output, "it has the grants or a secret of this run; give another file"});
  return isOne;
}

/// Whether the outputs can be written, and take neither the place of what is run nor of each other; reports
/// what is wrong.
static bool canWrite(const Options &options, DiagnosticEngine &diags) {
  std::vector<std::string> files = options.parts;
  files.push_back(options.plan);
  for (const std::string &output : {options.output, options.trace})
    if (tools::replacesInput(output, files, diags) || replacesOwnInput(output, options, diags) ||
        !tools::isWritable(output, diags))
      return false;
  if (!tools::isSameFile(options.trace, options.output))
    return true;
  diags.report(Diag::OptionConflict, {}, {"-o " + options.output, "--trace=" + options.trace});
  return false;
}

/// What is between a run and the world.
struct Outside {
  std::shared_ptr<const Recording> replayed;
  std::unique_ptr<RecordingOutput> recording;
  std::unique_ptr<JournalUser> journal;
  std::shared_ptr<RecordedAnswers> answers = std::make_shared<RecordedAnswers>();
  std::shared_ptr<Questions> questions;
  RunCache cache;

  /// False if something is wrong with the recording or the cache that was asked for, which is reported.
  bool open(const PlanView &plan, const Options &options, DiagnosticEngine &diags) {
    if (!cache.open(plan, options, diags))
      return false;
    if (!options.replay.empty())
      return (replayed = readReplay(options, diags)) != nullptr;
    return options.record.empty() || (recording = RecordingOutput::create(options.record, diags));
  }
  /// False if the journal that was asked for cannot be used, which is reported.
  bool openJournal(const PlanView &plan, uint32_t function, Options &options,
                   const std::vector<Value> &arguments, DiagnosticEngine &diags) {
    return options.journal.file.empty() ||
           (journal = JournalUser::open(plan, function, options, arguments, diags));
  }
  MakeWorld world(const PlanView &plan, const Options &options) const {
    const Limits &limits = options.run.limits;
    if (replayed)
      return replayWorld(plan, limits, replayed, options.run.host);
    WorldOptions outside{options.grants, limits, options.run.host, tools::raiseOpenFiles()};
    outside.people = questions;
    outside.budget = options.budget;
    MakeWorld made = liveWorld(plan, outside);
    made = recording ? recordingWorld(plan, limits, std::move(made), answers)
                     : cache.before(std::move(made), plan, outside, journal && journal->goesOn());
    return journal ? journal->world(plan, limits, std::move(made)) : made;
  }
  /// After the run, whatever came of it.
  ExitCode close(const PlanView &plan, const RunReport &report, const Options &options,
                 DiagnosticEngine &diags) {
    cache.report(plan, options, diags);
    const ExitCode kept = journal ? journal->close(report, diags) : ExitCode::Done;
    const ExitCode recorded = closeRecording(plan, report, diags);
    return kept == ExitCode::Done ? recorded : kept;
  }

private:
  ExitCode closeRecording(const PlanView &plan, const RunReport &report, DiagnosticEngine &diags) {
    if (!recording)
      return ExitCode::Done;
    std::optional<std::pair<std::string, std::string>> unwritable;
    if (!recording->write(answers->text(plan, report.secrets, unwritable), diags))
      return diags.exitCode();
    if (!unwritable)
      return ExitCode::Done;
    diags.reportFile(Diag::NotRecorded, recording->file(),
                     {unwritable->first, redactSecrets(unwritable->second, report.secrets)});
    return diags.exitCode();
  }
};

/// Instead of a result: what a run would do.
static ExitCode writeForecast(const JournalUser &journal, const PlanView &plan, Executor &executor,
                              SignalGuard &signals, const Options &options, DiagnosticEngine &diags) {
  executor.shutdown();
  signals.watch(nullptr);
  return tools::writeOutput(options.output, journal.forecastText(plan, options.plan), diags)
             ? ExitCode::Done
             : diags.exitCode();
}

static ExitCode run(const PlanView &plan, Options options, StandardError &errors, DiagnosticEngine &diags) {
  if (auto missing = missingHostFunction(plan, nullptr); missing && options.replay.empty()) {
    diags.reportFile(Diag::HostMissing, options.plan, {visible(*missing)});
    return diags.exitCode();
  }
  std::optional<uint32_t> function = findEntry(plan, options.entry, options.plan, diags);
  if (!function || !canWrite(options, diags))
    return diags.exitCode();
  auto arguments = readArguments(plan, *function, options, diags);
  if (!arguments) // what the program would fail with, such as a text that is not JSON, is wrong usage of its
                  // caller
    return diags.exitCode() == ExitCode::ProgramFailed ? ExitCode::BadUsage : diags.exitCode();
  Outside outside;
  if (!outside.open(plan, options, diags))
    return diags.exitCode();
  // Both live as long as the process, like the guard's thread.
  static auto &progress = *new ProgressReport(plan, options, errors);
  static auto &signals = *new SignalGuard(progress);
  tools::beforeEndWithoutMemory([] { return signals.exitOutOfMemory(); });
  options.run.host = std::make_shared<RunnerHost>(errors, std::move(options.secrets));
  if (!outside.openJournal(plan, *function, options, *arguments, diags))
    return diags.exitCode();
  outside.questions = std::make_shared<Questions>(options, errors);
  Executor executor(plan, options.run, outside.world(plan, options));
  RunReport report = carryOut(executor, signals, *function, *arguments, options);
  outside.questions->end();
  if (outside.journal && outside.journal->isDry())
    return writeForecast(*outside.journal, plan, executor, signals, options, diags);
  ExitCode exit = writeAll(plan, *function, report, options, errors, diags);
  outside.questions->report(report.secrets, diags);
  const ExitCode kept = outside.close(plan, report, options, diags);
  if (exit == ExitCode::Done || kept == ExitCode::OutcomeUnknown)
    exit = kept;
  // After the report, and watched until then: a signal must not leave programs running.
  executor.shutdown();
  signals.watch(nullptr);
  // After an interrupt or a timeout, a slow reader of standard error is not waited for.
  const bool isHurried =
      !report.ok && (report.failure.id == Diag::RunTimeout || report.failure.id == Diag::Interrupted);
  errors.finish(isHurried ? std::optional(std::chrono::milliseconds(1000)) : std::nullopt);
  return exit;
}

ExitCode runner::explainOrRun(const PlanView &plan, Options options, StandardError &errors,
                              DiagnosticEngine &diags) {
  if (options.dump)
    dumpPlan(plan, llvm::outs());
  if (options.explain == Explained::All)
    explainPlan(plan, llvm::outs());
  if (options.explain == Explained::Grants)
    printGrants(plan, llvm::outs());
  return options.dump || options.explain != Explained::None ? ExitCode::Done
                                                            : run(plan, std::move(options), errors, diags);
}
