#include "xcs/Transforms/DrawSet.h"
#include "xcs/Analysis/CallOrder.h"
#include "xcs/IR/DrawNames.h"
#include "xcs/IR/OpEffects.h"

using namespace xcs;

DrawSet::OfFunction DrawSet::drawsOf(const Module &module, const Function &function) const {
  OfFunction of;
  const ConstantView view = module.pool.view();
  const ComputationGraph &graph = function.graph;
  for (uint32_t i = 0; i != graph.operationCount(); ++i) {
    const OpId op(i);
    const Operation &o = graph.operation(op);
    if (graph.erased(op))
      continue;
    const StringId name = graph.drawName(op);
    const bool isCall = o.code == OpCode::core_call;
    if (!name && rowOf(o.code).form != OpForm::World)
      continue;
    const Effect effect = isCall ? Effect::Pure : effectOf(view, o);
    if (!name && (effect == Effect::Sample || isWrite(effect)))
      of.unnamed = op;
    if (!name)
      continue;
    auto callee = isCall ? functions.find(o.symbol.index) : functions.end();
    const bool writes = isWrite(effect) || (callee != functions.end() && callee->second.writes);
    forEachDrawName(module.pool.text(name), [&](std::string_view one) {
      of.draws.push_back({op, module.pool.lookup(one), isCall ? o.symbol : StringId(), o.parent, writes});
    });
    of.writes = of.writes || writes;
  }
  return of;
}

DrawSet::DrawSet(const Module &module) {
  for (uint32_t f : calleesFirst(module)) {
    const Function &function = *module.functions[f];
    OfFunction of = drawsOf(module, function);
    any = any || !of.draws.empty();
    functions.emplace(function.symbol.index, std::move(of));
  }
}

/// Indexes the draws of a function for find().
void DrawSet::index(uint32_t symbol) {
  OfFunction &of = functions.at(symbol);
  for (uint32_t i = 0; !of.isIndexed && i != of.draws.size(); ++i)
    places.emplace(static_cast<uint64_t>(symbol) << 32 | of.draws[i].name.index, i);
  of.isIndexed = true;
}

const DrawSet::Draw *DrawSet::find(uint32_t symbol, StringId name) const {
  auto place = places.find(static_cast<uint64_t>(symbol) << 32 | name.index);
  return name && place != places.end() ? &functions.at(symbol).draws[place->second] : nullptr;
}

/// The earlier draw of a function, or the call in it, from which another draw comes: itself, or, as `a/b` is
/// the draw `b` of what `a` called, `a`. None if there was no such draw.
StringId DrawSet::origin(const ConstantPool &pool, uint32_t symbol, StringId name) {
  struct Open {
    uint32_t symbol;
    std::string_view rest;
    StringId origin;
  };
  std::vector<Open> open{{symbol, pool.text(name), {}}};
  while (!open.empty()) {
    const Open at = open.back();
    open.pop_back();
    if (!functions.contains(at.symbol))
      continue;
    index(at.symbol);
    if (const Draw *whole = find(at.symbol, pool.lookup(at.rest)))
      return at.origin ? at.origin : whole->name;
    for (size_t slash = at.rest.find('/'); slash != at.rest.npos; slash = at.rest.find('/', slash + 1))
      if (const Draw *call = find(at.symbol, pool.lookup(at.rest.substr(0, slash))); call && call->callee)
        open.push_back({call->callee.index, at.rest.substr(slash + 1), at.origin ? at.origin : call->name});
  }
  return {};
}

std::optional<DrawSet::Change> DrawSet::changeOf(const Module &after, const Function &function) {
  const std::string symbol(after.pool.text(function.symbol));
  const OfFunction now = drawsOf(after, function);
  if (now.unnamed)
    return Change{symbol, "a `" + std::string(rowOf(function.graph.operation(now.unnamed).code).name) +
                              "` has no name"};
  const OfFunction &before = functions.at(function.symbol.index);
  std::vector<const Draw *> gone;
  std::unordered_set<uint32_t> kept; // earlier draws from which others come
  size_t old = 0;
  for (const Draw &draw : now.draws) {
    for (; old != before.draws.size() && before.draws[old].op.index < draw.op.index; ++old)
      gone.push_back(&before.draws[old]);
    if (old != before.draws.size() && before.draws[old].op == draw.op &&
        before.draws[old].name == draw.name) {
      ++old;
      continue;
    }
    const StringId from = origin(after.pool, function.symbol.index, draw.name);
    if (!from)
      return Change{symbol, "`" + std::string(after.pool.text(draw.name)) + "` is new"};
    kept.insert(from.index);
  }
  for (; old != before.draws.size(); ++old)
    gone.push_back(&before.draws[old]);
  for (const Draw *draw : gone) {
    const OpId around = function.graph.region(draw->region).parent;
    const bool isDead = around && function.graph.erased(around);
    if (draw->writes && !isDead && !kept.contains(draw->name.index))
      return Change{symbol, "`" + std::string(after.pool.text(draw->name)) + "` is gone"};
  }
  return std::nullopt;
}

std::optional<DrawSet::Change> DrawSet::changeIn(const Module &after) {
  for (size_t f = 0; any && f != after.functions.size(); ++f)
    if (functions.contains(after.functions[f]->symbol.index))
      if (std::optional<Change> change = changeOf(after, *after.functions[f]))
        return change;
  return std::nullopt;
}
