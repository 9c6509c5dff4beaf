#pragma once

namespace llvm {
class raw_ostream;
}

namespace xcs {

// The reference pages under docs/generated, as Markdown, printed from the tables. Equal tables give equal
// bytes.

/// Every operation, one table per dialect: name, signature, attributes, effect, doc; then the attributes that
/// any operation may have.
void printOpDocs(llvm::raw_ostream &out);
/// The kinds of resources.
void printResourceDocs(llvm::raw_ostream &out);
/// The limits and their values.
void printLimitDocs(llvm::raw_ostream &out);
/// Every diagnostic: its kind name, severity and text.
void printDiagnosticDocs(llvm::raw_ostream &out);

} // namespace xcs
