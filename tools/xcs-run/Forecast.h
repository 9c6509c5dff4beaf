#pragma once
#include "xcs/Support/Mutex.h"
#include "xcs/World/Journals.h"
#include <map>
#include <string>

namespace xcs::runner {

/// What --plan-run prints: for each operation, what a run that continues would do. Thread safety: `add` from
/// any thread.
class Forecast {
public:
  void add(uint32_t op, const std::string &at, JournalMeaning meaning);
  /// A line for each operation that touches something outside, in the order of the plan.
  std::string text(const PlanView &plan, std::string_view planName) const;

private:
  static constexpr size_t meanings = 6; // of JournalMeaning
  struct Counts {
    uint64_t of[meanings] = {};
    std::string doubts; // the executions in doubt, by name
  };
  std::string meaningText(const Counts &counts) const;

  mutable Mutex mutex;
  std::map<uint32_t, Counts> counts XCS_GUARDED_BY(mutex); // by operation of the plan
};

} // namespace xcs::runner
