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
  /// Whether the function draws, by itself or by what is known to draw of what it calls.
  bool finds();
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

bool DrawNamer::finds() {
  walk(function.graph, function.body, *this);
  return found;
}

void DrawNamer::run() {
  walk(function.graph, function.body, *this);
  for (OpId op : unnamed)
    name(op);
}

void xcs::assignDraws(Module &module) {
  std::vector<bool> draws(module.functions.size(), false);
  CallGroups groups = callGroups(module);
  for (size_t g = 0; g != groups.size(); ++g) {
    // Of functions that call each other each draws when one does: their calls tell their activations apart.
    bool any = false;
    for (uint32_t index : groups.group(g))
      any = any || DrawNamer(module, index, draws).finds();
    for (uint32_t index : groups.group(g))
      draws[index] = any;
    for (uint32_t index : groups.group(g))
      DrawNamer(module, index, draws).run();
  }
}
