#pragma once
#include "xcs/IR/Module.h"

namespace xcs {

/// Gives every draw its name, the attribute `draw`: `random.int:0` is the first `random.int` of its function
/// in program order. A call on the way to a draw has one too (`pick:1`, the second call of @pick), so that
/// the names from the entry on, joined by `/`, and the iterations of the `map`s around it name one execution.
/// Names that are there already stay. Draws are operations whose row has an attribute `draw`.
///
/// To be called once, before any pass: passes move, copy out and drop operations, and their names go with
/// them. Who puts a function's body in place of a call puts the call's name and `/` before the names of the
/// body.
void assignDraws(Module &module);

} // namespace xcs
