#pragma once
#include "Common/Output.h"
#include "xcsc/Options.h"

namespace xcs::compiler {

/// Compiles one input, part by part if it is split. The exit code is that of the first part that failed; the
/// output is only kept if none did (standard output has what came before).
class Driver {
public:
  explicit Driver(const Options &options)
      : options(options), files(&llvm::errs(), options.diagnostics), output(options.output, files) {}
  ExitCode run();

private:
  ExitCode compile(std::string text);
  ExitCode verifyDiagnostics(std::string text);

  const Options &options;
  DiagnosticEngine files; // about the input and the output as a whole
  tools::Output output;
  bool anyWritten = false;
};

} // namespace xcs::compiler
