#pragma once
#include "xcs/IR/Printer.h"
#include "xcs/IR/Verifier.h"
#include "xcs/Syntax/Parser.h"
#include "xcs/Transforms/Pass.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>

namespace xcs {

/// Runs pipelines over programs written as text.
struct PassTest : ::testing::Test {
  std::string messages; // diagnostics, remarks included
  std::string printed;  // what passes print
  llvm::raw_string_ostream messageStream{messages}, printStream{printed};
  DiagnosticEngine diagnostics{&messageStream};
  Limits limits;
  PassContext context{diagnostics, limits, printStream};
  PassManagerOptions options;

  PassTest() { options.verifyEach = true; } // in a release, too

  std::unique_ptr<Module> parse(std::string_view text) {
    std::unique_ptr<Module> module =
        parseModule(std::make_shared<SourceBuffer>("test.xir", std::string(text)), diagnostics);
    if (!module)
      return nullptr;
    diagnostics.setLocations(&module->locations);
    return verify(*module, diagnostics) ? std::move(module) : nullptr;
  }
  Status run(Module &module, std::string_view pipeline) {
    Result<PipelineSteps> steps = parsePipeline(pipeline, diagnostics);
    return steps ? runPipeline(module, *steps, options, context) : Status(Failure());
  }
  static std::string show(const Module &module) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    print(module, stream);
    return text;
  }
  /// The program after the passes; empty when something went wrong.
  std::string after(std::string_view pipeline, std::string_view text) {
    std::unique_ptr<Module> module = parse(text);
    return module && run(*module, pipeline) ? show(*module) : "";
  }
};

} // namespace xcs
