#pragma once
#include "xcs/IR/Module.h"

namespace xcs {

/// Names every draw `<mnemonic>#<value number>:<ordinal>`: what is requested (ValueNumbers.h), and how many
/// equal requests precede it in its function, in program order. A call that contains draws has a name too,
/// with its callee instead of the mnemonic. The names from the entry on, joined by `/`, together with the
/// iterations of the enclosing loops, identify one execution. So an addition to a program changes no other
/// name, unless it makes an equal request.
///
/// Draws are all samples and writes; a read has no name, since its position makes no difference. A name given
/// by the program (the attribute `draw`, or the `name` of a question) is kept. Names are stored beside the
/// operations (ComputationGraph::drawName), not among their attributes. They move with their operations
/// through the passes, are printed with them and are part of the plan. So a program that is printed and
/// compiled again has the same draws.
///
/// Called once, on a verified module, before any pass. A pass that inlines a call prefixes the names in the
/// body with the call's name and `/`. A pass that copies an operation within a function gives the copy its
/// own name. Linear.
void assignDraws(Module &module);

} // namespace xcs
