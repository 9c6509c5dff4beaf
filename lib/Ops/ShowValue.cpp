#include "Ops/ShowValue.h"
#include "Ops/JsonSupport.h"

namespace xcs::kernels {

// One conversion for everything: values without a JSON form become strings in it and lose their quotes here.
bool showValue(KernelCall &call, const Value &value, TypeId type, std::string &out) {
  Value json;
  if (!lenientJson(value, call.constants, type, call.limits, json, call.error))
    return false;
  // At the top, bytes and durations have no quotes. Options keep those of their content: `"null"` is a
  // string, `null` is none.
  TypeKind kind = call.constants.kind(type);
  if (kind == TypeKind::Str || kind == TypeKind::Bytes || kind == TypeKind::Duration) {
    out = json.text();
    return true;
  }
  return appendJson(out, json, JsonLayout::Line, call.limits, call.error);
}

bool showOperand(KernelCall &call, size_t i, std::string &out) {
  return showValue(call, call.operand(i), call.operandTypes[i], out);
}

} // namespace xcs::kernels
