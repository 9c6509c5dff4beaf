#include "Ops/KernelSupport.h"
#include "xcs/Ops/Prepared.h"

namespace xcs::kernels {

namespace {

/// The index of the field of `record` that the attribute names; below `count`. The verifier has checked it,
/// but a plan may come from anywhere.
bool fieldIndex(KernelCall &call, TypeId record, size_t count, size_t row, size_t &index) {
  std::string_view name = call.textAttr(row);
  static const RecordFields unprepared;
  const RecordFields &fields = call.prepared ? call.prepared->fields() : unprepared;
  std::optional<size_t> found = fields.known(call.constants, record, name);
  index = found.value_or(SIZE_MAX);
  if (index < count)
    return true;
  return call.fail(Diag::BadConstant, {opName(call)});
}

/// The same of the first operand.
bool fieldIndex(KernelCall &call, size_t row, size_t &index) {
  return fieldIndex(call, call.operandTypes[0], call.operand(0).size(), row, index);
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

bool list_pluck(KernelCall &call) {
  const TypeId record = call.constants.element(call.operandTypes[0]);
  size_t index;
  if (!fieldIndex(call, record, call.constants.fields(record).size(), attrRow<OpCode::list_pluck>("field"),
                  index))
    return false;
  std::vector<Value> column;
  column.reserve(call.operand(0).size());
  for (const Value &item : call.operand(0).items())
    column.push_back(item.items()[index]);
  return returnList(call, column);
}

bool record_with(KernelCall &call) {
  size_t index;
  if (!fieldIndex(call, attrRow<OpCode::record_with>("field"), index) ||
      !mayAllocate(call, call.operand(0).byteSize() + call.operand(1).byteSize()))
    return false;
  if (growFirst(call, [index](Value &to, const Value &by) { return to.replaceItem(index, by); }))
    return true;
  std::vector<Value> fields(call.operand(0).items().begin(), call.operand(0).items().end());
  fields[index] = call.operand(1);
  return returnValue(call, Value::record(fields));
}

} // namespace xcs::kernels
