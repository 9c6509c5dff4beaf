#pragma once
#include "xcs/Compiler/Compiler.h"
#include "xcs/Support/Visible.h"
#include "xcsc/ImportsOnDisk.h"
#include "xcsc/Options.h"
#include "xcsc/PlanCache.h"
#include "xcsc/Reproducer.h"

namespace llvm {
class raw_ostream;
}

namespace xcs::compiler {

/// The compilation of one program from text to output. All errors are reported to the engine, which must not
/// be asked for locations after the compilation is destroyed.
class Compilation {
public:
  Compilation(const Options &options, DiagnosticEngine &diagnostics)
      : options(options), diagnostics(diagnostics), imports(options.input, options.imports),
        cache(options, imports, diagnostics) {
    llvm::errs().tie(&passOutput); // messages come after what was printed before them
  }
  ~Compilation() { end(); }
  Compilation(const Compilation &) = delete;
  Compilation &operator=(const Compilation &) = delete;

  /// Parses, verifies and runs the passes; or finds the plan in the compile cache.
  Status run(std::shared_ptr<const SourceBuffer> source);
  /// Whether the output would overwrite a file of the program, which is reported.
  bool outputIsInput() const;
  /// The files that the program was read from, besides its own.
  const std::vector<std::string> &filesRead() const { return imports.filesRead(); }
  /// Writes out what passes have printed.
  void flush() { passOutput.flush(); }
  /// Writes the output that `--emit` selects; only after `run` succeeded.
  Status emit(llvm::raw_ostream &out);
  /// Undoes what the compilation has left outside its memory, when it is not going to be destroyed.
  void end();

private:
  /// Sets the options of the compiler; reports wrong pass names.
  bool readCompileOptions();
  void showDiffs();
  Status emitPlanTo(llvm::raw_ostream &out);
  Status leaveReproducer(const Module &read, const PipelineSteps &steps);
  /// The level in force: the given one, or the default of the output form; none runs no passes.
  std::optional<unsigned> level() const;

  const Options &options;
  DiagnosticEngine &diagnostics;
  ImportsOnDisk imports;
  PlanCache cache;
  std::shared_ptr<const SourceBuffer> program;
  std::optional<std::string> cached; // the plan, from the compile cache
  /// Where passes print: standard error, in whole lines that are safe for a terminal.
  VisibleStream passOutput{llvm::errs(), Escapes::Json};
  CompileOptions compileOptions;
  std::unique_ptr<Module> module;
  PassCounters counters;
  std::string printedBefore; // the program before the next pass, for --print-diff
  std::optional<Reproducer> reproducer;
};

} // namespace xcs::compiler
