#pragma once
#include "xcs/IR/Module.h"
#include "xcs/Transforms/Pass.h"

namespace xcs::compiler {

/// `--crash-reproducer`: a file with the program as the passes get it and the command that runs them on it.
/// It is written before they run and removed when the compilation has come to an end of its own: whatever
/// ends the process before that leaves it behind.
class Reproducer {
public:
  explicit Reproducer(std::string path) : path(std::move(path)) {}
  ~Reproducer();
  Reproducer(const Reproducer &) = delete;
  Reproducer &operator=(const Reproducer &) = delete;

  Status write(const Module &module, const PipelineSteps &steps, const PassManagerOptions &options,
               DiagnosticEngine &diagnostics);
  /// Leaves the file: what went wrong is the compiler's.
  void keep() { path.clear(); }

private:
  std::string path; // empty: nothing to remove
};

} // namespace xcs::compiler
