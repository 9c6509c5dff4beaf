#pragma once
#include "xcs/IR/Module.h"

namespace llvm {
class raw_ostream;
}

namespace xcs {

struct PrintOptions {
  bool locations = false; // append `loc("file":line:col)` to each operation
};

/// Writes a module as `.xir`. parse(print(m)) prints the same bytes again; unnamed values are numbered %0,
/// %1, ... per function around the names in use. Names of values, symbols, resources and fields must be words
/// of the grammar (letters, digits, `_`, `$`, `.`). A module that does not verify is printed too, as far as
/// it makes sense, for who has to look at it. Nesting is not bounded. Thread safety: concurrent prints of one
/// module are safe but for LocationTable's.
void print(const Module &module, llvm::raw_ostream &out, const PrintOptions &options = {});

} // namespace xcs
