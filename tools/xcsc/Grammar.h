#pragma once

namespace llvm {
class raw_ostream;
}

namespace xcs::compiler {

/// Prints a TextMate grammar of the language, as JSON, for editors that colour text by such: the keywords,
/// operations, types, kinds of resources and flags of the tables. docs/editors keeps it.
void printGrammar(llvm::raw_ostream &out);

} // namespace xcs::compiler
