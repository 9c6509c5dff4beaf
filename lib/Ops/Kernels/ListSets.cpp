#include "Ops/KernelSupport.h"
#include "Ops/KeyTable.h"
#include "xcs/Support/InternIndex.h"

// The operations of the dialect `list` that find elements by their hashes.
namespace xcs::kernels {

namespace {

std::span<const Value> list(const KernelCall &call, size_t i = 0) { return call.operand(i).items(); }

/// Elements, each once, in the order in which they were added. They must outlive it.
class ElementSet {
public:
  /// Whether it was not in the set before.
  bool add(const Value &element) {
    const uint64_t hash = hashValue(element);
    if (find(hash, element))
      return false;
    index.insert(hash, static_cast<uint32_t>(elements.size()));
    elements.push_back(&element);
    return true;
  }
  bool has(const Value &element) const { return find(hashValue(element), element); }

private:
  bool find(uint64_t hash, const Value &element) const {
    return index.find(hash, [&](uint32_t i) { return equalValues(*elements[i], element); }) !=
           InternIndex::absent;
  }
  std::vector<const Value *> elements;
  InternIndex index;
};

/// The elements of the first list that are in the second, or that are not, each once.
bool returnSelected(KernelCall &call, bool isInSecond) {
  ElementSet second, seen;
  for (const Value &item : list(call, 1)) {
    if (isStopped(call))
      return false;
    second.add(item);
  }
  std::vector<Value> kept;
  for (const Value &item : list(call)) {
    if (isStopped(call))
      return false;
    if (second.has(item) == isInSecond && seen.add(item))
      kept.push_back(item);
  }
  return returnList(call, kept);
}

} // namespace

// The sum of the sizes is asked for first, as in `list.concat`.
bool list_union(KernelCall &call) {
  uint64_t bytes = Value::sequenceBytes(0);
  for (size_t i = 0; i < call.operandCount; ++i)
    bytes += call.operand(i).byteSize();
  if (!mayAllocate(call, bytes))
    return false;
  ElementSet seen;
  std::vector<Value> kept;
  for (size_t i = 0; i < call.operandCount; ++i)
    for (const Value &item : list(call, i)) {
      if (isStopped(call))
        return false;
      if (seen.add(item))
        kept.push_back(item);
    }
  return returnList(call, kept);
}

bool list_intersection(KernelCall &call) { return returnSelected(call, true); }

bool list_difference(KernelCall &call) { return returnSelected(call, false); }

bool list_count(KernelCall &call) {
  // A key and a number for each element are the most it can need.
  if (!mayAllocate(call, call.operand(0).byteSize() + list(call).size() * sizeof(Value)))
    return false;
  KeyNumbers numbers;
  std::vector<int64_t> counts;
  size_t sinceCheck = 0;
  for (const Value &item : list(call)) {
    if (++sinceCheck % 1024 == 0 && isStopped(call))
      return false;
    const uint32_t number = numbers.numberOf(item);
    if (number == counts.size())
      counts.push_back(0);
    ++counts[number];
  }
  return returnValue(call, numbers.dict([&](uint32_t i) { return Value::i64(counts[i]); }));
}

} // namespace xcs::kernels
