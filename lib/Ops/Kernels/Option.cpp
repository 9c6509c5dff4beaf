#include "Ops/KernelSupport.h"

namespace xcs::kernels {

// Both forms of an option are values: the one without content takes no memory.
namespace {

bool hasValue(const KernelCall &call) { return call.operand(0).kind() == ValueKind::OptionSome; }

} // namespace

bool option_some(KernelCall &call) {
  return mayTake(call, Value::sequenceBytes(call.operand(0).byteSize())) &&
         give(call, Value::some(call.operand(0)));
}

bool option_none(KernelCall &call) { return give(call, Value::optionNone()); }

bool option_is_some(KernelCall &call) { return giveBool(call, hasValue(call)); }

bool option_value(KernelCall &call) {
  return hasValue(call) ? give(call, call.operand(0).items()[0]) : call.fail(Diag::EmptyOption);
}

bool option_or(KernelCall &call) {
  return give(call, hasValue(call) ? call.operand(0).items()[0] : call.operand(1));
}

bool option_somes(KernelCall &call) {
  std::vector<Value> values;
  for (const Value &item : call.operand(0).items())
    if (item.kind() == ValueKind::OptionSome)
      values.push_back(item.items()[0]);
  return giveList(call, values);
}

} // namespace xcs::kernels
