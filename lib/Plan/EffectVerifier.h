#pragma once
#include "Plan/PlanVerifier.h"
#include "xcs/Ops/OpEffects.h"

namespace xcs::planformat {

/// Checks the effects of operations that have those of their bodies: if a plan passed one with a write inside
/// off as a read, it would be repeated, shared or cancelled. Rejects a write, or a question to a person,
/// where none is allowed. Fed by the sweep over the regions, which has checked every other operation's effect
/// against its row and attributes; then call `verify`. Linear.
class EffectVerifier {
public:
  explicit EffectVerifier(const PlanView &plan)
      : plan(plan), regions(plan.regions.size()), functions(plan.functions.size()),
        regionAsks(plan.regions.size()), functionAsks(plan.functions.size()) {}

  /// Region `region` of function `function` contains operation `o`.
  void add(uint32_t o, uint32_t region, uint32_t function);
  /// Whether each of them declares the strongest effect in its bodies.
  bool verify(VerifyState &state);

private:
  struct Owner {
    uint32_t op, region, function;
  };
  void spreadCalls();

  const PlanView &plan;
  std::vector<Effect> regions, functions;     // the strongest seen so far
  std::vector<bool> regionAsks, functionAsks; // whether an `ask.human` is within
  std::vector<Owner> owners;                  // operations with bodies, in the order of the plan
};

} // namespace xcs::planformat
