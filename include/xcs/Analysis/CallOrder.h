#pragma once
#include "xcs/IR/Module.h"
#include <span>

namespace xcs {

/// The functions of a module in groups that call each other in a circle, by their indices; a function on no
/// circle is a group of its own. Each group stands after every group it calls.
struct CallGroups {
  std::vector<uint32_t> functions; // group by group
  std::vector<uint32_t>
      begin;                 // group g is functions[begin[g]] .. functions[begin[g + 1] - 1]; has a sentinel
  std::vector<bool> isCycle; // by group: whether one of its functions can come to call itself

  size_t size() const { return isCycle.size(); }
  std::span<const uint32_t> group(size_t g) const {
    return std::span(functions).subspan(begin[g], begin[g + 1] - begin[g]);
  }
};

/// Calls of unknown symbols are left out. Linear in operations.
CallGroups callGroups(const Module &module);

/// The indices of all functions, each after every function it calls; on a cycle of calls one call of it is
/// left out.
std::vector<uint32_t> calleesFirst(const Module &module);

/// By function: whether it can be entered from outside or is called, if through others, by one that can.
std::vector<bool> reachableFunctions(const Module &module);

/// The index in Module::functions that a call's symbol names; none (UINT32_MAX) when it names no function.
uint32_t calledFunction(const Module &module, const Operation &call);

} // namespace xcs
