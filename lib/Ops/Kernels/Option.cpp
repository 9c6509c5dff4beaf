#include "Ops/KernelSupport.h"

namespace xcs::kernels {

// Both forms of an option are values; the empty one allocates nothing.
namespace {

bool hasValue(const KernelCall &call) { return call.operand(0).kind() == ValueKind::OptionSome; }

} // namespace

bool option_some(KernelCall &call) {
  return mayAllocate(call, Value::sequenceBytes(call.operand(0).byteSize())) &&
         returnValue(call, Value::some(call.operand(0)));
}

bool option_none(KernelCall &call) { return returnValue(call, Value::optionNone()); }

bool option_is_some(KernelCall &call) { return returnBool(call, hasValue(call)); }

bool option_value(KernelCall &call) {
  return hasValue(call) ? returnValue(call, call.operand(0).items()[0]) : call.fail(Diag::EmptyOption);
}

bool option_or(KernelCall &call) {
  return returnValue(call, hasValue(call) ? call.operand(0).items()[0] : call.operand(1));
}

bool option_somes(KernelCall &call) {
  std::vector<Value> values;
  for (const Value &item : call.operand(0).items())
    if (item.kind() == ValueKind::OptionSome)
      values.push_back(item.items()[0]);
  return returnList(call, values);
}

} // namespace xcs::kernels
