#pragma once
#include "xcs/Plan/Plan.h"
#include "xcs/Runtime/Executor.h"
#include <string>
#include <vector>

namespace llvm::json {
class OStream;
}

namespace xcs::runner {

/// What the calls of one model took in a run, and what that costs.
struct ModelRow {
  uint32_t resource; // index in PlanView::resources
  ModelUsage usage;
};

/// A row a model, in the order in which the plan declares them.
std::vector<ModelRow> usageByModel(const PlanView &plan, const std::vector<OpUsage> &usage);

/// A line of text a model. What an answer did not say is `unknown`, or a sum that is `at least` so much.
std::string printModelRows(const PlanView &plan, const std::vector<OpUsage> &usage);

/// The members `models` and `model_operations` of an open object. A count that nobody gave is null.
void writeModelRows(llvm::json::OStream &json, const PlanView &plan, const std::vector<OpUsage> &usage);

} // namespace xcs::runner
