#pragma once
#include "xcs/Support/Diagnostics.h"

namespace llvm {
class raw_ostream;
}

namespace xcs {

/// Whether a byte can be within a name or a number of a program.
bool isWordByte(char c);

/// Sets the source line of a diagnostic: `sourceLine` and `caret`. A long line is cut to the part around
/// `column` (in bytes, from 1), at character boundaries, with `...` for the omitted text.
void cutSourceLine(std::string_view line, uint32_t column, Diagnostic &d);

/// Appends a text, or only the beginning if it is very long.
void appendShortened(std::string_view text, std::string &out);

/// Prints a cut line and, below, a caret under byte `caret`, and a line under the rest of the word or string
/// that begins there. Tabs are kept in the indentation, and wide characters count as the columns they take,
/// so that a terminal shows the caret in the right place.
void printSourceLine(std::string_view line, uint32_t caret, llvm::raw_ostream &out, bool inColour = false);

} // namespace xcs
