#pragma once
#include "xcs/IR/Module.h"

namespace llvm {
class raw_ostream;
}

namespace xcs {

struct PrintOptions {
  bool locations = false; // append `loc("file":line:col)` to each operation
};

/// Writes a module as `.xir`. parse(print(m)) prints the same bytes again. Unnamed values are numbered %0,
/// %1, ... per function, skipping names in use. Names of values, symbols, resources and fields must be words
/// of the grammar (letters, digits, `_`, `$`, `.`). A module that does not verify is printed as far as
/// possible, for debugging. Nesting is not bounded. Thread safety: concurrent prints of one module are safe
/// except for their use of its LocationTable.
void print(const Module &module, llvm::raw_ostream &out, const PrintOptions &options = {});

} // namespace xcs
