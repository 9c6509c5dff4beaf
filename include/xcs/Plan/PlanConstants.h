#pragma once
#include "xcs/Plan/Plan.h"
#include <string>
#include <vector>

namespace xcs {

/// Which slots of a plan hold constants, also where they were captured from further out. Thread safety:
/// immutable.
class PlanConstants {
public:
  explicit PlanConstants(const PlanView &plan);

  /// The constant a slot of a region holds; none when only the run will tell.
  AttrId of(uint32_t region, uint32_t slot) const;
  /// A constant text among the operands of an operation of that region; empty when only the run will tell.
  std::string textOf(uint32_t region, const PlanOp &op, size_t operand) const;

private:
  const PlanView &plan;
  std::vector<uint32_t> parents; // by region: the one around it; UINT32_MAX for a function's body
};

/// The operations of a region, in the order of the plan.
std::span<const PlanOp> opsOfRegion(const PlanView &plan, uint32_t region);

} // namespace xcs
