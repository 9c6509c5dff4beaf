#include "xcs-run/BudgetRows.h"
#include "xcs/Support/Counted.h"
#include "llvm/Support/JSON.h"

using namespace xcs;
using namespace xcs::runner;

static BudgetUnit unitOf(size_t index) { return static_cast<BudgetUnit>(index); }

std::string runner::printBudgetRows(const RunReport &report) {
  std::string text;
  for (size_t unit = 0; report.budget && unit < budgetUnitCount; ++unit)
    if (const auto &most = report.budget->limits.most[unit]) {
      text += text.empty() ? "budget: " : ", ";
      text +=
          printAmount(unitOf(unit), report.budget->spent[unit]) + " of " + printAmount(unitOf(unit), *most);
    }
  if (text.empty())
    return text;
  if (const uint64_t unknown = report.budget->unknown)
    text += ", counting what was reserved for " + counted(unknown, "request") + " of unknown cost";
  return text + '\n';
}

void runner::writeBudgetRows(llvm::json::OStream &json, const RunReport &report) {
  static constexpr llvm::StringLiteral names[budgetUnitCount] = {"usd", "calls", "tokens"};
  if (!report.budget)
    return;
  auto amount = [&](llvm::StringRef key, size_t unit, uint64_t value) {
    if (unitOf(unit) == BudgetUnit::Usd)
      json.attribute(key, static_cast<double>(value) / 1e12);
    else
      json.attribute(key, value);
  };
  json.attributeObject("budget", [&] {
    for (size_t unit = 0; unit < budgetUnitCount; ++unit)
      if (const auto &most = report.budget->limits.most[unit])
        json.attributeObject(names[unit], [&] {
          amount("spent", unit, report.budget->spent[unit]);
          amount("limit", unit, *most);
        });
    json.attribute("unknown_requests", report.budget->unknown);
  });
}
