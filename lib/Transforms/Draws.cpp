#include "xcs/Transforms/Draws.h"
#include "xcs/Analysis/CallOrder.h"
#include "xcs/IR/Walk.h"
#include <unordered_map>
#include <unordered_set>

using namespace xcs;

namespace {
/// Names the draws of one function.
class DrawNamer {
public:
  DrawNamer(Module &module, uint32_t index, const std::vector<bool> &draws)
      : module(module), function(*module.functions[index]), draws(draws) {}
  void run();

  // Visitor of walk().
  void beginRegion(RegionId) {}
  void endRegion(RegionId) {}
  bool beginOp(OpId op);
  void endOp(OpId) {}

private:
  void name(OpId op);

  Module &module;
  Function &function;
  const std::vector<bool> &draws; // by function
  std::vector<OpId> unnamed;      // in program order
  std::unordered_set<std::string> taken;
  std::unordered_map<std::string, uint64_t> next; // ordinal, by mnemonic or callee
};
} // namespace

bool DrawNamer::beginOp(OpId op) {
  const Operation &o = function.graph.operation(op);
  if (o.code == OpCode::core_call) {
    uint32_t callee = calledFunction(module, o);
    if (callee == UINT32_MAX || !draws[callee])
      return true;
  } else if (!findAttr(o.code, "draw")) {
    return true;
  }
  ConstantView view = module.pool.view();
  if (AttrId given = view.find(o.attributes, "draw"))
    taken.emplace(view.textAttr(given));
  else
    unnamed.push_back(op);
  return true;
}

void DrawNamer::name(OpId op) {
  const Operation &o = function.graph.operation(op);
  std::string base(o.code == OpCode::core_call ? module.pool.text(o.symbol) : rowOf(o.code).name);
  std::string name;
  do
    name = base + ":" + std::to_string(next[base]++);
  while (!taken.insert(name).second);
  function.graph.setAttributes(
      op, module.pool.withEntry(o.attributes, module.pool.intern("draw"), module.pool.textAttr(name)));
}

void DrawNamer::run() {
  walk(function.graph, function.body, *this);
  for (OpId op : unnamed)
    name(op);
}

/// By function: whether it draws, by itself or by what it calls. Recursion takes more than one round.
static std::vector<bool> drawingFunctions(const Module &module) {
  std::vector<bool> draws(module.functions.size(), false);
  std::vector<std::vector<uint32_t>> callees(module.functions.size());
  for (size_t f = 0; f != module.functions.size(); ++f) {
    const ComputationGraph &graph = module.functions[f]->graph;
    for (uint32_t i = 0; i != graph.operationCount(); ++i) {
      const Operation &op = graph.operation(OpId(i));
      if (graph.erased(OpId(i)))
        continue;
      if (op.code != OpCode::core_call)
        draws[f] = draws[f] || findAttr(op.code, "draw");
      else if (uint32_t callee = calledFunction(module, op); callee != UINT32_MAX)
        callees[f].push_back(callee);
    }
  }
  const std::vector<uint32_t> order = calleesFirst(module);
  for (bool changed = true; changed;) {
    changed = false;
    for (uint32_t f : order)
      for (uint32_t callee : callees[f])
        if (draws[callee] && !draws[f])
          changed = draws[f] = true;
  }
  return draws;
}

void xcs::assignDraws(Module &module) {
  const std::vector<bool> draws = drawingFunctions(module);
  for (uint32_t index = 0; index != module.functions.size(); ++index)
    if (draws[index])
      DrawNamer(module, index, draws).run();
}
