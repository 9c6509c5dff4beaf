#pragma once
#include "xcs/IR/ComputationGraph.h"
#include "xcs/Ops/Constants.h"

namespace xcs {

/// Whether a flag attribute is set: given bare, or as true.
bool flagAttr(const ConstantView &view, DictId attributes, std::string_view name);

/// What one operation does to the world by itself, its regions and the function it calls left out: its row's
/// effect with the attributes looked at. `method`, `stable` and `idempotency_key` of HTTP requests, `writes`
/// and `repeat` of commands, and `deterministic` are resolved, so HttpMethod and Exec are never given; a
/// method that no row knows counts as the strongest write. Bodies means: nothing by itself. What it does it
/// to is Analysis/Effects.h.
Effect effectOf(const ConstantView &view, const Operation &op);

/// Whether it changes something outside: kept in program order on its resource, never merged, never dropped.
bool isWrite(Effect effect);

} // namespace xcs
