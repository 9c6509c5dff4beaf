#pragma once
#include <string_view>

namespace llvm {
class raw_ostream;
}

namespace xcs::compiler {

/// Prints how a pass changed the text of a program, as a unified diff with three lines around each change, or
/// that it did not. Texts that differ in more than a few thousand lines are shown as one change, because the
/// shortest script takes quadratic time (E. W. Myers, "An O(ND) difference algorithm and its variations",
/// 1986).
void printDiff(std::string_view pass, std::string_view before, std::string_view after,
               llvm::raw_ostream &out);

} // namespace xcs::compiler
