#pragma once
#include "xcs/Support/Mutex.h"
#include <atomic>
#include <cstdint>
#include <unordered_set>

namespace xcs {

/// Of a frame in a run that keeps going (RunOptions::keepGoing): what of it depends on a failure. Made when
/// the first of its operations fails or is stopped. Thread safety: all members. Invariant: it is there, and
/// has what follows from a failure, before `Frame::stopFrom` is lowered for that failure.
struct Dependents {
  /// From this program order on, all operations are stopped, whatever they depend on.
  std::atomic<uint32_t> stopFrom{UINT32_MAX};

  /// Operations, by their program order, that come after a failed one by an edge that carries no value.
  void add(uint32_t order) {
    MutexLock lock(mutex);
    orders.insert(order);
  }
  bool holds(uint32_t order) const {
    MutexLock lock(mutex);
    return orders.contains(order);
  }

private:
  mutable Mutex mutex;
  std::unordered_set<uint32_t> orders XCS_GUARDED_BY(mutex);
};

} // namespace xcs
