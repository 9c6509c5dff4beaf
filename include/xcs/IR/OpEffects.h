#pragma once
#include "xcs/IR/ComputationGraph.h"
#include "xcs/Ops/OpEffects.h"

namespace xcs {

/// The same for an operation of a program.
inline Effect effectOf(const ConstantView &view, const Operation &op) {
  return effectOf(view, op.code, op.attributes);
}

} // namespace xcs
