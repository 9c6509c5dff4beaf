#pragma once

namespace llvm {
class raw_ostream;
}

namespace xcs::compiler {

/// Prints the words of the language as a dictionary of libFuzzer (`-dict=`): keywords, operations, types,
/// kinds of resources and attributes of the tables, and the signs and literals of the grammar. The result is
/// test/fuzz/xir.dict.
void printDictionary(llvm::raw_ostream &out);

} // namespace xcs::compiler
