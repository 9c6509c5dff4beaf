#include "World/Budget.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Support/Counted.h"
#include <algorithm>
#include <cmath>

using namespace xcs;

static size_t indexOf(BudgetUnit unit) { return static_cast<size_t>(unit); }

static uint64_t plus(uint64_t a, uint64_t b) {
  return std::min(std::min(a, mostOfBudget) + std::min(b, mostOfBudget), mostOfBudget);
}
static uint64_t times(uint64_t a, uint64_t b) { return b && a > mostOfBudget / b ? mostOfBudget : a * b; }

/// The price of a token in 10^-12 USD; it is declared in USD per 10^6 tokens.
static uint64_t priceOf(const PlanView &plan, uint32_t resource, Attribute attribute) {
  static constexpr double scale = 1e6;
  const ConstantView &c = plan.constants;
  const AttrId price = c.find(plan.resources[resource].dict, attribute);
  if (!price)
    return 0;
  const double usd =
      c.attr(price).kind == AttrKind::F64 ? c.floatAttr(price) : static_cast<double>(c.intAttr(price));
  const double whole = usd > 0 ? std::max(std::round(usd * scale), 1.0) : 0;
  return whole < static_cast<double>(mostOfBudget) ? static_cast<uint64_t>(whole) : mostOfBudget;
}

Budget::Budget(const PlanView &plan, const BudgetLimits &limits) : limits(limits) {
  for (uint32_t r = 0; r < plan.resources.size(); ++r)
    prices.push_back(
        {priceOf(plan, r, Attribute::usd_per_mtok_in), priceOf(plan, r, Attribute::usd_per_mtok_out)});
  for (size_t unit = 0; unit < budgetUnitCount; ++unit)
    if (limits.most[unit])
      gates[unit] = std::make_unique<Gate>(*limits.most[unit], 0);
}

void Budget::beginRun() {
  if (limits.isForAllRuns)
    return;
  for (size_t unit = 0; unit < budgetUnitCount; ++unit)
    if (gates[unit])
      gates[unit]->release(spent[unit]);
  spent = {};
  unknown = 0;
  largestAnswer.reset();
}

uint64_t Budget::left(size_t unit) const {
  return *limits.most[unit] - std::min(spent[unit], *limits.most[unit]);
}

/// What an attempt takes if each answer has so many tokens.
BudgetAmounts Budget::amounts(const BudgetNeed &need, uint64_t answer) const {
  const uint64_t answers = times(need.answers, answer);
  const Prices &price = prices[need.resource];
  return {plus(times(need.prompt, price.in), times(answers, price.out)), 1, plus(need.prompt, answers)};
}

BudgetAmounts Budget::needed(const BudgetNeed &need) const {
  if (!need.answers || need.answer || largestAnswer)
    return amounts(need, need.answer ? *need.answer : largestAnswer.value_or(0));
  // All that is left, as far as it depends on the answer.
  const BudgetAmounts least = amounts(need, 1), none = amounts(need, 0);
  BudgetAmounts out = least;
  for (size_t unit = 0; unit < budgetUnitCount; ++unit)
    if (gates[unit] && least[unit] > none[unit])
      out[unit] = std::max(least[unit], left(unit));
  return out;
}

void Budget::addUses(const BudgetNeed &need, GateUses &uses) {
  const BudgetAmounts all = needed(need);
  for (size_t unit = 0; unit < budgetUnitCount; ++unit)
    if (gates[unit])
      uses.push_back({gates[unit].get(), all[unit]});
}

void Budget::updateUses(const BudgetNeed &need, Applicant &applicant, Admission &admission) {
  const BudgetAmounts all = needed(need);
  for (size_t unit = 0; unit < budgetUnitCount; ++unit)
    if (gates[unit])
      admission.resize(applicant, *gates[unit], all[unit]);
}

void Budget::settle(const BudgetBill &bill, Applicant &applicant, Admission &admission) {
  using Cost = BudgetBill::Cost;
  BudgetAmounts took{};
  if (bill.cost != Cost::Nothing) {
    const Prices &price = prices[bill.resource];
    took[indexOf(BudgetUnit::Usd)] = plus(times(bill.prompt, price.in), times(bill.completion, price.out));
    took[indexOf(BudgetUnit::Tokens)] = plus(bill.prompt, bill.completion);
  }
  const bool isUnknown = bill.cost == Cost::Unknown;
  unknown += isUnknown;
  for (size_t unit = 0; unit < budgetUnitCount; ++unit) {
    if (!gates[unit])
      continue;
    const uint64_t reserved = admission.remove(applicant, *gates[unit]);
    uint64_t used = took[unit];
    if (unit == indexOf(BudgetUnit::Calls))
      used = bill.calls;
    else if (isUnknown)
      used = std::max(used, reserved);
    const uint64_t sum = plus(spent[unit], used);
    gates[unit]->keep(sum - spent[unit]);
    spent[unit] = sum;
  }
  if (bill.cost == Cost::Reported && bill.answers) {
    const uint64_t each = bill.completion / bill.answers + (bill.completion % bill.answers != 0);
    largestAnswer = std::max({largestAnswer.value_or(0), each, uint64_t(1)});
  }
  isChanged = true;
}

Applicant *Budget::inVain(BudgetUnit &unit) const {
  for (size_t i = 0; i < budgetUnitCount; ++i)
    if (gates[i] && gates[i]->hasWaiting() && gates[i]->slotsInUse() == spent[i] && gates[i]->isFull()) {
      unit = static_cast<BudgetUnit>(i);
      return gates[i]->first();
    }
  return nullptr;
}

bool Budget::owns(const Gate *gate) const {
  return gate && std::any_of(gates.begin(), gates.end(), [&](const auto &own) { return own.get() == gate; });
}

std::array<std::string, 3> Budget::refusal(const BudgetNeed &need, BudgetUnit unit) const {
  const size_t i = indexOf(unit);
  std::string of = printAmount(unit, spent[i]) + " of its budget of " + printAmount(unit, *limits.most[i]);
  if (unknown && unit != BudgetUnit::Calls)
    of += ", counting what was reserved for " + counted(unknown, "request") + " of unknown cost";
  const bool isBounded = unit == BudgetUnit::Calls || !need.answers || need.answer;
  return {printAmount(unit, needed(need)[i]), of,
          isBounded ? "raise `--budget`" : "raise `--budget`, or give it a `max_tokens`"};
}
