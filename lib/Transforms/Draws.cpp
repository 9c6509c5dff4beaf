#include "xcs/Transforms/Draws.h"
#include "xcs/Analysis/CallOrder.h"
#include "xcs/Analysis/ValueNumbers.h"
#include "xcs/IR/DrawNames.h"
#include "xcs/IR/OpEffects.h"
#include "xcs/IR/Walk.h"
#include "llvm/ADT/StringExtras.h"
#include <unordered_map>
#include <unordered_set>

using namespace xcs;

/// Whether an operation draws by itself.
static bool samplesOrWrites(const ConstantView &view, const Operation &op) {
  if (rowOf(op.code).form != OpForm::World)
    return false;
  Effect effect = effectOf(view, op);
  return effect == Effect::Sample || isWrite(effect);
}

namespace {
/// Finds the draws of one function, and the calls that contain draws. The visitor of walk().
class DrawFinder {
public:
  /// `functions`: by function, whether it draws.
  DrawFinder(const Module &module, const ComputationGraph &graph, const std::vector<bool> &functions)
      : module(module), view(module.pool.view()), graph(graph), functions(functions) {}

  std::vector<OpId> draws; // in program order

  void beginRegion(RegionId) {}
  void endRegion(RegionId) {}
  void endOp(OpId) {}
  bool beginOp(OpId op) {
    const Operation &o = graph.operation(op);
    const uint32_t callee = o.code == OpCode::core_call ? calledFunction(module, o) : UINT32_MAX;
    if (callee != UINT32_MAX ? functions[callee] : samplesOrWrites(view, o))
      draws.push_back(op);
    return true;
  }

private:
  const Module &module;
  const ConstantView view;
  const ComputationGraph &graph;
  const std::vector<bool> &functions;
};

/// Names the draws of one function.
class DrawNamer {
public:
  DrawNamer(Module &module, Function &function) : module(module), graph(function.graph) {}
  void takeWritten(const std::vector<OpId> &draws);
  void name(const std::vector<OpId> &draws, const ValueNumbers &numbers);

private:
  std::string newName(OpId op, uint64_t number);
  void take(StringId name);
  StringId namesOf(AttrId written);

  Module &module;
  ComputationGraph &graph;
  std::unordered_set<uint64_t> taken;          // hashes of names, and of what comes before a `/` in one
  std::unordered_map<uint64_t, uint64_t> next; // ordinal, by value number
};
} // namespace

/// Moves names that the program gives from the attributes to beside the operations. That of an operation
/// which draws nothing, a read or a call of what draws nothing, goes: it names nothing, and where a body
/// takes the place of such a call, which has no name, it would be there twice.
void DrawNamer::takeWritten(const std::vector<OpId> &draws) {
  ConstantPool &pool = module.pool;
  const StringId key = pool.lookup(nameOf(Attribute::draw));
  if (!key)
    return;
  auto writtenOn = [&](OpId op) { return pool.view().find(graph.operation(op).attributes, Attribute::draw); };
  for (OpId op : draws)
    if (const AttrId written = writtenOn(op)) {
      graph.setDrawName(op, namesOf(written));
      take(graph.drawName(op));
    }
  for (uint32_t i = 0; i != graph.operationCount(); ++i)
    if (const OpId op(i); !graph.erased(op) && writtenOn(op))
      graph.setAttributes(op, pool.withoutEntry(graph.operation(op).attributes, key));
}

/// Where `a/b` is a draw of the function, a call of the name `a` would have that draw as well, if it drew
/// `b`.
void DrawNamer::take(StringId name) {
  forEachDrawName(module.pool.text(name), [&](std::string_view text) {
    taken.insert(DrawNameHash::of(text));
    forEachPrefix(text, [&](const DrawPrefix &prefix) { taken.insert(prefix.hash); });
  });
}

/// A written name, or the list of them, as ComputationGraph::drawName holds it.
StringId DrawNamer::namesOf(AttrId written) {
  const ConstantView view = module.pool.view();
  if (view.attr(written).kind != AttrKind::List)
    return view.symbolOf(written);
  std::string names;
  for (AttrId name : view.items(written))
    names.append(names.empty() ? "" : "\n").append(view.textAttr(name));
  return module.pool.intern(names);
}

std::string DrawNamer::newName(OpId op, uint64_t number) {
  const Operation &o = graph.operation(op);
  std::string name(o.code == OpCode::core_call ? module.pool.text(o.symbol) : rowOf(o.code).name);
  name += '#';
  name += llvm::utohexstr(number, /*LowerCase=*/true, /*Width=*/16);
  name += ':';
  return name;
}

void DrawNamer::name(const std::vector<OpId> &draws, const ValueNumbers &numbers) {
  for (OpId op : draws) {
    uint64_t &ordinal = next[numbers.of(op)];
    if (graph.drawName(op)) {
      ++ordinal; // so that writing a name down does not change any other
      continue;
    }
    if (graph.operation(op).code == OpCode::ask_human) { // people know it by its name
      const ConstantView view = module.pool.view();
      graph.setDrawName(op, view.symbolOf(view.find(graph.operation(op).attributes, Attribute::name)));
      continue;
    }
    const std::string base = newName(op, numbers.of(op));
    std::string name;
    do
      name = base + std::to_string(ordinal++);
    while (!taken.insert(DrawNameHash::of(name)).second);
    graph.setDrawName(op, module.pool.intern(name));
  }
}

void xcs::assignDraws(Module &module) {
  std::vector<bool> functions(module.functions.size());
  std::vector<std::vector<OpId>> draws(module.functions.size());
  auto find = [&](uint32_t index) {
    const Function &function = *module.functions[index];
    DrawFinder finder(module, function.graph, functions);
    walk(function.graph, function.body, finder);
    draws[index] = std::move(finder.draws);
    return !draws[index].empty();
  };
  CallGroups groups = callGroups(module);
  for (size_t g = 0; g != groups.size(); ++g) {
    // If one of several functions that call each other draws, each of them does: their calls distinguish
    // their activations.
    bool any = false;
    for (uint32_t index : groups.group(g))
      any = find(index) || any;
    for (uint32_t index : groups.group(g))
      functions[index] = any;
    for (uint32_t index : groups.group(g))
      if (any && groups.isCycle[g])
        find(index); // again, with the calls on the cycle
  }
  for (uint32_t index = 0; index != module.functions.size(); ++index) {
    Function &function = *module.functions[index];
    DrawNamer namer(module, function);
    namer.takeWritten(draws[index]);
    if (!draws[index].empty())
      namer.name(draws[index], ValueNumbers(module, function));
  }
}
