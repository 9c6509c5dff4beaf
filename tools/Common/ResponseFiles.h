#pragma once
#include "xcs/Support/Diagnostics.h"
#include "llvm/Support/StringSaver.h"
#include <vector>

namespace xcs::tools {

/// The arguments of a command line with those of its response files in place of them. `@FILE` is one where an
/// option or an input may appear: it means the arguments in FILE, separated by white space and quoted as
/// in a shell, which may name further response files. Where there is no such file, but one
/// whose name begins with the `@`, that is an input. The value of an option is none (`--entry @main`), nor is
/// anything after `--`.
///
/// To be called once all options are registered, and before LLVM's reader, which takes whatever begins with
/// an
/// `@` for a response file: of what this gives, nothing that begins so is a file. Reports a file that cannot
/// be read, and an `@FILE` that is nothing.
Result<std::vector<const char *>> readResponseFiles(int argc, char **argv, llvm::StringSaver &saver,
                                                    DiagnosticEngine &diagnostics);

} // namespace xcs::tools
