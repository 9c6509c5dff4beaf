#include "Transforms/Passes.h"
#include "xcs/IR/Verifier.h"

using namespace xcs;

namespace {
/// Checks the module where it stands in a pipeline, also when checking after each pass is switched off.
class Verify : public Pass {
public:
  Status run(Module &module, PassContext &context) override {
    return verify(module, context.diagnostics, context.limits);
  }
};
} // namespace

std::unique_ptr<Pass> xcs::createVerify() { return std::make_unique<Verify>(); }
