#include "World/EventLoop.h"

using namespace xcs;

/// An attempt has ended, or the operation with it.
void EventLoop::settleBudget(WorldOp *op) {
  Budget *const budget = op->site.context.budget.get();
  if (!budget || !op->holdsSlots)
    return;
  if (op->budgetNeed())
    budget->settle(op->budgetBill(), *op, admission);
}

/// Whether something has changed, so that others may start.
bool EventLoop::reviewBudgets() {
  const std::vector<WorldContext *> all = budgeted; // one whose last operation fails is removed
  bool hasChanged = false;
  for (WorldContext *context : all)
    hasChanged |= reviewBudget(*context);
  return hasChanged;
}

/// What those need that have no bound depends on what was spent, and on the answers so far. Of those that
/// wait in vain, the first fails; then the run is likely to stop.
bool EventLoop::reviewBudget(WorldContext &context) {
  Budget &budget = *context.budget;
  bool hasChanged = budget.hasChanged();
  if (hasChanged)
    for (WorldOp *op : context.inFlight)
      if (op->state == WorldOp::State::Waiting)
        if (const BudgetNeed *need = op->budgetNeed(); need && need->answers && !need->answer)
          budget.updateUses(*need, *op, admission);
  BudgetUnit unit;
  if (Applicant *applicant = hasChanged ? nullptr : budget.inVain(unit)) {
    auto *op = static_cast<WorldOp *>(applicant);
    admission.withdraw(*op);
    op->exceedsBudget(unit);
    hasChanged = true;
  }
  return hasChanged;
}
