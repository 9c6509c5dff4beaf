#include "Transforms/Passes.h"
#include "xcs/IR/Verifier.h"

using namespace xcs;

namespace {
/// Checks the module where it stands in a pipeline, also when checking after each pass is switched off.
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
