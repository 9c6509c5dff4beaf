#pragma once
#include "xcs/Plan/Plan.h"
#include "xcs/Runtime/Executor.h"
#include <string>
#include <vector>

namespace llvm::json {
class OStream;
}

namespace xcs::runner {

/// The usage of one model in a run, and its price.
struct ModelRow {
  uint32_t resource; // index in PlanView::resources
  ModelUsage usage;
};

/// One row per model, in the order in which the plan declares them.
std::vector<ModelRow> usageByModel(const PlanView &plan, const std::vector<OpUsage> &usage);

/// One line of text per model. Counts that answers did not report are `unknown`, or make a sum `at least` so
/// much.
std::string printModelRows(const PlanView &plan, const std::vector<OpUsage> &usage);

/// What all models together have used, for a status: `, 1200 tokens, 0.000120 USD`; empty if that is nothing.
std::string spentText(const PlanView &plan, const std::vector<OpUsage> &usage);

/// The members `models` and `model_operations` of an open object. A count that was never reported is null.
void writeModelRows(llvm::json::OStream &json, const PlanView &plan, const std::vector<OpUsage> &usage);

} // namespace xcs::runner
