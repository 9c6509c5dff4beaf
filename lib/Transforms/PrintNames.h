#pragma once
#include "xcs/IR/Module.h"

namespace xcs {

/// How reports name an operation: `%answer = model.chat @gpt`. Unnamed results are left out.
std::string operationText(const Module &module, const ComputationGraph &graph, OpId op);
/// `@main`, or `@main, in %scores = map` for a region of an operation.
std::string regionText(const Module &module, const Function &function, RegionId region);
/// Nanoseconds in the unit a reader wants, to three digits: `1.25us`.
std::string timeText(double nanoseconds);

} // namespace xcs
