#pragma once
#include "xcs/IR/Module.h"

namespace xcs {

/// Gives every draw its name, `<mnemonic>#<value number>:<ordinal>`: what is asked for (ValueNumbers.h), and
/// how many of the same there are before it in its function, in program order. A call on the way to a draw
/// has one too, with its callee in place of the mnemonic. The names from the entry on, joined by `/`, and the
/// iterations of the loops around name one execution; so what is added to a program changes no other name,
/// unless it asks for the same.
///
/// Draws are all samples and writes; a read has no name, since it makes no difference where it stands. A name
/// that the program gives (the attribute `draw`) stays. All names then stand beside the operations
/// (ComputationGraph::drawName) and not among their attributes, go with them wherever passes move them, are
/// printed with them and stand in the plan. So a program that is printed and compiled again has the same
/// draws.
///
/// To be called once, on a verified module, before any pass. Who puts a function's body in place of a call
/// puts the call's name and `/` before the names of the body; who copies an operation within a function gives
/// the copy a name of its own. Linear.
void assignDraws(Module &module);

} // namespace xcs
