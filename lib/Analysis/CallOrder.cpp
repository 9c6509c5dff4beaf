#include "xcs/Analysis/CallOrder.h"

using namespace xcs;

uint32_t xcs::calledFunction(const Module &module, const Operation &call) {
  std::optional<SymbolTarget> target = module.lookup(call.symbol);
  return target && target->kind == SymbolTarget::Kind::Function ? target->index : UINT32_MAX;
}

/// The functions that `function` calls, once each call.
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

std::vector<uint32_t> xcs::calleesFirst(const Module &module) {
  struct Open {
    uint32_t function;
    size_t next = 0;
    std::vector<uint32_t> calls;
  };
  std::vector<uint32_t> order;
  std::vector<bool> seen(module.functions.size());
  std::vector<Open> stack;
  auto open = [&](uint32_t function) {
    seen[function] = true;
    stack.push_back({function, 0, callees(module, *module.functions[function])});
  };
  // Depth-first with a stack of our own: how deep calls nest is the user's choice.
  for (uint32_t root = 0; root != module.functions.size(); ++root) {
    if (!seen[root])
      open(root);
    while (!stack.empty()) {
      Open &top = stack.back();
      if (top.next == top.calls.size()) {
        order.push_back(top.function);
        stack.pop_back();
      } else if (uint32_t callee = top.calls[top.next++]; !seen[callee]) {
        open(callee);
      }
    }
  }
  return order;
}
