#pragma once
#include "xcs/IR/Module.h"
#include "xcs/Transforms/Pass.h"

namespace xcs::compiler {

/// `--crash-reproducer`: a file with the program before the passes and the command that runs them on it. It
/// is written before they run and removed when the compilation ends normally, so a crash leaves it.
class Reproducer {
public:
  explicit Reproducer(std::string path) : path(std::move(path)) {}
  ~Reproducer();
  Reproducer(const Reproducer &) = delete;
  Reproducer &operator=(const Reproducer &) = delete;

  Status write(const Module &module, const PipelineSteps &steps, const PassManagerOptions &options,
               DiagnosticEngine &diagnostics);
  /// Keeps the file: the error is the compiler's.
  void keep() { path.clear(); }

private:
  std::string path; // empty: nothing to remove
};

} // namespace xcs::compiler
