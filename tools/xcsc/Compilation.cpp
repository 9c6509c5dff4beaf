#include "xcsc/Compilation.h"
#include "xcs/IR/Printer.h"
#include "xcs/IR/Verifier.h"
#include "xcs/Lowering/Lowering.h"
#include "xcs/Syntax/Parser.h"
#include "xcs/Transforms/Draws.h"
#include "xcsc/Emit.h"
#include "xcsc/Input.h"
#include "xcsc/TextDiff.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;
using namespace xcs::compiler;

static constexpr unsigned defaultLevel = 2;

std::optional<unsigned> Compilation::level() const {
  if (options.level || options.passes)
    return options.level;
  switch (options.emit) {
  case Emit::Plan:
  case Emit::Report:
    return defaultLevel;
  case Emit::Xir:
  case Emit::Dot:
  case Emit::Mermaid:
  case Emit::Json:
  case Emit::None:
    return std::nullopt;
  }
  return std::nullopt;
}

Result<PipelineSteps> Compilation::pipeline() {
  if (options.passes)
    return parsePipeline(*options.passes, diagnostics);
  return level() ? defaultPipeline(*level()) : PipelineSteps();
}

Status Compilation::run(std::shared_ptr<const SourceBuffer> source) {
  auto steps = pipeline();
  if (!steps)
    return Failure{};
  module = parseModule(std::move(source), diagnostics, options.limits, &imports);
  if (!module || !verify(*module, diagnostics, options.limits))
    return Failure{};
  // A program that is only printed stays as it was written.
  if (!steps->empty() || options.emit == Emit::Plan)
    assignDraws(*module);
  if (!options.reproducer.empty() &&
      !reproducer.emplace(options.reproducer).write(*module, *steps, options.manager, diagnostics))
    return Failure{};
  Status status = runPasses(*steps);
  if (!status && reproducer)
    reproducer->keep();
  return status;
}

Status Compilation::runPasses(const PipelineSteps &steps) {
  PassContext context(diagnostics, options.limits, llvm::errs());
  Status status = options.printDiff ? runWithDiffs(steps, options.manager, context)
                                    : runPipeline(*module, steps, options.manager, context);
  counters = std::move(context.counters);
  if (!status)
    return status;
  // Whatever passes did, the lowering is given what the verifier has seen.
  bool seen = options.manager.verifyEach || steps.empty();
  return seen ? success() : verify(*module, diagnostics, options.limits);
}

bool Compilation::outputIsInput() const {
  if (options.output.empty() || options.output == "-")
    return false;
  for (const std::string &file : imports.filesRead())
    if (llvm::sys::fs::equivalent(file, options.output)) {
      diagnostics.report(Diag::OutputIsInput, {}, {options.output});
      return true;
    }
  return false;
}

static std::string printed(const Module &module) {
  std::string text;
  llvm::raw_string_ostream out(text);
  print(module, out);
  return text;
}

/// Runs the passes one by one and prints how each changed the text of the program.
Status Compilation::runWithDiffs(const PipelineSteps &steps, const PassManagerOptions &manager,
                                 PassContext &context) {
  PassManagerOptions each = manager;
  each.stats = false; // counted to the end
  std::string before = printed(*module);
  for (const PipelineStep &step : steps) {
    if (!runPipeline(*module, {step}, each, context))
      return Failure{};
    std::string after = printed(*module);
    printDiff(step.row->name, before, after, context.out);
    before = std::move(after);
  }
  each.stats = manager.stats;
  each.time = false;
  return runPipeline(*module, {}, each, context);
}

Status Compilation::emitPlan(llvm::raw_ostream &out) {
  LoweringOptions lowering;
  lowering.optimizationLevel = level().value_or(0);
  auto bytes = writePlan(lower(*module, lowering), inputName(options.input), diagnostics, options.limits);
  if (!bytes)
    return Failure{};
  out << *bytes;
  return success();
}

Status Compilation::emit(llvm::raw_ostream &out) {
  switch (options.emit) {
  case Emit::Plan:
    return emitPlan(out);
  case Emit::Xir:
    print(*module, out);
    return success();
  case Emit::Dot:
    printDot(*module, out);
    return success();
  case Emit::Mermaid:
    printMermaid(*module, out);
    return success();
  case Emit::Json:
    printGraphJson(*module, out);
    return success();
  case Emit::Report:
    printReport(*module, level(), counters, out);
    return success();
  case Emit::None:
    return success();
  }
  return success();
}
