#pragma once

namespace llvm {
class raw_ostream;
}

namespace xcs::compiler {

/// Prints a TextMate grammar of the language, as JSON, for editors that highlight with such grammars: the
/// keywords, operations, types, kinds of resources and flags of the tables. The result is in docs/editors.
void printGrammar(llvm::raw_ostream &out);

} // namespace xcs::compiler
