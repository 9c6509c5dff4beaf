#pragma once
#include "Common/Output.h"
#include "xcs/Support/Source.h"
#include "xcsc/Compilation.h"
#include "xcsc/Input.h"
#include "xcsc/Options.h"
#include <memory>

namespace xcs::compiler {

/// Compiles one input, part by part if it is split. The exit code is that of the first part that failed; the
/// output is only kept if none did (standard output has what came before).
class Driver {
public:
  explicit Driver(const Options &options)
      : options(options), files(&llvm::errs(), options.diagnostics), output(options.output, files) {
    files.setColour(options.colour);
  }
  /// Leaves the last compilation to the process: the process ends sooner than a large module is taken apart.
  ~Driver();
  ExitCode run();

private:
  std::shared_ptr<const SourceBuffer> sourceOf(InputPart part) const;
  ExitCode compile(InputPart part);
  ExitCode verifyDiagnostics(InputPart part);

  /// One part, which lasts until the next one or the driver ends.
  struct Compiled {
    explicit Compiled(const Options &options)
        : diagnostics(&llvm::errs(), options.diagnostics), compilation(options, diagnostics) {
      diagnostics.setColour(options.colour);
      diagnostics.setWarnings(options.warnings);
    }
    DiagnosticEngine diagnostics;
    Compilation compilation;
  };

  const Options &options;
  DiagnosticEngine files; // about the input and the output as a whole
  std::unique_ptr<Compiled> last;
  tools::Output output;
  bool anyWritten = false;
};

} // namespace xcs::compiler
