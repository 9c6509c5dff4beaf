#include "xcsc/Compilation.h"
#include "Common/Output.h"
#include "xcs/IR/Printer.h"
#include "xcs/Support/BufferedOutput.h"
#include "xcs/Syntax/IrJson.h"
#include "xcs/Syntax/Parser.h"
#include "xcsc/Emit.h"
#include "xcsc/Input.h"
#include "xcsc/TextDiff.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;
using namespace xcs::compiler;

static constexpr unsigned defaultLevel = 2;

std::optional<unsigned> Compilation::level() const {
  if (options.level || options.passes)
    return options.level;
  if (options.rerolls)
    return defaultLevel;
  switch (options.emit) {
  case Emit::Plan:
  case Emit::Report:
    return defaultLevel;
  case Emit::Xir:
  case Emit::IrJson:
  case Emit::Dot:
  case Emit::Mermaid:
  case Emit::Svg:
  case Emit::Json:
    return std::nullopt;
  case Emit::None: // remarks are about passes
    return options.remarks.empty() ? std::nullopt : std::optional(defaultLevel);
  }
  return std::nullopt;
}

static std::string printed(const Module &module) {
  std::string text;
  llvm::raw_string_ostream out(text);
  print(module, out);
  return text;
}

/// Prints how each pass changed the text of the program.
void Compilation::showDiffs() {
  compileOptions.afterPass = [this](std::string_view pass, const Module &changed) {
    std::string after = printed(changed);
    printDiff(pass, printedBefore, after, passOutput);
    printedBefore = std::move(after);
  };
}

bool Compilation::readCompileOptions() {
  if (options.passes) {
    auto steps = parsePipeline(*options.passes, diagnostics);
    if (!steps)
      return false;
    compileOptions.passes = std::move(*steps);
  } else if (!level()) {
    compileOptions.passes.emplace();
  }
  compileOptions.level = level().value_or(0);
  compileOptions.rerolls = options.rerolls;
  compileOptions.manager = options.manager;
  compileOptions.limits = options.limits;
  compileOptions.warnsOfUnused = true;
  compileOptions.name = inputName(options.input);
  compileOptions.startDirectory = options.startDirectory;
  compileOptions.passOutput = &passOutput;
  // A program that is only printed stays as written.
  compileOptions.nameDraws = options.emit == Emit::Plan || !compileOptions.steps().empty();
  compileOptions.beforePasses = [this](const Module &read, const PipelineSteps &steps) {
    if (options.printDiff)
      printedBefore = printed(read);
    return options.reproducer.empty() ? success() : leaveReproducer(read, steps);
  };
  if (options.printDiff)
    showDiffs();
  return true;
}

Status Compilation::leaveReproducer(const Module &read, const PipelineSteps &steps) {
  reproducer.emplace(options.reproducer);
  Status written = reproducer->write(read, steps, options.manager, diagnostics);
  if (!written)
    reproducer.reset();
  return written;
}

Status Compilation::run(std::shared_ptr<const SourceBuffer> source) {
  if (!readCompileOptions())
    return Failure{};
  program = source;
  cached = cache.find(*program);
  if (cached)
    return success();
  module = parseModule(std::move(source), diagnostics, options.limits, &cache.files());
  if (!module)
    return Failure{};
  auto counted = optimize(*module, compileOptions, diagnostics);
  if (counted)
    counters = std::move(*counted);
  else if (reproducer)
    reproducer->keep();
  return counted ? success() : Status(Failure{});
}

void Compilation::end() {
  llvm::errs().tie(nullptr);
  reproducer.reset();
}

bool Compilation::outputIsInput() const {
  return tools::replacesInput(options.output, imports.filesRead(), diagnostics);
}

Status Compilation::emitPlanTo(llvm::raw_ostream &out) {
  if (cached) {
    out << *cached;
    return success();
  }
  auto bytes = emitPlan(*module, compileOptions, diagnostics);
  if (!bytes)
    return Failure{};
  out << *bytes;
  cache.store(*program, *bytes);
  return success();
}

Status Compilation::emit(llvm::raw_ostream &out) {
  switch (options.emit) {
  case Emit::Plan:
    return emitPlanTo(out);
  case Emit::Xir:
    print(*module, out);
    return success();
  case Emit::IrJson:
    printIrJson(printed(*module), out);
    return success();
  case Emit::Dot:
    printDot(*module, out);
    return success();
  case Emit::Mermaid:
    printMermaid(*module, out);
    return success();
  case Emit::Svg:
    printSvg(*module, out);
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
