#include "ShowValue.h"
#include "JsonSupport.h"

namespace xcs::kernels {

// One conversion for everything: what JSON has no word for becomes a string there, and loses its quotes here.
bool showOperand(KernelCall &call, size_t i, std::string &out) {
  Value json;
  if (!lenientJson(call.operand(i), call.constants, call.operandTypes[i], call.limits, json, call.error))
    return false;
  // At the top, texts and what JSON writes as a string stand without quotes; values of type json stay JSON.
  if (json.kind() == ValueKind::Str && call.constants.kind(call.operandTypes[i]) != TypeKind::Json) {
    out = json.text();
    return true;
  }
  return appendJson(out, json, JsonLayout::Line, call.limits, call.error);
}

} // namespace xcs::kernels
