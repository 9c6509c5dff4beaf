#include "Transforms/RerollShape.h"
#include "xcs/IR/DrawNames.h"
#include "xcs/IR/Walk.h"
#include "xcs/Ops/OpEffects.h"
#include <algorithm>

using namespace xcs;

void RerollShape::read(OpId op) {
  parts.clear();
  outer.clear();
  draws.clear();
  inside.clear();
  constants.clear();
  depth = open = 0;
  isFixed = false;
  beginOp(op);
  for (RegionId inner = graph.operation(op).firstRegion; inner; inner = graph.region(inner).next)
    walk(graph, inner, *this);
}

void RerollShape::beginRegion(RegionId region) {
  depth = std::max(depth, ++open);
  parts.push_back(graph.arguments(region).size());
  for (ValueRef v : graph.arguments(region)) {
    parts.push_back(graph.type(v).index);
    define(v);
  }
}

void RerollShape::endRegion(RegionId) {
  parts.push_back(UINT64_MAX);
  --open;
}

bool RerollShape::beginOp(OpId op) {
  const Operation &o = graph.operation(op);
  if (open && isPlainConstant(op)) {
    constants.insert(o.firstResult.index);
    return false;
  }
  const StringId draw = graph.drawName(op);
  for (uint64_t part :
       {uint64_t(o.code), uint64_t(o.symbol.index), uint64_t(o.attributes.index), uint64_t(o.resultCount),
        uint64_t(o.operandCount), uint64_t(o.orderCount), uint64_t(o.regionCount), uint64_t(draw.valid())})
    parts.push_back(part);
  const std::span<const ValueRef> all = graph.allOperands(op);
  for (uint32_t i = 0; i != all.size(); ++i) {
    const auto found = open ? inside.find(all[i].index) : inside.end();
    parts.push_back(graph.type(all[i]).index);
    parts.push_back(found != inside.end() ? found->second + 1 : 0);
    if (found == inside.end())
      outer.push_back({op, i, i >= o.operandCount, constants.contains(all[i].index), all[i]});
  }
  for (ValueRef v : graph.results(op)) {
    parts.push_back(graph.type(v).index);
    if (open)
      define(v);
  }
  if (draw)
    draws.push_back(op);
  isFixed = isFixed || flagAttr(pool.view(), o.attributes, Attribute::keep) ||
            (draw && isListOfDrawNames(pool.text(draw)));
  return true;
}
