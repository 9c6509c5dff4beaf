#include "Ops/KernelSupport.h"

namespace xcs::kernels {

bool core_const(KernelCall &call) {
  constexpr size_t value = attrRow<OpCode::core_const>("value");
  Value constant =
      call.hasAttr(value) ? valueOfAttr(call.constants, call.attributes[value], call.resultType) : Value();
  if (constant.empty()) // the verifier rejects such text; a plan may still contain it
    return call.fail(Diag::BadConstant, {opName(call)});
  return returnValue(call, std::move(constant));
}

bool core_select(KernelCall &call) {
  return returnValue(call, call.operand(call.operand(0).asBool() ? 1 : 2));
}

} // namespace xcs::kernels
