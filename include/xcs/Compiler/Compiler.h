#pragma once
#include "xcs/Lowering/Lowering.h"
#include "xcs/Syntax/ImportedFiles.h"
#include "xcs/Transforms/Pass.h"
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace xcs {

/// The options of a compilation. The defaults are those of `xcsc in.xir -o out.xplan`.
struct CompileOptions {
  /// The optimisation level, 0 to 3.
  unsigned level = 2;
  /// Whether the level's passes make equal computations one `map` (`reroll`).
  bool rerolls = false;
  /// The passes to run in place of the level's; the plan then says level 0.
  std::optional<PipelineSteps> passes;
  PassManagerOptions manager;
  Limits limits;
  /// False leaves draws without names, for a program that is only printed as it was written. A plan needs the
  /// names.
  bool nameDraws = true;
  /// Whether to warn about what the program defines and never uses (`warnUnused`).
  bool warnsOfUnused = false;
  /// The directory in which the plan will be started, an absolute normal path (Paths.h); empty: not known.
  /// Files with relative paths are then ordered by where they are, and a run that starts elsewhere fails.
  std::string startDirectory;
  /// What messages call the plan.
  std::string name = "plan";
  /// Where printing passes write (`print-deps`, `manager.printAfterAll`, ...); null: nowhere.
  llvm::raw_ostream *passOutput = nullptr;
  /// Called with the module before the first pass. A failure, which it has already reported, ends the
  /// compilation.
  std::function<Status(const Module &, const PipelineSteps &)> beforePasses;
  /// Called after every pass that ran, with its name.
  std::function<void(std::string_view pass, const Module &)> afterPass;

  /// The passes that these options select.
  PipelineSteps steps() const { return passes ? *passes : defaultPipeline(level, rerolls); }
};

/// The counters of the passes, in the order in which the passes ran.
using PassCounters = std::vector<PassContext::Counter>;

/// The part of a compilation that works on the module: verifies it, names every draw, runs the passes. The
/// result is verified, and its draws are compared with those before the passes, whatever `manager.verifyEach`
/// says.
Result<PassCounters> optimize(Module &module, const CompileOptions &options, DiagnosticEngine &diagnostics);
/// The same; keeps the analyses of the module for `emitPlan`, so that they are not computed twice.
Result<PassCounters> optimize(AnalysisCache &analyses, const CompileOptions &options,
                              DiagnosticEngine &diagnostics);

/// The second part: lowers a module that `optimize` has accepted and returns the bytes of its plan.
Result<std::string> emitPlan(Module &module, const CompileOptions &options, DiagnosticEngine &diagnostics);
Result<std::string> emitPlan(AnalysisCache &analyses, const CompileOptions &options,
                             DiagnosticEngine &diagnostics);

/// Compiles a module to the bytes of its plan. The module holds the optimised program afterwards. Equal
/// modules and options give equal bytes. On failure every error has been reported to `diagnostics`. Thread
/// safety: calls on different modules are independent.
Result<std::string> compile(Module &module, const CompileOptions &options, DiagnosticEngine &diagnostics);

/// The same from the text of a program. Imports are read through `files`; if null, nothing can be imported.
/// The module is destroyed on return, so `diagnostics` must not be asked for locations afterwards.
Result<std::string> compile(std::shared_ptr<const SourceBuffer> source, const CompileOptions &options,
                            DiagnosticEngine &diagnostics, ImportedFiles *files = nullptr);

} // namespace xcs
