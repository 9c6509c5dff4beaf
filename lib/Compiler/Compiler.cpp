#include "xcs/Compiler/Compiler.h"
#include "xcs/IR/Verifier.h"
#include "xcs/Syntax/Parser.h"
#include "xcs/Transforms/DrawSet.h"
#include "xcs/Transforms/Draws.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>

using namespace xcs;

/// Runs the passes one by one, so that `afterPass` can be called. What the manager prints at the end (counts)
/// is printed once.
static Status runOneByOne(Module &module, const PipelineSteps &steps, const CompileOptions &options,
                          PassContext &context) {
  PassManagerOptions each = options.manager;
  each.stats = false;
  for (const PipelineStep &step : steps) {
    if (!runPipeline(module, {step}, each, context))
      return Failure{};
    if (std::find(each.disabled.begin(), each.disabled.end(), step.row->name) == each.disabled.end())
      options.afterPass(step.row->name, module);
  }
  each.stats = options.manager.stats;
  each.time = false;
  return runPipeline(module, {}, each, context);
}

/// The lowering only ever receives a verified module, whatever the passes did. `draws`: those before.
static Status checkPasses(Module &module, DrawSet &draws, const CompileOptions &options,
                          DiagnosticEngine &diagnostics) {
  if (!verify(module, diagnostics, options.limits)) {
    diagnostics.report(Diag::PassesBrokeIr, {}, {"it breaks the rules above"});
    return Failure{};
  }
  std::optional<DrawSet::Change> change = draws.changeIn(module);
  if (!change)
    return success();
  diagnostics.report(Diag::PassesBrokeIr, {},
                     {"of the draws of `@" + change->function + "`, " + change->what});
  return Failure{};
}

Result<PassCounters> xcs::optimize(Module &module, const CompileOptions &options,
                                   DiagnosticEngine &diagnostics) {
  AnalysisCache analyses(module);
  return optimize(analyses, options, diagnostics);
}

Result<PassCounters> xcs::optimize(AnalysisCache &analyses, const CompileOptions &options,
                                   DiagnosticEngine &diagnostics) {
  Module &module = analyses.module();
  module.startDirectory = options.startDirectory;
  if (!verify(module, diagnostics, options.limits))
    return Failure{};
  const size_t errors = diagnostics.errorCount();
  warn(module, diagnostics);
  if (options.warnsOfUnused)
    warnUnused(module, diagnostics);
  if (diagnostics.errorCount() != errors) // warnings that count as errors
    return Failure{};
  // Before any pass: passes move, copy and drop draws, and the names go with them.
  if (options.nameDraws)
    assignDraws(module);
  const PipelineSteps steps = options.steps();
  if (options.beforePasses && !options.beforePasses(module, steps))
    return Failure{};
  analyses.invalidate(Change::Program); // names of draws are new
  PassContext context(diagnostics, options.limits, options.passOutput ? *options.passOutput : llvm::nulls());
  context.use(analyses);
  const bool checksOnce = !options.manager.verifyEach && !steps.empty();
  std::optional<DrawSet> draws;
  if (checksOnce)
    draws.emplace(module);
  Status status = options.afterPass ? runOneByOne(module, steps, options, context)
                                    : runPipeline(module, steps, options.manager, context);
  if (!status || (checksOnce && context.hasChanged() && !checkPasses(module, *draws, options, diagnostics)))
    return Failure{};
  return std::move(context.counters);
}

Result<std::string> xcs::emitPlan(Module &module, const CompileOptions &options,
                                  DiagnosticEngine &diagnostics) {
  AnalysisCache analyses(module);
  return emitPlan(analyses, options, diagnostics);
}

Result<std::string> xcs::emitPlan(AnalysisCache &analyses, const CompileOptions &options,
                                  DiagnosticEngine &diagnostics) {
  LoweringOptions lowering;
  lowering.optimizationLevel = options.passes ? 0 : options.level;
  return writePlan(lower(analyses, lowering), options.name, diagnostics, options.limits);
}

Result<std::string> xcs::compile(Module &module, const CompileOptions &options,
                                 DiagnosticEngine &diagnostics) {
  AnalysisCache analyses(module);
  if (!optimize(analyses, options, diagnostics))
    return Failure{};
  return emitPlan(analyses, options, diagnostics);
}

Result<std::string> xcs::compile(std::shared_ptr<const SourceBuffer> source, const CompileOptions &options,
                                 DiagnosticEngine &diagnostics, ImportedFiles *files) {
  std::unique_ptr<Module> module = parseModule(std::move(source), diagnostics, options.limits, files);
  if (!module)
    return Failure{};
  Result<std::string> bytes = compile(*module, options, diagnostics);
  diagnostics.setLocations(nullptr);
  return bytes;
}
