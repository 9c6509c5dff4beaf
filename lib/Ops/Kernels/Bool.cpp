#include "Ops/KernelSupport.h"
#include <algorithm>

namespace xcs::kernels {

bool bool_and(KernelCall &call) {
  return returnBool(call, call.operand(0).asBool() && call.operand(1).asBool());
}
bool bool_or(KernelCall &call) {
  return returnBool(call, call.operand(0).asBool() || call.operand(1).asBool());
}
bool bool_xor(KernelCall &call) {
  return returnBool(call, call.operand(0).asBool() != call.operand(1).asBool());
}
bool bool_not(KernelCall &call) { return returnBool(call, !call.operand(0).asBool()); }
bool bool_eq(KernelCall &call) {
  return returnBool(call, call.operand(0).asBool() == call.operand(1).asBool());
}

bool bool_all_of(KernelCall &call) {
  return returnBool(call, std::ranges::all_of(call.operand(0).items(), &Value::asBool));
}
bool bool_any_of(KernelCall &call) {
  return returnBool(call, std::ranges::any_of(call.operand(0).items(), &Value::asBool));
}

} // namespace xcs::kernels
