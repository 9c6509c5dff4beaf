#pragma once
#include "xcs/Runtime/Executor.h"
#include "xcs/Support/Diagnostics.h"
#include "xcs/World/Grants.h"
#include <string>
#include <vector>

namespace xcs::runner {

enum class StatsForm : uint8_t { None, Text, Json };

/// The command line of `xcs-run`.
struct Options {
  std::string plan, entry, argumentsFile, output, trace;
  std::vector<std::string> arguments;     // NAME=VALUE
  std::vector<std::string> argumentFiles; // NAME=FILE
  RunOptions run;
  Grants grants;
  StatsForm stats = StatsForm::None;
  DiagnosticFormat diagnostics = DiagnosticFormat::Text;
  unsigned repeat = 1;
  bool explain = false, dump = false;
};

/// Reads the command line. Exits for --help, --version and syntax errors (exit code 2). Values that can be
/// parsed but not used are reported; then the result is a failure.
Result<Options> readOptions(int argc, char **argv);

} // namespace xcs::runner
