#include "Transforms/Passes.h"
#include "xcs/IR/Verifier.h"

using namespace xcs;

namespace {
/// Checks the module at its place in a pipeline, even if verification after each pass is off.
class Verify : public Pass {
public:
  Result<Change> run(Module &module, PassContext &context) override {
    if (!verify(module, context.diagnostics, context.limits))
      return Failure();
    return Change::Nothing;
  }
};
} // namespace

std::unique_ptr<Pass> xcs::createVerify() { return std::make_unique<Verify>(); }
