#pragma once
#include "xcs/Support/Diagnostics.h"

namespace llvm {
class raw_ostream;
}

namespace xcs {

/// Puts the line of a source text into a diagnostic: `sourceLine` and `caret`. A long line is cut to what
/// stands around `column` (in bytes, from 1), at the borders of characters, with `...` where text was left
/// out.
void cutSourceLine(std::string_view line, uint32_t column, Diagnostic &d);

/// Appends a text, or the beginning of a very long one: nobody reads a megabyte of a message.
void appendShortened(std::string_view text, std::string &out);

/// Prints a cut line and, below, a caret under byte `caret`: tabs are kept in the indentation, wide
/// characters counted as the columns they take, so that the caret stands right in a terminal.
void printSourceLine(std::string_view line, uint32_t caret, llvm::raw_ostream &out);

} // namespace xcs
