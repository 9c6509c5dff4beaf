#include "xcs/Transforms/Draws.h"
#include "xcs/Analysis/CallOrder.h"
#include "xcs/IR/Walk.h"
#include <unordered_map>
#include <unordered_set>

using namespace xcs;

namespace {
/// Names the draws of one function, whose callees have been looked at.
class DrawNamer {
public:
  DrawNamer(Module &module, uint32_t index, const std::vector<bool> &draws)
      : module(module), function(*module.functions[index]), draws(draws) {}
  /// Whether the function draws, by itself or by what it calls.
  bool run();

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
  bool found = false;
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
  found = true;
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

bool DrawNamer::run() {
  walk(function.graph, function.body, *this);
  for (OpId op : unnamed)
    name(op);
  return found;
}

void xcs::assignDraws(Module &module) {
  std::vector<bool> draws(module.functions.size(), false);
  for (uint32_t index : calleesFirst(module))
    draws[index] = DrawNamer(module, index, draws).run();
}
