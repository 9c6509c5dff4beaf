#pragma once
#include "xcs/Support/Diagnostics.h"
#include "xcs/Support/Limits.h"
#include "xcs/Support/Source.h"
#include <memory>
#include <string_view>

namespace llvm {
class raw_ostream;
}

namespace xcs {

// A program as JSON, for programs in other languages that read or write XIR: the tree of the grammar, with
// names without their `%` and `@`, and types as texts (docs/ir-json.md, docs/ir.schema.json). The parser
// reads it wherever it reads a text.

/// Whether a text is a program as JSON: no other program begins with `{`.
bool isIrJson(std::string_view text);

/// Writes a program as JSON. `text` is what `print` wrote for a module. Linear in the text; an operation
/// takes one line.
void printIrJson(std::string_view text, llvm::raw_ostream &out);

/// The text of a program as JSON; its lines and columns are those of `json`. Null if it is not JSON, or has
/// another form; then that is reported. What the text means is left to the parser. JSON may nest 4096 levels
/// at most, and four for each level of Limit::NestingDepth. Linear in the text.
std::shared_ptr<const SourceBuffer> readIrJson(std::shared_ptr<const SourceBuffer> json,
                                               DiagnosticEngine &diagnostics, const Limits &limits);

} // namespace xcs
