#include "xcs-bench/Compile.h"
#include "xcs/Compiler/Compiler.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

using namespace xcs;

std::unique_ptr<PlanFile> bench::compileText(const std::string &text) {
  DiagnosticEngine diags(&llvm::errs());
  diags.showRemarks(false);
  CompileOptions options;
  options.name = "bench.xplan";
  auto bytes = compile(std::make_shared<SourceBuffer>("bench.xir", text), options, diags);
  if (!bytes)
    std::exit(1);
  auto file = PlanFile::fromBytes(*bytes, options.name, diags, options.limits);
  if (!file)
    std::exit(1);
  return std::move(*file);
}
