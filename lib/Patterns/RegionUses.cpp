#include "Patterns/RegionUses.h"

using namespace xcs;

RegionUses::RegionUses(const PatternContext &context)
    : context(context), operations(context.operations()), graph(context.graph), users(graph.size(), none) {
  for (uint32_t node = 0; node != graph.size(); ++node) {
    std::span<const uint32_t> successors = graph.successors(node);
    size_t found = 0;
    for (size_t i = 0; i != successors.size() && found < 2; ++i)
      if (graph.edgeKind(node, i) == EdgeKind::Data && ++found == 1)
        users[node] = successors[i];
    if (found != 1)
      users[node] = none;
  }
  OpId end = operations.terminator(context.region);
  if (!end || !isTerminator(operations.operation(end).code))
    return;
  for (ValueRef v : operations.operands(end))
    if (uint32_t node = nodeOf(v); node != none)
      users[node] = none;
}

uint32_t RegionUses::nodeOf(ValueRef v) const {
  OpId source = operations.value(v).definedBy;
  return source && operations.operation(source).parent == context.region ? context.graphs.nodeOf(source)
                                                                         : none;
}

uint32_t RegionUses::soleSource(uint32_t node) const {
  uint32_t found = none;
  for (ValueRef v : operations.operands(graph.operation(node))) {
    OpId source = operations.value(v).definedBy;
    if (source && operations.operation(source).code == OpCode::core_const)
      continue;
    uint32_t at = nodeOf(v);
    if (at == none)
      continue;
    if (found != none && found != at)
      return none;
    found = at;
  }
  return found;
}

bool RegionUses::isDraw(uint32_t node) const {
  if (rowOf(operation(node).code).form != OpForm::World)
    return false;
  std::span<const EffectOn> on = context.effects.effects(context.functionIndex, graph.operation(node));
  return on.size() == 1 && on[0].effect == Effect::Sample;
}

std::string xcs::quotedName(const Operation &op) { return "`" + std::string(rowOf(op.code).name) + "`"; }
