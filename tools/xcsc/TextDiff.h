#pragma once
#include <string_view>

namespace llvm {
class raw_ostream;
}

namespace xcs::compiler {

/// Prints how the text of a program changed in a pass, as a unified diff with three lines around each change,
/// or that it did not. Texts that differ in more than a few thousand lines are shown as one change: the
/// shortest script takes time in the square of its length (E. W. Myers, "An O(ND) difference algorithm and
/// its variations", 1986).
void printDiff(std::string_view pass, std::string_view before, std::string_view after,
               llvm::raw_ostream &out);

} // namespace xcs::compiler
