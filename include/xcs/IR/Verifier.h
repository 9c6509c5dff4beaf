#pragma once
#include "xcs/IR/Module.h"
#include "xcs/Support/Diagnostics.h"

namespace xcs {

/// Checks a module: arity, types and attributes of each operation against its row, dominance (a definition before its use,
/// regions see what is around them), terminators and region arguments and results, symbols, resources and their
/// attributes, `after`, writes in a `map` body, recursion (refused). Reports every error it finds; a module that passes
/// satisfies every assumption of the passes, the lowering and the runtime. Linear in operations and operands.
Status verify(const Module &module, DiagnosticEngine &diagnostics);

} // namespace xcs
