#pragma once
#include "xcs/IR/Module.h"

namespace llvm {
class raw_ostream;
}

namespace xcs {

struct PrintOptions {
  bool locations = false; // append `loc("file":line:col)` to each operation
};

/// Writes a module as `.xir`. parse(print(m)) prints the same bytes again; unnamed values are numbered %0, %1, ... per
/// function around the names in use.
void print(const Module &module, llvm::raw_ostream &out, const PrintOptions &options = {});

} // namespace xcs
