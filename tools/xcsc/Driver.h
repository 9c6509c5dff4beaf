#pragma once
#include "Common/Output.h"
#include "xcs/Support/Source.h"
#include "xcsc/Input.h"
#include "xcsc/Options.h"

namespace xcs::compiler {

/// Takes one input through the compiler, part by part where it is split. The exit code is that of the first
/// part that went wrong; the output is only kept when none did (standard output has what came before).
class Driver {
public:
  explicit Driver(const Options &options)
      : options(options), files(&llvm::errs(), options.diagnostics), output(options.output, files) {}
  ExitCode run();

private:
  std::shared_ptr<const SourceBuffer> sourceOf(InputPart part) const;
  ExitCode compile(InputPart part);
  ExitCode verifyDiagnostics(InputPart part);

  const Options &options;
  DiagnosticEngine files; // about the input and the output as a whole
  tools::Output output;
  bool anyWritten = false;
};

} // namespace xcs::compiler
