#pragma once
#include "xcs/IR/Module.h"

namespace xcs {

/// The name of an operation in reports: `%answer = model.chat @gpt`. Unnamed results are omitted.
std::string operationText(const Module &module, const ComputationGraph &graph, OpId op);
/// `@main`, or `@main, in %scores = map` for a region of an operation.
std::string regionText(const Module &module, const Function &function, RegionId region);
/// Nanoseconds in a readable unit, to three digits: `1.25us`.
std::string timeText(double nanoseconds);

} // namespace xcs
