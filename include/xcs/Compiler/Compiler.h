#pragma once
#include "xcs/Lowering/Lowering.h"
#include "xcs/Syntax/ImportedFiles.h"
#include "xcs/Transforms/Pass.h"
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace xcs {

/// What a compilation is asked for. The defaults are those of `xcsc in.xir -o out.xplan`.
struct CompileOptions {
  /// The optimisation level, 0 to 3.
  unsigned level = 2;
  /// The passes to run in place of the level's; the plan then says level 0.
  std::optional<PipelineSteps> passes;
  PassManagerOptions manager;
  Limits limits;
  /// False leaves draws without names: for a program that is only printed as it was written. A plan needs
  /// them.
  bool nameDraws = true;
  /// The directory in which the plan will be started, an absolute normal path (Paths.h); empty: not known.
  /// Files with relative paths are then ordered by where they are, and a run that starts elsewhere fails.
  std::string startDirectory;
  /// What messages call the plan.
  std::string name = "plan";
  /// Where passes print that print (`print-deps`, `manager.printAfterAll`, ...); null: nowhere.
  llvm::raw_ostream *passOutput = nullptr;
  /// Called with the module as the passes get it; a failure, which it has reported, ends the compilation.
  std::function<Status(const Module &, const PipelineSteps &)> beforePasses;
  /// Called after every pass that ran, with its name.
  std::function<void(std::string_view pass, const Module &)> afterPass;

  /// The passes that these options name.
  PipelineSteps steps() const { return passes ? *passes : defaultPipeline(level); }
};

/// What the passes counted, in the order in which they ran.
using PassCounters = std::vector<PassContext::Counter>;

/// The part of a compilation that stays in the module: verifies it, gives every draw its name, runs the
/// passes. What comes out is verified, whatever `manager.verifyEach` says.
Result<PassCounters> optimize(Module &module, const CompileOptions &options, DiagnosticEngine &diagnostics);
/// The same; keeps what is known of the module for `emitPlan`, so that it is not found twice.
Result<PassCounters> optimize(AnalysisCache &analyses, const CompileOptions &options,
                              DiagnosticEngine &diagnostics);

/// The part behind it: lowers a module that `optimize` let through and gives the bytes of its plan.
Result<std::string> emitPlan(Module &module, const CompileOptions &options, DiagnosticEngine &diagnostics);
Result<std::string> emitPlan(AnalysisCache &analyses, const CompileOptions &options,
                             DiagnosticEngine &diagnostics);

/// From a module to the bytes of its plan. The module holds the optimised program afterwards. Equal modules
/// and options give equal bytes. Every error has been reported to `diagnostics`. Thread safety: calls on
/// different modules are independent.
Result<std::string> compile(Module &module, const CompileOptions &options, DiagnosticEngine &diagnostics);

/// The same from the text of a program. What it imports is asked of `files`; without them nothing can be
/// imported. `diagnostics` must not be asked for locations afterwards: the module is gone.
Result<std::string> compile(std::shared_ptr<const SourceBuffer> source, const CompileOptions &options,
                            DiagnosticEngine &diagnostics, ImportedFiles *files = nullptr);

} // namespace xcs
