#pragma once
#include "xcs/Support/Clock.h"
#include <cstdint>
#include <functional>
#include <vector>

namespace xcs {

/// Timers by deadline, in nanoseconds; all of them share one timer of the system. Implemented as a heap of
/// deadlines, in which a removed timer stays until it reaches the top or more than half are removed. So each
/// operation takes logarithmic time, and memory is proportional to the live timers. Timers due at the same
/// time run in the order in which they were added. Thread safety: the event loop's thread only.
class Timers {
public:
  using Callback = std::function<void()>;
  /// Calls back once `when` (monotonic nanoseconds, not 0) has passed; returns an id for `remove`, never 0.
  uint64_t add(int64_t when, Callback callback);
  /// Removes a timer; one that has run or was already removed, and 0, are ignored.
  void remove(uint64_t id);
  /// Runs the timers that are due, including those added meanwhile. Returns the deadline of the next one; 0
  /// if there is none.
  int64_t run(int64_t now);
  int64_t nextDeadline();
  size_t entries() const { return heap.size(); }

private:
  struct Slot {
    Callback callback;
    uint32_t generation = 1; // raised when the timer is freed, which invalidates its id
  };
  struct Entry {
    int64_t when;
    uint64_t sequence;
    uint32_t slot, generation;
    bool operator<(const Entry &o) const { return when != o.when ? when > o.when : sequence > o.sequence; }
  };
  bool isDead(const Entry &e) const { return slots[e.slot].generation != e.generation; }
  void free(uint32_t slot);
  void dropRemoved();

  std::vector<Entry> heap; // the earliest first
  std::vector<Slot> slots;
  std::vector<uint32_t> freeSlots;
  uint64_t nextSequence = 0;
  size_t removed = 0; // entries of the heap that are dead
};

} // namespace xcs
