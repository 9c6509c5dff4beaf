#pragma once
#include "xcs/IR/Module.h"

namespace xcs {

/// Gives every draw its name: `random.int:0` is the first `random.int` of its function in program order. A
/// call on the way to a draw has one too (`pick:1`, the second call of @pick), so that the names from the
/// entry on, joined by `/`, and the iterations of the loops around it name one execution. Names that are
/// there already stay.
///
/// Draws are all samples and writes (language.md, "Draw identity"); a read has no name, since it makes no
/// difference where it stands. Where the result depends on the name, in operations whose row has an attribute
/// `draw`, the name is that attribute, and so is that of a call on the way. Else it stands beside the
/// operation (ComputationGraph::drawName): a name that no text shows, and that no pass takes for a difference
/// between two equal requests. In a plan both are the attribute.
///
/// To be called once, before any pass: passes move, copy out and drop operations, and their names go with
/// them. Who puts a function's body in place of a call puts the call's name and `/` before the names of the
/// body.
void assignDraws(Module &module);

} // namespace xcs
