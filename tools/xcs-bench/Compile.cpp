#include "xcs-bench/Compile.h"
#include "xcs/Compiler/Compiler.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

using namespace xcs;

static constexpr std::string_view planName = "bench.xplan";

std::string bench::compileBytes(const std::string &text, unsigned level) {
  DiagnosticEngine diags(&llvm::errs());
  diags.showRemarks(false);
  CompileOptions options;
  options.name = planName;
  options.level = level;
  auto bytes = compile(std::make_shared<SourceBuffer>("bench.xir", text), options, diags);
  if (!bytes)
    std::exit(1);
  return std::move(*bytes);
}

std::unique_ptr<PlanFile> bench::openBytes(const std::string &bytes) {
  DiagnosticEngine diags(&llvm::errs());
  auto file = PlanFile::fromBytes(bytes, planName, diags, {});
  if (!file)
    std::exit(1);
  return std::move(*file);
}

std::unique_ptr<PlanFile> bench::compileText(const std::string &text) {
  return openBytes(compileBytes(text));
}
