#pragma once
#include "xcs/Ops/Value.h"

namespace xcs {

/// Whether a JSON number is a whole multiple of another one, which is above 0. Both count as the shortest
/// decimals that are read as them, so that 0.3 is a multiple of 0.1; the answer is exact.
bool isMultipleOf(const Value &number, const Value &divisor);

} // namespace xcs
