#pragma once
#include "xcs-run/Options.h"
#include "xcs-run/StandardError.h"
#include "xcs/Plan/Plan.h"
#include "xcs/Runtime/Executor.h"
#include <atomic>
#include <memory>

namespace xcs::runner {

/// Tells a person how far a run is: one line that is rewritten on a terminal, a line every few seconds
/// elsewhere, or only when a signal asks. Does nothing between two looks, and has no thread. Thread safety:
/// all members. Lives as long as the process, since the run's threads may answer late.
class ProgressReport {
public:
  using Clock = std::chrono::steady_clock;
  /// `plan` must live while the run does, until `stop`.
  ProgressReport(const PlanView &plan, const Options &options, StandardError &errors);

  /// When to look next; none: never.
  std::optional<Clock::time_point> nextLook() const;
  /// Looks, and shows what it sees in the form that was chosen.
  void look(Executor &executor);
  /// Shows the status in a line of its own.
  void tell(Executor &executor);
  /// The run is over: nothing is shown any more.
  void stop();

private:
  void show(const WorldStatus &status, bool isLine);
  std::string textOf(const WorldStatus &status) const;

  const PlanView &plan;
  const std::string tool;
  const runner::Progress form;
  StandardError &errors;
  const Clock::time_point began = Clock::now();
  std::atomic<Clock::time_point> next;
  Mutex mutex;
  bool isOver XCS_GUARDED_BY(mutex) = false;
};

} // namespace xcs::runner
