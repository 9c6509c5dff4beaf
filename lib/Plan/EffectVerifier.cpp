#include "Plan/EffectVerifier.h"

#include "xcs/Ops/RegionForm.h"

using namespace xcs;
using namespace xcs::planformat;

void EffectVerifier::add(uint32_t o, uint32_t region, uint32_t function) {
  const PlanOp &op = plan.ops[o];
  if (rowOf(op.code).effect == Effect::Bodies)
    owners.push_back({o, region, function});
  else if (op.effect != Effect::Pure) {
    regions[region] = stronger(regions[region], op.effect);
    functions[function] = stronger(functions[function], op.effect);
    if (op.code == OpCode::ask_human)
      regionAsks[region] = functionAsks[function] = true;
  }
}

/// Propagates the effects of functions, and whether they ask, to their callers until nothing changes. Each
/// grows a few times at most, so each function is visited a few times at most, even on cycles of calls.
void EffectVerifier::spreadCalls() {
  std::vector<uint32_t> firstCaller(plan.functions.size() + 1, 0), callers, pending;
  auto isCall = [&](const Owner &owner) { return plan.ops[owner.op].code == OpCode::core_call; };
  for (const Owner &owner : owners)
    if (isCall(owner))
      ++firstCaller[plan.ops[owner.op].target + 1];
  for (size_t f = 0; f < plan.functions.size(); ++f) {
    firstCaller[f + 1] += firstCaller[f];
    pending.push_back(static_cast<uint32_t>(f));
  }
  callers.resize(firstCaller.back());
  std::vector<uint32_t> fill(firstCaller.begin(), firstCaller.end() - 1);
  for (const Owner &owner : owners)
    if (isCall(owner))
      callers[fill[plan.ops[owner.op].target]++] = owner.function;
  while (!pending.empty()) {
    const uint32_t callee = pending.back();
    pending.pop_back();
    for (uint32_t c = firstCaller[callee]; c < firstCaller[callee + 1]; ++c) {
      const Effect united = stronger(functions[callers[c]], functions[callee]);
      const bool asks = functionAsks[callers[c]] || functionAsks[callee];
      if (united == functions[callers[c]] && asks == functionAsks[callers[c]])
        continue;
      functions[callers[c]] = united;
      functionAsks[callers[c]] = asks;
      pending.push_back(callers[c]);
    }
  }
}

/// From the last operation to the first: the regions of an operation come after its own.
bool EffectVerifier::verify(VerifyState &state) {
  spreadCalls();
  for (size_t i = owners.size(); i-- != 0;) {
    const Owner &owner = owners[i];
    const PlanOp &op = plan.ops[owner.op];
    Effect within = op.code == OpCode::core_call ? functions[op.target] : Effect::Pure;
    bool asks = op.code == OpCode::core_call && functionAsks[op.target];
    for (uint32_t r = 0; r < op.regionCount; ++r) {
      within = stronger(within, regions[op.firstRegion + r]);
      asks = asks || regionAsks[op.firstRegion + r];
    }
    regionAsks[owner.region] = regionAsks[owner.region] || asks;
    regions[owner.region] = stronger(regions[owner.region], within);
    if (op.effect != within)
      return state.fail("operation {} has a different effect from what it runs", {owner.op});
    const RegionForm *form = regionForm(op.code);
    const WriteBan ban = form ? writeBanOf(plan.constants, *form, op.dict) : WriteBan::None;
    if (asks && ban == WriteBan::CutOff)
      return state.fail("operation {} asks a person within regions that may be cancelled", {owner.op});
    if (isWrite(within) && ban != WriteBan::None)
      return state.fail("operation {} writes within regions that may not write", {owner.op});
  }
  return true;
}
