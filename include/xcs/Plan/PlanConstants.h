#pragma once
#include "xcs/Plan/Plan.h"
#include <string>
#include <vector>

namespace xcs {

/// Which slots of a plan hold constants, including those captured from enclosing regions. Thread safety:
/// immutable.
class PlanConstants {
public:
  explicit PlanConstants(const PlanView &plan);

  /// The constant in a slot of a region; none if it is only known at run time.
  AttrId of(uint32_t region, uint32_t slot) const;
  /// A constant text among the operands of an operation of that region; empty if it is only known at run
  /// time.
  std::string textOf(uint32_t region, const PlanOp &op, size_t operand) const;

private:
  const PlanView &plan;
  std::vector<uint32_t> parents; // by region: the enclosing one; UINT32_MAX for a function's body
};

/// The operations of a region, in the order of the plan.
std::span<const PlanOp> opsOfRegion(const PlanView &plan, uint32_t region);

} // namespace xcs
