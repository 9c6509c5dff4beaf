#include "Ops/KernelSupport.h"
#include "Ops/KeyText.h"
#include "Ops/Text.h"

// A dictionary is one block that all its owners share, with an index by hash in it (Value.cpp). Put and
// remove change it in place when no one else can see it, and copy it otherwise.
namespace xcs::kernels {

namespace {

/// The first operand to be changed: moved from its slot if this call is the last to read it, else shared.
Value takeFirst(KernelCall &call) {
  // Not `?:`: one of its operands is const, and with that clang copies the other one.
  if (Value *last = call.lastRead(0))
    return std::move(*last);
  return call.operand(0);
}

/// Puts an entry into a dictionary, after copying it if others see it.
void put(Value &dict, const Value &key, const Value &value) {
  if (dict.putEntry(key, value))
    return;
  dict = dict.copyDict();
  dict.putEntry(key, value);
}

bool listOfEach(KernelCall &call, size_t first) {
  std::span<const Value> entries = call.operand(0).items();
  std::vector<Value> items;
  items.reserve(entries.size() / 2);
  for (size_t i = first; i < entries.size(); i += 2) {
    if (isStopped(call))
      return false;
    items.push_back(entries[i]);
  }
  return returnList(call, items);
}

} // namespace

bool dict_make(KernelCall &call) {
  uint64_t bytes = 0;
  std::vector<Value> entries;
  entries.reserve(call.operandCount);
  for (size_t i = 0; i < call.operandCount; ++i) {
    entries.push_back(call.operand(i));
    bytes += entries.back().byteSize();
  }
  return mayAllocate(call, Value::sequenceBytes(bytes)) && returnValue(call, Value::dict(entries));
}

bool dict_get(KernelCall &call) {
  const Value *found = call.operand(0).find(call.operand(1));
  return returnValue(call, found ? Value::some(*found) : Value::optionNone());
}

bool dict_at(KernelCall &call) {
  const Value *found = call.operand(0).find(call.operand(1));
  return found ? returnValue(call, *found) : call.fail(Diag::MissingKey, {excerpt(keyText(call.operand(1)))});
}

bool dict_put(KernelCall &call) {
  if (!mayAllocate(call,
                   call.operand(0).byteSize() + call.operand(1).byteSize() + call.operand(2).byteSize()))
    return false;
  Value dict = takeFirst(call);
  put(dict, call.operand(1), call.operand(2));
  return returnValue(call, std::move(dict));
}

bool dict_remove(KernelCall &call) {
  if (!call.operand(0).find(call.operand(1)))
    return returnValue(call, call.operand(0));
  Value dict = takeFirst(call);
  if (!dict.removeEntry(call.operand(1))) {
    dict = dict.copyDict();
    dict.removeEntry(call.operand(1));
  }
  return returnValue(call, std::move(dict));
}

bool dict_has(KernelCall &call) { return returnBool(call, call.operand(0).find(call.operand(1)) != nullptr); }

bool dict_len(KernelCall &call) { return returnI64(call, static_cast<int64_t>(call.operand(0).size() / 2)); }

bool dict_keys(KernelCall &call) { return listOfEach(call, 0); }

bool dict_values(KernelCall &call) { return listOfEach(call, 1); }

bool dict_items(KernelCall &call) {
  std::span<const Value> entries = call.operand(0).items();
  if (!mayAllocate(call, call.operand(0).byteSize() + entries.size() / 2 * Value::sequenceBytes(0)))
    return false;
  std::vector<Value> items;
  items.reserve(entries.size() / 2);
  for (size_t i = 0; i < entries.size(); i += 2) {
    if (isStopped(call))
      return false;
    Value item[] = {entries[i], entries[i + 1]};
    items.push_back(Value::record(item));
  }
  return returnList(call, items);
}

// The result is never larger than the list.
bool dict_from_items(KernelCall &call) {
  Value dict = Value::dict({});
  for (const Value &item : call.operand(0).items()) {
    if (isStopped(call))
      return false;
    dict.putEntry(item.items()[0], item.items()[1]);
  }
  return returnValue(call, std::move(dict));
}

bool dict_merge(KernelCall &call) {
  uint64_t bytes = Value::sequenceBytes(0);
  for (size_t i = 0; i < call.operandCount; ++i)
    bytes += call.operand(i).byteSize();
  if (!mayAllocate(call, bytes))
    return false;
  if (call.operandCount == 0)
    return returnValue(call, Value::dict({}));
  Value merged = takeFirst(call);
  for (size_t i = 1; i < call.operandCount; ++i) {
    std::span<const Value> entries = call.operand(i).items();
    for (size_t e = 0; e < entries.size(); e += 2) {
      if (isStopped(call))
        return false;
      put(merged, entries[e], entries[e + 1]);
    }
  }
  return returnValue(call, std::move(merged));
}

} // namespace xcs::kernels
