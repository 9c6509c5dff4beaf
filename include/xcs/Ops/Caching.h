#pragma once
#include "xcs/Ops/OpTable.h"
#include <cstdint>

namespace xcs {

/// Which requests may share an answer by way of the result cache (`xcs-run --cache`).
enum class Caching : uint8_t {
  Never,   // none: its answer is not a function of what the cache knows of it, or it changes the world
  Off,     // none: its author says so
  Draw,    // those of the same draw
  Request, // equal ones
};

/// Of one operation. Model calls and requests that ask for an answer: as their effect says, and samples by
/// the draw if `cache = "sample"`. Programs that name their `reads` and `writes`: `writes = []` without
/// `deterministic` is a sample, so by the draw.
Caching cachingOf(const ConstantView &view, OpCode code, DictId attributes);

/// Whether `cache = "sample"` has a meaning for an operation.
bool mayCacheSamples(const ConstantView &view, OpCode code, DictId attributes);

} // namespace xcs
