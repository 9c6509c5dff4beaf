#pragma once
#include "xcsc/Options.h"

namespace llvm {
class raw_ostream;
}

namespace xcs::compiler {

/// Prints a reference page from its table, as Markdown; the results are in docs/generated.
void printPage(Page page, llvm::raw_ostream &out);

} // namespace xcs::compiler
