#pragma once
#include <cstdint>
#include <vector>

namespace xcs {

class WorldOp;

/// Bounds how many operations of one resource are in flight and how fast they start. One gate a resource for
/// the whole run, shared across nesting. Among those that wait, the longest remaining critical path goes
/// first, then the earliest to ask. Thread safety: the event loop's thread only.
class Gate {
public:
  /// `capacity` 0: unbounded. `perMinute` 0: unpaced; else starts are spaced evenly, after a burst of one
  /// second's worth.
  Gate(uint64_t capacity, double perMinute);

  /// Takes a slot, or queues the operation and returns false. `now` in nanoseconds.
  bool enter(WorldOp *op, double priority, int64_t now);
  /// Gives a slot back.
  void leave() { --inFlight; }
  /// Takes an operation that waits out of the queue.
  void forget(WorldOp *op);
  /// The next operation that may start now, its slot taken; null when there is none. When only pacing holds
  /// it back, `wakeAt` is when to ask again (0: no need).
  WorldOp *next(int64_t now, int64_t &wakeAt);
  uint64_t peak() const { return mostInFlight; }

private:
  struct Waiting {
    double priority;
    uint64_t sequence;
    WorldOp *op; // null: forgotten
    bool operator<(const Waiting &o) const {
      return priority != o.priority ? priority < o.priority : sequence > o.sequence;
    }
  };
  bool paceAllows(int64_t now);
  void take();

  uint64_t capacity, inFlight = 0, mostInFlight = 0, sequence = 0;
  double tokensPerNanosecond = 0, burst = 0, tokens = 0;
  int64_t refilledAt = 0;
  std::vector<Waiting> queue; // a heap
};

} // namespace xcs
