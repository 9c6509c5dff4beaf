#include "Ops/KernelSupport.h"

namespace xcs::kernels {

// Results are made by `try` (an error of any operation in it) and by `result.ok`.
namespace {

bool isOk(const KernelCall &call) { return call.operand(0).kind() == ValueKind::ResultOk; }

} // namespace

bool result_ok(KernelCall &call) {
  return mayTake(call, Value::sequenceBytes(call.operand(0).byteSize())) &&
         give(call, Value::ok(call.operand(0)));
}

bool result_is_ok(KernelCall &call) { return giveBool(call, isOk(call)); }

bool result_value(KernelCall &call) {
  std::span<const Value> items = call.operand(0).items();
  return isOk(call) ? give(call, items[0]) : call.fail(Diag::ErrorResult, {items[0].text(), items[1].text()});
}

bool result_or(KernelCall &call) {
  return give(call, isOk(call) ? call.operand(0).items()[0] : call.operand(1));
}

bool result_error(KernelCall &call) {
  if (isOk(call))
    return call.fail(Diag::NoErrorResult);
  // kind, message, op, attempt: the fields of the record, in its order
  std::span<const Value> items = call.operand(0).items();
  std::vector<Value> fields(items.begin(), items.end());
  return give(call, Value::record(fields));
}

} // namespace xcs::kernels
