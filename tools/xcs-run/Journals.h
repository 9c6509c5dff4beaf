#pragma once
#include "xcs-run/Forecast.h"
#include "xcs-run/Options.h"
#include "xcs/World/Journals.h"

namespace xcs::runner {

/// The journal of a run: opened before it, reported on after it.
class JournalUser {
public:
  /// Reports why the run must not start with it.
  static std::unique_ptr<JournalUser> open(const PlanView &plan, uint32_t function, Options &options,
                                           std::span<const Value> arguments, DiagnosticEngine &diagnostics);
  MakeWorld world(const PlanView &plan, const Limits &limits, MakeWorld inner) const;
  /// After the run: what was taken from it, and whether it is whole.
  ExitCode close(const RunReport &report, DiagnosticEngine &diagnostics);

  /// Of a run that carries nothing out: what it would do.
  bool isDry() const { return use.isDry; }
  /// Of a run that was begun before.
  bool goesOn() const { return isResumed; }
  std::string forecastText(const PlanView &plan, std::string_view planName) const {
    return forecast.text(plan, planName);
  }

private:
  std::string path;
  Forecast forecast;
  std::shared_ptr<Journal> journal;
  JournalUse use;
  std::shared_ptr<JournalCounts> counts = std::make_shared<JournalCounts>();
  bool isResumed = false;
};

} // namespace xcs::runner
