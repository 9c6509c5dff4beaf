#include "xcs-bench/Compile.h"
#include "xcs/IR/Verifier.h"
#include "xcs/Lowering/Lowering.h"
#include "xcs/Syntax/Parser.h"
#include "xcs/Transforms/Pass.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

using namespace xcs;

std::unique_ptr<PlanFile> bench::compileText(const std::string &text) {
  DiagnosticEngine diags(&llvm::errs());
  diags.showRemarks(false);
  Limits limits;
  auto module = parseModule(std::make_shared<SourceBuffer>("bench.xir", text), diags, limits);
  if (!module || !verify(*module, diags))
    std::exit(1);
  PassContext context(diags, limits, llvm::errs());
  if (!runPipeline(*module, defaultPipeline(2), {}, context))
    std::exit(1);
  auto bytes = writePlan(lower(*module), "bench.xplan", diags, limits);
  if (!bytes)
    std::exit(1);
  auto file = PlanFile::fromBytes(*bytes, "bench.xplan", diags, limits);
  if (!file)
    std::exit(1);
  return std::move(*file);
}
