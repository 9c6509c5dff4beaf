#pragma once
#include "Syntax/ProgramParts.h"

namespace xcs {

/// Finishes the operations whose operands a text leaves open (PendingOperands.h), once types and constants
/// have their meanings: literal operands get the types that are wanted there, calls the defaults of
/// parameters that they do not give, and a function in the place of a region becomes a region that calls it.
/// Linear; what is added counts towards Limit::Operations.
void readOperands(Module &module, ProgramParts &program, DiagnosticEngine &diagnostics, const Limits &limits);

} // namespace xcs
