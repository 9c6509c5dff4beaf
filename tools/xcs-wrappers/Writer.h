#pragma once
#include "xcs/Ops/OpTable.h"
#include "llvm/Support/raw_ostream.h"

namespace xcs::wrappers {

/// Writes the header with all resources, options and functions. False, with the name of the operation on
/// standard error, if one has no function.
bool writeHeader(llvm::raw_ostream &out);
/// Writes a call of every function: `XCS_CALL("str.trim", str::trim(any<Str>()))`.
void writeCalls(llvm::raw_ostream &out);

} // namespace xcs::wrappers
