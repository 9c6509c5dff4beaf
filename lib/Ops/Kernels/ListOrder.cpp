#include "Ops/KernelSupport.h"
#include "xcs/Ops/SortOrder.h"
#include "xcs/Support/InternIndex.h"
#include <algorithm>
#include <numeric>

// The operations of the dialect `list` that compare elements.
namespace xcs::kernels {

namespace {

std::span<const Value> list(const KernelCall &call) { return call.operand(0).items(); }

} // namespace

bool list_sort(KernelCall &call) {
  std::vector<Value> items(list(call).begin(), list(call).end());
  bool descending = call.flagAttr(attrRow<OpCode::list_sort>("descending"));
  std::stable_sort(items.begin(), items.end(),
                   untilStopped(call, descending ? sortsBeforeDescending : sortsBefore));
  return !isStopped(call) && returnList(call, items);
}

// Selects without sorting everything: n log k. The index breaks ties, because a partial sort is not stable.
bool list_top_k(KernelCall &call) {
  uint64_t wanted;
  if (!countOperand(call, 1, 0, "the number", wanted))
    return false;
  std::span<const Value> items = list(call);
  std::vector<uint32_t> order(items.size());
  std::iota(order.begin(), order.end(), 0u);
  size_t count = std::min<uint64_t>(wanted, items.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<ptrdiff_t>(count), order.end(),
                    untilStopped(call, [&](uint32_t a, uint32_t b) {
                      if (sortsBeforeDescending(items[a], items[b]))
                        return true;
                      return a < b && !sortsBeforeDescending(items[b], items[a]); // of equal ones the earlier
                    }));
  if (isStopped(call))
    return false;
  std::vector<Value> top;
  top.reserve(count);
  for (uint32_t i : std::span(order).first(count))
    top.push_back(items[i]);
  return returnList(call, top);
}

// `seen` maps hashes to positions in `kept`, so n elements need n comparisons instead of n squared.
bool list_unique(KernelCall &call) {
  std::vector<Value> kept;
  InternIndex seen;
  for (const Value &item : list(call)) {
    if (isStopped(call))
      return false;
    uint64_t hash = hashValue(item);
    if (seen.find(hash, [&](uint32_t i) { return equalValues(kept[i], item); }) != InternIndex::absent)
      continue;
    seen.insert(hash, static_cast<uint32_t>(kept.size()));
    kept.push_back(item);
  }
  return returnList(call, kept);
}

// One comparison covers at most value-bytes, so it need not check whether the run was stopped.
bool list_contains(KernelCall &call) {
  return returnBool(call, std::ranges::any_of(list(call), [&](const Value &item) {
                      return equalValues(item, call.operand(1));
                    }));
}

bool list_index_of(KernelCall &call) {
  auto found =
      std::ranges::find_if(list(call), [&](const Value &item) { return equalValues(item, call.operand(1)); });
  std::span<const Value> items = list(call);
  return returnIndex(call, found == items.end() ? std::string_view::npos
                                                : static_cast<size_t>(found - items.begin()));
}

} // namespace xcs::kernels
