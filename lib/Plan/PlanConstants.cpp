#include "xcs/Plan/PlanConstants.h"

using namespace xcs;

std::span<const PlanOp> xcs::opsOfRegion(const PlanView &plan, uint32_t index) {
  const PlanRegion &region = plan.regions[index];
  const uint32_t first = plan.nodes[region.firstNode].firstOp;
  return plan.ops.subspan(first, plan.nodes[region.firstNode + region.nodeCount].firstOp - first);
}

PlanConstants::PlanConstants(const PlanView &plan) : plan(plan), parents(plan.regions.size(), UINT32_MAX) {
  for (uint32_t r = 0; r < plan.regions.size(); ++r)
    for (const PlanOp &op : opsOfRegion(plan, r))
      for (uint32_t i = 0; i < op.regionCount; ++i)
        parents[op.firstRegion + i] = r;
}

AttrId PlanConstants::of(uint32_t index, uint32_t slot) const {
  while (true) {
    const PlanRegion &region = plan.regions[index];
    const uint32_t firstConstant = region.argumentCount + region.captureCount;
    if (slot >= firstConstant)
      return slot - firstConstant < region.constantCount
                 ? plan.constantSlots[region.firstConstant + slot - firstConstant].value
                 : AttrId();
    if (slot < region.argumentCount)
      return {};
    slot = plan.captures[region.firstCapture + slot - region.argumentCount];
    index = parents[index];
  }
}

std::string PlanConstants::textOf(uint32_t region, const PlanOp &op, size_t operand) const {
  AttrId text = of(region, plan.operandsOf(op)[operand]);
  const ConstantView &c = plan.constants;
  return text && c.attr(text).kind == AttrKind::Str ? std::string(c.textAttr(text)) : std::string();
}
