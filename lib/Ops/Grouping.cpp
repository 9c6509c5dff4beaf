#include "xcs/Ops/Grouping.h"
#include "Ops/KeyTable.h"

using namespace xcs;

// Numbers first, so that each list is made once, in its final size.
Value xcs::groupsOf(std::span<const Value> items, std::span<const Value> keys, const Limits &limits) {
  KeyNumbers numbers;
  std::vector<uint32_t> groupOf;
  groupOf.reserve(items.size());
  std::vector<size_t> sizes;
  for (const Value &key : keys) {
    if (limits.isStopped())
      return Value::dict({});
    groupOf.push_back(numbers.numberOf(key));
    if (groupOf.back() == sizes.size())
      sizes.push_back(0);
    ++sizes[groupOf.back()];
  }
  std::vector<std::vector<Value>> groups(sizes.size());
  for (size_t g = 0; g < groups.size(); ++g)
    groups[g].reserve(sizes[g]);
  for (size_t i = 0; i < items.size(); ++i)
    groups[groupOf[i]].push_back(items[i]);
  return numbers.dict([&](uint32_t g) { return Value::list(groups[g]); });
}
