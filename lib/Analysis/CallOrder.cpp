#include "xcs/Analysis/CallOrder.h"
#include <algorithm>

using namespace xcs;

uint32_t xcs::calledFunction(const Module &module, const Operation &call) {
  std::optional<SymbolTarget> target = module.lookup(call.symbol);
  return target && target->kind == SymbolTarget::Kind::Function ? target->index : UINT32_MAX;
}

/// The functions that `function` calls, one entry per call.
static std::vector<uint32_t> callees(const Module &module, const Function &function) {
  std::vector<uint32_t> list;
  const ComputationGraph &graph = function.graph;
  for (uint32_t i = 0; i != graph.operationCount(); ++i) {
    const Operation &op = graph.operation(OpId(i));
    if (op.code != OpCode::core_call || !op.parent)
      continue;
    if (uint32_t callee = calledFunction(module, op); callee != UINT32_MAX)
      list.push_back(callee);
  }
  return list;
}

namespace {
/// Tarjan's search for strongly connected components (1972), with an explicit stack, since the depth of calls
/// is under the user's control.
class GroupSearch {
public:
  explicit GroupSearch(const Module &module)
      : module(module), number(module.functions.size(), none), lowest(number), grouped(number.size()) {}
  CallGroups run();

private:
  static constexpr uint32_t none = UINT32_MAX;
  struct Open {
    uint32_t function;
    size_t next = 0;
    std::vector<uint32_t> calls;
    bool callsItself = false;
  };
  void open(uint32_t function);
  void close();

  const Module &module;
  std::vector<uint32_t> number,
      lowest; // by function: the order of the visits, and the first it leads back to
  std::vector<bool> grouped;
  std::vector<uint32_t> ungrouped;
  std::vector<Open> stack;
  uint32_t numbered = 0;
  CallGroups result;
};
} // namespace

void GroupSearch::open(uint32_t function) {
  number[function] = lowest[function] = numbered++;
  ungrouped.push_back(function);
  stack.push_back({function, 0, callees(module, *module.functions[function])});
}

void GroupSearch::close() {
  Open done = std::move(stack.back());
  stack.pop_back();
  uint32_t &low = lowest[done.function];
  if (!stack.empty())
    lowest[stack.back().function] = std::min(lowest[stack.back().function], low);
  if (low != number[done.function])
    return;
  // The functions opened since belong to the group, unless they already have one.
  auto first = std::find(ungrouped.rbegin(), ungrouped.rend(), done.function).base() - 1;
  result.isCycle.push_back(ungrouped.end() - first > 1 || done.callsItself);
  for (auto at = first; at != ungrouped.end(); ++at)
    grouped[*at] = true;
  // Backwards, so that callees mostly come first within a group too.
  result.functions.insert(result.functions.end(), std::make_reverse_iterator(ungrouped.end()),
                          std::make_reverse_iterator(first));
  result.begin.push_back(static_cast<uint32_t>(result.functions.size()));
  ungrouped.erase(first, ungrouped.end());
}

CallGroups GroupSearch::run() {
  result.begin.push_back(0);
  for (uint32_t root = 0; root != number.size(); ++root) {
    if (number[root] == none)
      open(root);
    while (!stack.empty()) {
      Open &top = stack.back();
      if (top.next == top.calls.size()) {
        close();
        continue;
      }
      uint32_t callee = top.calls[top.next++];
      top.callsItself = top.callsItself || callee == top.function;
      if (number[callee] == none)
        open(callee);
      else if (!grouped[callee])
        lowest[top.function] = std::min(lowest[top.function], number[callee]);
    }
  }
  return std::move(result);
}

CallGroups xcs::callGroups(const Module &module) { return GroupSearch(module).run(); }

std::vector<uint32_t> xcs::calleesFirst(const Module &module) { return callGroups(module).functions; }

std::vector<bool> xcs::reachableFunctions(const Module &module) {
  std::vector<bool> reached(module.functions.size(), false);
  std::vector<uint32_t> pending;
  auto reach = [&](uint32_t function) {
    if (reached[function])
      return;
    reached[function] = true;
    pending.push_back(function);
  };
  for (uint32_t f = 0; f < module.functions.size(); ++f)
    if (!module.functions[f]->isPrivate)
      reach(f);
  while (!pending.empty()) {
    uint32_t function = pending.back();
    pending.pop_back();
    for (uint32_t callee : callees(module, *module.functions[function]))
      reach(callee);
  }
  return reached;
}
