#pragma once
#include "xcs/Ops/OpTable.h"

namespace xcs {

/// Whether a flag attribute is set: given without a value, or as true.
bool flagAttr(const ConstantView &view, DictId attributes, Attribute flag);

/// The effect of one operation by itself, without its regions and the function it calls: its row's effect,
/// refined by the attributes. `method`, `stable` and `idempotency_key` of HTTP requests, `writes` and
/// `repeat` of commands, `effect` and `repeat` of the host's functions, and `deterministic` are resolved, so
/// HttpMethod, Exec and Host are never returned; an unknown method counts as the strongest write. Bodies
/// means: no effect of its own. Both the compiler and the plan verifier use it, so no plan can pass a write
/// off as a read. Analysis/Effects.h has the target of the effect.
Effect effectOf(const ConstantView &view, OpCode code, DictId attributes);

/// An operand that is a path, and whether the operation writes there or only reads.
struct PathOperand {
  uint8_t operand;
  bool writes;
};
/// The paths of an operation on files, each with what must be granted for it; none for other operations.
std::span<const PathOperand> pathOperands(OpCode code);

/// Whether it changes something outside: such an operation is kept in program order on its resource, never
/// merged, never dropped.
bool isWrite(Effect effect);

/// `pure`, `read`, `write-never`, ...: an effect in what the tools print.
std::string_view effectName(Effect effect);

/// How much a resolved effect binds an operation, in the order of what may be done about it: repeated,
/// dropped, reordered. What binds nothing, Pure, is 0; Bodies, HttpMethod and Exec have none.
unsigned strengthOf(Effect effect);
/// The stricter of two effects.
inline Effect stronger(Effect a, Effect b) { return strengthOf(b) > strengthOf(a) ? b : a; }

} // namespace xcs
