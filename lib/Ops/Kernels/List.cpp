#include "Ops/KernelSupport.h"
#include <algorithm>

// A list is a sequence of items; items are shared by all lists that contain them. Sizes count whole values,
// shared or not, so that repeated doubling of a list of lists hits the limit before it exhausts memory.

namespace xcs::kernels {

namespace {

std::span<const Value> list(const KernelCall &call, size_t i = 0) { return call.operand(i).items(); }

bool returnPart(KernelCall &call, std::span<const Value> items) {
  std::vector<Value> copy(items.begin(), items.end());
  return returnList(call, copy);
}

/// One list of the items of several; `grows` says that the first may grow in place, if they are the operands.
template <class Lists> bool returnJoined(KernelCall &call, const Lists &lists, bool grows) {
  uint64_t bytes = Value::sequenceBytes(0);
  size_t count = 0;
  for (const Value *part : lists) {
    bytes += part->byteSize();
    count += part->size();
  }
  if (!mayAllocate(call, bytes))
    return false;
  if (grows && growFirst(call, [](Value &to, const Value &part) { return to.appendItems(part.items()); }))
    return true;
  std::vector<Value> joined;
  joined.reserve(count);
  for (const Value *part : lists)
    joined.insert(joined.end(), part->items().begin(), part->items().end());
  return returnList(call, joined);
}

} // namespace

bool list_pack(KernelCall &call) {
  uint64_t bytes = 0;
  std::vector<Value> items;
  items.reserve(call.operandCount);
  for (size_t i = 0; i < call.operandCount; ++i) {
    items.push_back(call.operand(i));
    bytes += items.back().byteSize();
  }
  return mayAllocate(call, Value::sequenceBytes(bytes)) && returnList(call, items);
}

bool list_get(KernelCall &call) {
  size_t index;
  return indexOperand(call, 1, list(call).size(), "a list", index) && returnValue(call, list(call)[index]);
}

bool list_first(KernelCall &call) {
  return list(call).empty() ? call.fail(Diag::EmptyList, {opName(call)})
                            : returnValue(call, list(call).front());
}

bool list_last(KernelCall &call) {
  return list(call).empty() ? call.fail(Diag::EmptyList, {opName(call)})
                            : returnValue(call, list(call).back());
}

bool list_len(KernelCall &call) { return returnI64(call, static_cast<int64_t>(list(call).size())); }

bool list_slice(KernelCall &call) {
  size_t first, last;
  return sliceRange(call, list(call).size(), "a list", first, last) &&
         returnPart(call, list(call).subspan(first, last - first));
}

bool list_concat(KernelCall &call) {
  std::vector<const Value *> lists;
  for (size_t i = 0; i < call.operandCount; ++i)
    lists.push_back(&call.operand(i));
  return returnJoined(call, lists, true);
}

bool list_append(KernelCall &call) {
  if (!mayAllocate(call, call.operand(0).byteSize() + call.operand(1).byteSize()))
    return false;
  if (growFirst(call, [](Value &to, const Value &item) { return to.appendItems({&item, 1}); }))
    return true;
  std::vector<Value> items;
  items.reserve(list(call).size() + 1);
  items.assign(list(call).begin(), list(call).end());
  items.push_back(call.operand(1));
  return returnList(call, items);
}

bool list_flatten(KernelCall &call) {
  std::vector<const Value *> lists;
  lists.reserve(list(call).size());
  for (const Value &part : list(call))
    lists.push_back(&part);
  return returnJoined(call, lists, false);
}

/// The records of what `first(i)` gives and element `i`.
template <class First> static bool returnPairs(KernelCall &call, std::span<const Value> second, First first) {
  std::vector<Value> pairs;
  pairs.reserve(second.size());
  for (size_t i = 0; i < second.size(); ++i) {
    if (isStopped(call))
      return false;
    Value pair[] = {first(i), second[i]};
    pairs.push_back(Value::record(pair));
  }
  return returnList(call, pairs);
}

// Lists of different lengths are an error, not cut: nothing is silently dropped.
bool list_zip(KernelCall &call) {
  size_t count = list(call, 0).size();
  if (list(call, 1).size() != count)
    return call.fail(Diag::LengthMismatch,
                     {opName(call), std::to_string(count), std::to_string(list(call, 1).size())});
  uint64_t bytes = call.operand(0).byteSize() + call.operand(1).byteSize() + count * Value::sequenceBytes(0);
  if (!mayAllocate(call, bytes))
    return false;
  return returnPairs(call, list(call, 1), [&](size_t i) { return list(call, 0)[i]; });
}

bool list_enumerate(KernelCall &call) {
  size_t count = list(call).size();
  if (!mayAllocate(call, call.operand(0).byteSize() + count * Value::sequenceBytes(sizeof(Value))))
    return false;
  return returnPairs(call, list(call), [](size_t i) { return Value::i64(static_cast<int64_t>(i)); });
}

bool list_reverse(KernelCall &call) {
  std::vector<Value> items(list(call).rbegin(), list(call).rend());
  return returnList(call, items);
}

bool list_gather(KernelCall &call) {
  std::span<const Value> items = list(call), indices = list(call, 1);
  uint64_t bytes = Value::sequenceBytes(0);
  for (const Value &index : indices) {
    if (isStopped(call))
      return false;
    if (static_cast<uint64_t>(index.asI64()) >= items.size())
      return call.fail(Diag::IndexOutOfRange,
                       {std::to_string(index.asI64()), "a list", std::to_string(items.size())});
    bytes += items[static_cast<size_t>(index.asI64())].byteSize();
  }
  if (!mayAllocate(call, bytes))
    return false;
  std::vector<Value> chosen;
  chosen.reserve(indices.size());
  for (const Value &index : indices) {
    if (isStopped(call))
      return false;
    chosen.push_back(items[static_cast<size_t>(index.asI64())]);
  }
  return returnList(call, chosen);
}

bool list_take(KernelCall &call) {
  uint64_t count;
  return countOperand(call, 1, 0, "the number", count) &&
         returnPart(call, list(call).first(std::min<uint64_t>(count, list(call).size())));
}

bool list_drop(KernelCall &call) {
  uint64_t count;
  return countOperand(call, 1, 0, "the number", count) &&
         returnPart(call, list(call).subspan(std::min<uint64_t>(count, list(call).size())));
}

// Operands are elements, or lists or options of them: the types say which.
bool list_flat(KernelCall &call) {
  const TypeId element = call.constants.element(call.resultType);
  uint64_t bytes = Value::sequenceBytes(0);
  for (size_t i = 0; i < call.operandCount; ++i)
    bytes += call.operand(i).byteSize();
  if (!mayAllocate(call, bytes))
    return false;
  std::vector<Value> items;
  for (size_t i = 0; i < call.operandCount; ++i) {
    const Value &operand = call.operand(i);
    if (isStopped(call))
      return false;
    if (call.operandTypes[i] == element)
      items.push_back(operand);
    else if (operand.kind() != ValueKind::OptionNone)
      items.insert(items.end(), operand.items().begin(), operand.items().end());
  }
  return returnList(call, items);
}

bool list_range(KernelCall &call) {
  int64_t first = call.operand(0).asI64(), end = call.operand(1).asI64();
  int64_t step = call.operandCount > 2 ? call.operand(2).asI64() : 1;
  if (step == 0)
    return call.fail(Diag::BadArgument, {"the step", opName(call), "move", "0"});
  // Unsigned, because the difference of two i64 may not fit into one.
  uint64_t stride = step > 0 ? static_cast<uint64_t>(step) : -static_cast<uint64_t>(step);
  uint64_t distance = step > 0 ? static_cast<uint64_t>(end) - static_cast<uint64_t>(first)
                               : static_cast<uint64_t>(first) - static_cast<uint64_t>(end);
  bool any = step > 0 ? first < end : first > end;
  uint64_t count = any ? (distance - 1) / stride + 1 : 0;
  if (count > UINT32_MAX)
    return exceeds(call, Limit::ValueBytes);
  if (!mayAllocate(call, Value::sequenceBytes(count * sizeof(Value))))
    return false;
  std::vector<Value> numbers;
  numbers.reserve(count);
  for (uint64_t i = 0; i < count; ++i) {
    if (i % stopInterval == 0 && isStopped(call))
      return false;
    numbers.push_back(
        Value::i64(static_cast<int64_t>(static_cast<uint64_t>(first) + i * static_cast<uint64_t>(step))));
  }
  return returnList(call, numbers);
}

// The last chunk contains the rest.
bool list_chunk(KernelCall &call) {
  uint64_t size;
  if (!countOperand(call, 1, 1, "the size", size))
    return false;
  std::span<const Value> rest = list(call);
  uint64_t count = rest.empty() ? 0 : (rest.size() - 1) / size + 1;
  if (!mayAllocate(call, call.operand(0).byteSize() + count * Value::sequenceBytes(0)))
    return false;
  std::vector<Value> chunks;
  chunks.reserve(count);
  for (; !rest.empty(); rest = rest.subspan(std::min<uint64_t>(size, rest.size()))) {
    if (isStopped(call))
      return false;
    std::span<const Value> part = rest.first(std::min<uint64_t>(size, rest.size()));
    std::vector<Value> items(part.begin(), part.end());
    chunks.push_back(Value::list(items));
  }
  return returnList(call, chunks);
}

} // namespace xcs::kernels
