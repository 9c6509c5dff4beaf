#include "xcs/Transforms/Draws.h"
#include "xcs/Analysis/CallOrder.h"
#include "xcs/IR/OpEffects.h"
#include "xcs/IR/Walk.h"
#include <unordered_map>
#include <unordered_set>

using namespace xcs;

namespace {
/// What a function or an operation draws: nothing, something whose name is for the world alone, or something
/// whose result depends on the name.
enum class Draws : uint8_t { No, Unseen, Seen };

/// Names the draws of one function, whose callees have been looked at.
class DrawNamer {
public:
  DrawNamer(Module &module, uint32_t index, const std::vector<Draws> &functions)
      : module(module), function(*module.functions[index]), functions(functions) {}
  /// What the function draws, by itself or by what is known of what it calls.
  Draws find();
  void run();

  // Visitor of walk().
  void beginRegion(RegionId) {}
  void endRegion(RegionId) {}
  bool beginOp(OpId op);
  void endOp(OpId) {}

private:
  Draws drawsOf(const Operation &op) const;
  std::string newName(OpId op);

  Module &module;
  Function &function;
  const std::vector<Draws> &functions; // by function
  std::vector<OpId> seen, unseen;      // without a name, in program order
  std::unordered_set<std::string> taken;
  std::unordered_map<std::string, uint64_t> next; // ordinal, by mnemonic or callee
  Draws found = Draws::No;
};
} // namespace

Draws DrawNamer::drawsOf(const Operation &op) const {
  if (op.code == OpCode::core_call) {
    uint32_t callee = calledFunction(module, op);
    return callee == UINT32_MAX ? Draws::No : functions[callee];
  }
  for (const AttrRow &row : rowOf(op.code).attributes.all())
    if (row.name == "draw")
      return Draws::Seen;
  if (rowOf(op.code).form != OpForm::World)
    return Draws::No;
  Effect effect = effectOf(module.pool.view(), op);
  return effect == Effect::Sample || isWrite(effect) ? Draws::Unseen : Draws::No;
}

bool DrawNamer::beginOp(OpId op) {
  const Operation &o = function.graph.operation(op);
  Draws draws = drawsOf(o);
  found = std::max(found, draws);
  if (draws == Draws::No)
    return true;
  ConstantView view = module.pool.view();
  if (AttrId given = view.find(o.attributes, "draw"))
    taken.emplace(view.textAttr(given));
  else
    (draws == Draws::Seen ? seen : unseen).push_back(op);
  return true;
}

std::string DrawNamer::newName(OpId op) {
  const Operation &o = function.graph.operation(op);
  std::string base(o.code == OpCode::core_call ? module.pool.text(o.symbol) : rowOf(o.code).name);
  std::string name;
  do
    name = base + ":" + std::to_string(next[base]++);
  while (!taken.insert(name).second);
  return name;
}

Draws DrawNamer::find() {
  walk(function.graph, function.body, *this);
  return found;
}

void DrawNamer::run() {
  walk(function.graph, function.body, *this);
  ConstantPool &pool = module.pool;
  for (OpId op : seen) {
    DictId attributes = function.graph.operation(op).attributes;
    function.graph.setAttributes(op,
                                 pool.withEntry(attributes, pool.intern("draw"), pool.textAttr(newName(op))));
  }
  for (OpId op : unseen)
    function.graph.setDrawName(op, pool.intern(newName(op)));
}

void xcs::assignDraws(Module &module) {
  std::vector<Draws> draws(module.functions.size(), Draws::No);
  CallGroups groups = callGroups(module);
  for (size_t g = 0; g != groups.size(); ++g) {
    // Of functions that call each other each draws when one does: their calls tell their activations apart.
    Draws most = Draws::No;
    for (uint32_t index : groups.group(g))
      most = std::max(most, DrawNamer(module, index, draws).find());
    for (uint32_t index : groups.group(g))
      draws[index] = most;
    for (uint32_t index : groups.group(g))
      DrawNamer(module, index, draws).run();
  }
}
