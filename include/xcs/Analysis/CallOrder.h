#pragma once
#include "xcs/IR/Module.h"
#include <span>

namespace xcs {

/// The strongly connected components of the call graph: functions that can call each other, by their indices.
/// A function on no cycle is a group of its own. Each group comes after every group it calls.
struct CallGroups {
  std::vector<uint32_t> functions; // group by group
  std::vector<uint32_t>
      begin;                 // group g is functions[begin[g]] .. functions[begin[g + 1] - 1]; has a sentinel
  std::vector<bool> isCycle; // by group: whether one of its functions can reach itself by calls

  size_t size() const { return isCycle.size(); }
  std::span<const uint32_t> group(size_t g) const {
    return std::span(functions).subspan(begin[g], begin[g + 1] - begin[g]);
  }
};

/// Calls of unknown symbols are ignored. Linear in operations.
CallGroups callGroups(const Module &module);

/// The indices of all functions, each after every function it calls. On a cycle of calls, one of the calls is
/// ignored.
std::vector<uint32_t> calleesFirst(const Module &module);

/// By function: whether it is reachable, directly or through other calls, from one that can be entered from
/// outside.
std::vector<bool> reachableFunctions(const Module &module);

/// The index in Module::functions that a call's symbol names; UINT32_MAX when it names no function.
uint32_t calledFunction(const Module &module, const Operation &call);

} // namespace xcs
