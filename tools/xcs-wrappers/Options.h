#pragma once
#include "xcs/Ops/OpTable.h"
#include "llvm/Support/raw_ostream.h"
#include <string>

namespace xcs::wrappers {

/// Whether an operation has optional attributes that its function takes as a struct.
bool hasOptions(OpCode code);
/// The name of that struct, in the namespace of the operation's dialect.
std::string optionsName(OpCode code);
/// The struct, and what makes attributes of it.
void writeOptions(OpCode code, llvm::raw_ostream &out);
/// The class of a kind of resources, and the struct of its attributes.
void writeResource(ResourceKind kind, llvm::raw_ostream &out);

} // namespace xcs::wrappers
