#include "Ops/ShowValue.h"
#include "Ops/JsonSupport.h"

namespace xcs::kernels {

// One conversion for everything: values without a JSON form become strings in it and lose their quotes here.
bool showOperand(KernelCall &call, size_t i, std::string &out) {
  Value json;
  if (!lenientJson(call.operand(i), call.constants, call.operandTypes[i], call.limits, json, call.error))
    return false;
  // At the top, bytes and durations have no quotes. Options keep those of their content: `"null"` is a
  // string, `null` is none.
  TypeKind kind = call.constants.kind(call.operandTypes[i]);
  if (kind == TypeKind::Str || kind == TypeKind::Bytes || kind == TypeKind::Duration) {
    out = json.text();
    return true;
  }
  return appendJson(out, json, JsonLayout::Line, call.limits, call.error);
}

} // namespace xcs::kernels
