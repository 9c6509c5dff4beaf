#include "Ops/KernelSupport.h"

namespace xcs::kernels {

// Results are made by `try` (an error of any operation in it) and by `result.ok`.
namespace {

bool isOk(const KernelCall &call) { return call.operand(0).kind() == ValueKind::ResultOk; }

/// kind, message, op, attempt: the fields of the record, in its order.
Value errorRecord(const Value &error) {
  std::vector<Value> fields(error.items().begin(), error.items().end());
  return Value::record(fields);
}

} // namespace

bool result_ok(KernelCall &call) {
  return mayAllocate(call, Value::sequenceBytes(call.operand(0).byteSize())) &&
         returnValue(call, Value::ok(call.operand(0)));
}

bool result_is_ok(KernelCall &call) { return returnBool(call, isOk(call)); }

bool result_value(KernelCall &call) {
  std::span<const Value> items = call.operand(0).items();
  return isOk(call) ? returnValue(call, items[0])
                    : call.fail(Diag::ErrorResult, {items[0].text(), items[1].text()});
}

bool result_or(KernelCall &call) {
  return returnValue(call, isOk(call) ? call.operand(0).items()[0] : call.operand(1));
}

bool result_error(KernelCall &call) {
  return isOk(call) ? call.fail(Diag::NoErrorResult) : returnValue(call, errorRecord(call.operand(0)));
}

bool result_oks(KernelCall &call) {
  std::vector<Value> values;
  for (const Value &item : call.operand(0).items())
    if (item.kind() == ValueKind::ResultOk)
      values.push_back(item.items()[0]);
  return returnList(call, values);
}

bool result_errors(KernelCall &call) {
  std::vector<Value> errors;
  for (const Value &item : call.operand(0).items())
    if (item.kind() == ValueKind::ResultError)
      errors.push_back(errorRecord(item));
  return returnList(call, errors);
}

} // namespace xcs::kernels
