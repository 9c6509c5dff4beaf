#pragma once
#include "Plan/PlanVerifier.h"
#include "xcs/Ops/OpEffects.h"

namespace xcs::planformat {

/// Checks the effects of operations that do what their bodies do: a plan that calls one of them a read while
/// a write is within would have it repeated, shared or cut off. Refuses a write where none may be. Fed by the
/// sweep over the regions, which has checked every other operation's effect against its row and attributes;
/// then `verify`. Linear.
class EffectVerifier {
public:
  explicit EffectVerifier(const PlanView &plan)
      : plan(plan), regions(plan.regions.size()), functions(plan.functions.size()) {}

  /// Region `region` of function `function` holds operation `o`.
  void add(uint32_t o, uint32_t region, uint32_t function);
  /// Whether each of them has the strongest effect within.
  bool verify(VerifyState &state);

private:
  struct Owner {
    uint32_t op, region, function;
  };
  void spreadCalls();

  const PlanView &plan;
  std::vector<Effect> regions, functions; // the strongest seen so far
  std::vector<Owner> owners;              // operations with bodies, in the order of the plan
};

} // namespace xcs::planformat
