#pragma once
#include "xcs/IR/Module.h"

namespace xcs {

/// The indices of all functions, each after every function it calls. Calls of unknown symbols are left out;
/// on a cycle of calls, which the verifier refuses, one call of it is left out. Linear in operations.
std::vector<uint32_t> calleesFirst(const Module &module);

/// The index in Module::functions that a call's symbol names; none (UINT32_MAX) when it names no function.
uint32_t calledFunction(const Module &module, const Operation &call);

} // namespace xcs
