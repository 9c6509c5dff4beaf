#include "xcs/IR/Verifier.h"
#include "IR/Verify/FunctionVerifier.h"

using namespace xcs;

Status xcs::verify(const Module &module, DiagnosticEngine &diagnostics) {
  size_t before = diagnostics.errorCount();
  VerifyContext context(module, diagnostics);
  checkResources(context);
  FunctionVerifier functions(context);
  for (uint32_t f = 0; f < module.functions.size(); ++f)
    functions.verify(f);
  checkCalls(context);
  if (diagnostics.errorCount() != before)
    return Failure{};
  return success();
}
