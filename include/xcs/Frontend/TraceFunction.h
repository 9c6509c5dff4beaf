#pragma once
#include "xcs/Frontend/ExecutionTracer.h"
#include <functional>

namespace xcs {

/// The body of a traced function: declares its parameters (`ExecutionTracer::parameter`), records its
/// operations, and returns its results.
using TracedBody = std::function<Result<std::vector<Recorded>, TraceError>(ExecutionTracer &)>;

/// Runs a function of the host language once and returns the program that it recorded: a module with the
/// function `symbol`. Loops and helpers of the host language simply run. The module is not verified as a
/// whole; `compile` does that.
Result<std::unique_ptr<Module>, TraceError>
traceFunction(const TracedBody &body, std::string_view symbol = "main", const Limits &limits = {});

} // namespace xcs
