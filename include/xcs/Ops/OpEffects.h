#pragma once
#include "xcs/Ops/OpTable.h"

namespace xcs {

/// Whether a flag attribute is set: given bare, or as true.
bool flagAttr(const ConstantView &view, DictId attributes, Attribute flag);

/// What one operation does to the world by itself, its regions and the function it calls left out: its row's
/// effect with the attributes looked at. `method`, `stable` and `idempotency_key` of HTTP requests, `writes`
/// and `repeat` of commands, and `deterministic` are resolved, so HttpMethod and Exec are never given; a
/// method that no row knows counts as the strongest write. Bodies means: nothing by itself. The compiler asks
/// it of programs and the plan's verifier of plans, so no plan can call a write a read. What it does it to is
/// Analysis/Effects.h.
Effect effectOf(const ConstantView &view, OpCode code, DictId attributes);

/// Whether it changes something outside: kept in program order on its resource, never merged, never dropped.
bool isWrite(Effect effect);

/// `pure`, `read`, `write-never`, ...: an effect in what the tools print.
std::string_view effectName(Effect effect);

/// How much a resolved effect binds an operation, in the order of what may be done about it: repeated,
/// dropped, reordered. What binds nothing, Pure, is 0; Bodies, HttpMethod and Exec have none.
unsigned strengthOf(Effect effect);
/// The one of two that binds more.
inline Effect stronger(Effect a, Effect b) { return strengthOf(b) > strengthOf(a) ? b : a; }

} // namespace xcs
