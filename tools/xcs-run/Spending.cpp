#include "xcs-run/Spending.h"

using namespace xcs;
using namespace xcs::runner;

static BudgetUnit unitOf(size_t index) { return static_cast<BudgetUnit>(index); }

bool runner::readBudgetFlag(const Flags &flags, Options &out, DiagnosticEngine &diagnostics) {
  if (!flags.stops.budget.getNumOccurrences())
    return true;
  if (flags.answers.replay.getNumOccurrences()) { // which spends nothing
    diagnostics.report(Diag::OptionConflict, {}, {"--replay", "--budget"});
    return false;
  }
  BudgetFault fault;
  auto budget = readBudget(flags.stops.budget.getValue(), fault);
  if (!budget) {
    diagnostics.reportFile(Diag::BadFlagValue, flags.tool, {fault.part, "--budget", fault.remedy});
    return false;
  }
  out.budget = *budget;
  out.budget.isForAllRuns = true; // `--repeat` runs within one budget
  return true;
}

void runner::warnOfOvershoot(const RunReport &report, const std::string &plan,
                             DiagnosticEngine &diagnostics) {
  for (size_t unit = 0; report.budget && unit < budgetUnitCount; ++unit)
    if (report.budget->isOvershot(unit))
      diagnostics.reportFile(Diag::BudgetOvershot, plan,
                             {printAmount(unitOf(unit), report.budget->spent[unit]),
                              printAmount(unitOf(unit), *report.budget->limits.most[unit])});
}
