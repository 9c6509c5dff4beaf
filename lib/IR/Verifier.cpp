#include "xcs/IR/Verifier.h"
#include "IR/Verify/FunctionVerifier.h"

using namespace xcs;

Status xcs::verify(const Module &module, DiagnosticEngine &diagnostics, const Limits &limits) {
  // The engine may already contain errors of an earlier stage.
  size_t before = diagnostics.errorCount();
  VerifyContext context(module, diagnostics, limits);
  checkResources(context);
  FunctionVerifier functions(context);
  for (uint32_t f = 0; f < module.functions.size(); ++f)
    functions.verify(f);
  // Requires that all calls and writes are known.
  checkCalls(context);
  if (diagnostics.errorCount() != before)
    return Failure{};
  return success();
}
