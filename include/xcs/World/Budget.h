#pragma once
#include "xcs/Plan/Plan.h"
#include "xcs/Support/Diagnostics.h"
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace xcs {

/// What a budget counts. Calls are requests to models, each attempt on its own. Tokens are those of prompts
/// and of answers.
enum class BudgetUnit : uint8_t { Usd, Calls, Tokens };
inline constexpr size_t budgetUnitCount = 3;

/// An amount of each unit: US dollars in units of 10^-12, so that prices of single tokens add up exactly;
/// calls; tokens.
using BudgetAmounts = std::array<uint64_t, budgetUnitCount>;
/// Amounts are at most this: a server may report any number, and sums of two must not overflow.
inline constexpr uint64_t mostOfBudget = uint64_t(1) << 62;

/// What a run may spend on models.
struct BudgetLimits {
  std::array<std::optional<uint64_t>, budgetUnitCount> most; // none: unlimited
  bool isForAllRuns = false;                                 // of an executor together; else for each run
  bool isGiven() const { return most[0] || most[1] || most[2]; }
};

/// A part of the text of a budget that cannot be used.
struct BudgetFault {
  std::string part;
  std::string remedy; // what to write in its place
};
/// Reads `5usd,200calls,1e6tokens`: each unit at most once, amounts above 0.
Result<BudgetLimits> readBudget(std::string_view text, BudgetFault &fault);
/// In the form that `readBudget` reads.
std::string printBudget(const BudgetLimits &limits);
/// `0.0125 USD`, `1 call`, `1012 tokens`.
std::string printAmount(BudgetUnit unit, uint64_t amount);

/// What was spent of a budget.
struct BudgetReport {
  BudgetLimits limits;
  BudgetAmounts spent{}; // of the units that are limited
  uint64_t unknown = 0;  // requests whose cost is not known: what was reserved for them counts
  /// Whether more was spent of a unit than its limit: a server billed more than was reserved.
  bool isOvershot(size_t unit) const { return limits.most[unit] && spent[unit] > *limits.most[unit]; }
};

/// A model without a price, which a budget in dollars needs.
struct UnpricedModel {
  std::string_view symbol; // without the `@`
  std::string_view missing;
};
/// The first model that `function` calls, or a function that it calls, and that lacks a price; none if all
/// have theirs. Embeddings need no price of answers.
std::optional<UnpricedModel> findUnpricedModel(const PlanView &plan, uint32_t function);

} // namespace xcs
