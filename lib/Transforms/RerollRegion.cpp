#include "Transforms/RerollRegion.h"
#include "Transforms/CannotFail.h"
#include "xcs/IR/OpEffects.h"
#include "xcs/IR/Walk.h"

using namespace xcs;

RerollRegion::RerollRegion(Module &module, size_t function, AnalysisCache &analyses)
    : module(module), function(function), graph(module.functions[function]->graph),
      effects(analyses.effects()), graphs(analyses.graphs()[function]), known(graph.operationCount()),
      gone(known), placed(known), positions(known), ready(graph.valueCount()),
      uses(analyses.uses(function).byValue()) {
  for (size_t f = 0; f != module.functions.size(); ++f)
    for (const EffectOn &on : effects.effects(f))
      if (isWrite(on.effect))
        written.set(static_cast<size_t>(on.target.kind));
}

void RerollRegion::enter(RegionId region) {
  current = region;
  const std::vector<OpId> &body = graph.region(region).body;
  placedBefore.assign(1, 0);
  for (uint32_t i = 0; i != body.size(); ++i) {
    const OpId op = body[i];
    positions[op.index] = i;
    placed[op.index] = !isFree(op) && !isTerminator(graph.operation(op).code);
    placedBefore.push_back(placedBefore.back() + placed[op.index]);
    const uint32_t time = waits(op) ? op.index + 1 : joined(op);
    for (ValueRef v : graph.results(op))
      ready[v.index] = time;
  }
}

/// Whether it makes no difference when an operation runs.
bool RerollRegion::isFree(OpId op) const {
  return effectsOf(op).empty() && !graph.operation(op).regionCount &&
         graph.operation(op).code != OpCode::core_call && cannotFail(module.pool.view(), graph, op);
}

/// When everything that an operation uses is there.
uint32_t RerollRegion::joined(OpId op) const {
  uint32_t time = 0;
  auto add = [&](ValueRef v) {
    const OpId by = graph.value(v).definedBy;
    const uint32_t own = by && graph.operation(by).parent == current ? ready[v.index] : 0;
    if (own != 0)
      time = time == 0 || time == own ? own : op.index + 1;
  };
  for (ValueRef v : graph.allOperands(op))
    add(v);
  for (RegionId inner = graph.operation(op).firstRegion; inner; inner = graph.region(inner).next)
    for (ValueRef v : graphs.captures(inner))
      add(v);
  return time;
}

bool RerollRegion::mayRepeat(OpId op) const {
  for (const EffectOn &on : effectsOf(op))
    if (isWrite(on.effect) || on.effect == Effect::Guard || on.effect == Effect::Log)
      return false;
  return !isTerminator(graph.operation(op).code);
}

bool RerollRegion::effectsAgree(OpId one, OpId other) const {
  const std::span<const EffectOn> a = effectsOf(one), b = effectsOf(other);
  if (a.size() != b.size())
    return false;
  for (size_t i = 0; i != a.size(); ++i)
    if (a[i].effect != b[i].effect || a[i].target.kind != b[i].target.kind ||
        (a[i].target.identity != b[i].target.identity && written[static_cast<size_t>(a[i].target.kind)]))
      return false;
  return true;
}

uint32_t RerollRegion::usesOf(OpId op) const {
  uint32_t sum = 0;
  for (ValueRef v : graph.results(op))
    sum += usesOf(v);
  return sum;
}

void RerollRegion::countOperands(OpId op, int32_t by) {
  struct Counter {
    RerollRegion &facts;
    int32_t by;
    void beginRegion(RegionId) {}
    bool beginOp(OpId inner) {
      for (ValueRef v : facts.graph.allOperands(inner))
        facts.countUse(v, by);
      return true;
    }
    void endOp(OpId) {}
    void endRegion(RegionId) {}
  } counter{*this, by};
  counter.beginOp(op);
  for (RegionId inner = graph.operation(op).firstRegion; inner; inner = graph.region(inner).next)
    walk(graph, inner, counter);
}
