#pragma once
#include "World/Admission.h"
#include "xcs/World/Budget.h"
#include <memory>
#include <utility>

namespace xcs {

/// What an attempt of a model request needs of a budget at most.
struct BudgetNeed {
  uint64_t prompt = 0;            // tokens; an estimate
  uint64_t answers = 0;           // how many it asks for; 0: its answers have no tokens
  std::optional<uint64_t> answer; // tokens that each of them has at most; none: there is no bound
  uint32_t resource = 0;          // the model
};

/// What an attempt that has ended took.
struct BudgetBill {
  enum class Cost : uint8_t {
    Nothing,  // it was not sent, or turned away
    Unknown,  // it may have been carried out
    Reported, // by the server
  };
  uint64_t calls = 0;
  Cost cost = Cost::Nothing;
  uint64_t prompt = 0, completion = 0; // tokens that were reported; also of Unknown
  uint64_t answers = 1;                // how many answers the completion has; 0: they have no tokens
  uint32_t resource = 0;               // the model
};

/// The budget of a run, as a gate for each limited unit: an attempt takes what it needs at most with its
/// other gates, or waits at one of these, and what it did not use is released when it ends. What was spent
/// stays taken.
///
/// An attempt whose answer has no bound needs as much as the largest answer so far. Before there is one, it
/// needs all that is left: so it waits until nothing is in flight, and is alone.
///
/// Thread safety: one thread, but for `report`, which may be called once all that it has admitted has ended.
/// Invariants: of each unit, what is taken of the gate is what was spent and what is reserved.
class Budget {
public:
  /// With the prices of that plan's models.
  Budget(const PlanView &plan, const BudgetLimits &limits);

  /// Forgets what was spent, unless the budget is for all runs. Nothing may be in flight.
  void beginRun();
  /// Adds the gates that an attempt has to pass, with what it needs of each.
  void addUses(const BudgetNeed &need, GateUses &uses);
  /// The same again for one that waits: what it needs may have changed.
  void updateUses(const BudgetNeed &need, Applicant &applicant, Admission &admission);
  /// Whether `updateUses` is due, for all that wait without a bound. Each change is reported once.
  bool hasChanged() { return std::exchange(isChanged, false); }
  /// An attempt that was admitted has ended: settles what it took, and removes these gates from its own.
  void settle(const BudgetBill &bill, Applicant &applicant, Admission &admission);
  /// One that waits for more of a unit than is left, while nothing is reserved that could be released; with
  /// the unit. Null: there is none.
  Applicant *inVain(BudgetUnit &unit) const;
  bool owns(const Gate *gate) const;

  /// What a message says of one that waits in vain: what it needs, and what is spent of what.
  std::array<std::string, 3> refusal(const BudgetNeed &need, BudgetUnit unit) const;
  BudgetReport report() const { return {limits, spent, unknown}; }

private:
  struct Prices {
    uint64_t in, out; // 10^-12 USD a token
  };
  BudgetAmounts amounts(const BudgetNeed &need, uint64_t answer) const;
  BudgetAmounts needed(const BudgetNeed &need) const;
  uint64_t left(size_t unit) const;

  const BudgetLimits limits;
  std::vector<Prices> prices; // by resource
  std::array<std::unique_ptr<Gate>, budgetUnitCount> gates;
  BudgetAmounts spent{};
  uint64_t unknown = 0;
  std::optional<uint64_t> largestAnswer; // of this run, in tokens
  bool isChanged = false;
};

} // namespace xcs
