#include "xcs/Support/Counted.h"
#include "xcs/World/Budget.h"
#include <charconv>
#include <cmath>
#include <vector>

using namespace xcs;

namespace {

struct Unit {
  std::string_view name, one; // `calls`, `call`
  double scale;               // amounts are kept in so many to one
};
constexpr Unit units[budgetUnitCount] = {{"usd", "usd", 1e12}, {"calls", "call", 1}, {"tokens", "token", 1}};

} // namespace

/// An amount with its unit; none, with what is wrong, if it is not one.
static std::optional<uint64_t> readPart(std::string_view part, size_t &unit, std::string &remedy) {
  double amount = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), amount);
  const std::string_view name = part.substr(static_cast<size_t>(end - part.data()));
  for (unit = 0; unit < budgetUnitCount; ++unit)
    if (name == units[unit].name || name == units[unit].one)
      break;
  if (error == std::errc::invalid_argument || unit == budgetUnitCount) {
    remedy = "amounts of `usd`, `calls` and `tokens`, such as `5usd,200calls,1e6tokens`";
    return std::nullopt;
  }
  const double kept = std::round(amount * units[unit].scale);
  const double most = static_cast<double>(mostOfBudget) / units[unit].scale;
  if (error != std::errc{} || !(kept >= 1) || amount > most) {
    remedy = "an amount above 0, and at most " + std::to_string(static_cast<uint64_t>(most));
    return std::nullopt;
  }
  if (units[unit].scale == 1 && kept != amount) {
    remedy = "a whole number of " + std::string(units[unit].name);
    return std::nullopt;
  }
  return static_cast<uint64_t>(kept);
}

Result<BudgetLimits> xcs::readBudget(std::string_view text, BudgetFault &fault) {
  BudgetLimits out;
  for (std::string_view rest = text;;) {
    const size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view part = rest.substr(0, comma);
    size_t unit = 0;
    fault = {std::string(part), {}};
    const std::optional<uint64_t> amount = readPart(part, unit, fault.remedy);
    if (!amount)
      return Failure{};
    if (out.most[unit]) {
      fault.remedy = "each unit once";
      return Failure{};
    }
    out.most[unit] = amount;
    if (comma == rest.size())
      return out;
    rest.remove_prefix(comma + 1);
  }
}

/// A number of 10^-12 with all its digits and no more.
static std::string printDollars(uint64_t amount) {
  static constexpr uint64_t one = 1'000'000'000'000;
  std::string text = std::to_string(amount / one);
  if (amount % one == 0)
    return text;
  std::string digits = std::to_string(one + amount % one).substr(1);
  digits.erase(digits.find_last_not_of('0') + 1);
  return text + '.' + digits;
}

std::string xcs::printBudget(const BudgetLimits &limits) {
  std::string text;
  for (size_t unit = 0; unit < budgetUnitCount; ++unit)
    if (const auto &most = limits.most[unit]) {
      text += text.empty() ? "" : ",";
      text += unit == 0 ? printDollars(*most) : std::to_string(*most);
      text += units[unit].name;
    }
  return text;
}

std::string xcs::printAmount(BudgetUnit unit, uint64_t amount) {
  return unit == BudgetUnit::Usd ? printDollars(amount) + " USD"
                                 : counted(amount, units[static_cast<size_t>(unit)].one);
}

std::optional<UnpricedModel> xcs::findUnpricedModel(const PlanView &plan, uint32_t function) {
  const ConstantView &c = plan.constants;
  std::vector<uint32_t> regions{plan.functions[function].region};
  std::vector<bool> isSeen(plan.functions.size());
  isSeen[function] = true;
  for (size_t next = 0; next < regions.size(); ++next) {
    const PlanRegion &region = plan.regions[regions[next]];
    for (uint32_t node = region.firstNode; node < region.firstNode + region.nodeCount; ++node)
      for (const PlanOp &op : plan.opsOf(node)) {
        for (uint32_t inner = 0; inner < op.regionCount; ++inner)
          regions.push_back(op.firstRegion + inner);
        if (op.code == OpCode::core_call && !isSeen[op.target]) {
          isSeen[op.target] = true;
          regions.push_back(plan.functions[op.target].region);
        }
        if (op.code != OpCode::model_chat && op.code != OpCode::model_embed)
          continue;
        const PlanResource &model = plan.resources[op.target];
        if (!c.find(model.dict, Attribute::usd_per_mtok_in))
          return UnpricedModel{c.text(model.symbol), "usd_per_mtok_in"};
        if (op.code == OpCode::model_chat && !c.find(model.dict, Attribute::usd_per_mtok_out))
          return UnpricedModel{c.text(model.symbol), "usd_per_mtok_out"};
      }
  }
  return std::nullopt;
}
