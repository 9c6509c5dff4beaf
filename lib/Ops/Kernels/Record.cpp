#include "Ops/KernelSupport.h"
#include "xcs/Ops/Prepared.h"

namespace xcs::kernels {

namespace {

/// The index of the field that the attribute names. The verifier has checked it, but a plan may come from
/// anywhere.
bool fieldIndex(KernelCall &call, size_t row, size_t &index) {
  std::string_view name = call.textAttr(row);
  static const RecordFields unprepared;
  const RecordFields &fields = call.prepared ? call.prepared->fields() : unprepared;
  std::optional<size_t> found = fields.known(call.constants, call.operandTypes[0], name);
  index = found.value_or(SIZE_MAX);
  if (index < call.operand(0).size())
    return true;
  return call.fail(Diag::BadConstant, {opName(call)});
}

} // namespace

bool record_make(KernelCall &call) {
  if (call.constants.fields(call.resultType).size() != call.operandCount)
    return call.fail(Diag::BadConstant, {opName(call)});
  uint64_t bytes = 0;
  std::vector<Value> fields;
  fields.reserve(call.operandCount);
  for (size_t i = 0; i < call.operandCount; ++i) {
    fields.push_back(call.operand(i));
    bytes += fields.back().byteSize();
  }
  return mayAllocate(call, Value::sequenceBytes(bytes)) && returnValue(call, Value::record(fields));
}

bool record_get(KernelCall &call) {
  size_t index;
  return fieldIndex(call, attrRow<OpCode::record_get>("field"), index) &&
         returnValue(call, call.operand(0).items()[index]);
}

bool record_with(KernelCall &call) {
  size_t index;
  if (!fieldIndex(call, attrRow<OpCode::record_with>("field"), index) ||
      !mayAllocate(call, call.operand(0).byteSize() + call.operand(1).byteSize()))
    return false;
  std::vector<Value> fields(call.operand(0).items().begin(), call.operand(0).items().end());
  fields[index] = call.operand(1);
  return returnValue(call, Value::record(fields));
}

} // namespace xcs::kernels
