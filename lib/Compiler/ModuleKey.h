#pragma once
#include "xcs/Compiler/Compiler.h"
#include <string>

namespace xcs {

/// Everything of a module that its plan depends on, as bytes: equal for two modules exactly if they print
/// alike, with their draws and the places of their operations. Ids do not occur; what was interned in another
/// order, or erased, makes no difference; nor do the names of types and constants, which no plan contains.
/// Linear; does not recurse.
void appendModuleKey(std::string &out, const Module &module);

/// The same of the options that change a plan. Passes are distinguished by their rows, which belong to the
/// process.
void appendOptionsKey(std::string &out, const CompileOptions &options);

} // namespace xcs
