#pragma once
#include "Runtime/Program.h"
#include <atomic>
#include <cstddef>

namespace xcs {

struct Repetition;

/// Counts how often something was stopped in a run, so that what was found wanted is known to be so still.
using StopCount = std::atomic<uint64_t>;

/// A failure on its way from the operation that failed up to whoever catches or reports it.
struct FailureRecord {
  uint32_t order; // program order of the failed operation in the frame that holds this record
  RunFailure what;
};

/// An activation of a region: its slots and ready counters, in one block of memory behind the header.
/// Thread safety: a slot is written by its one defining operation and read by operations that come after it
/// along edges; counters are atomic. A frame lives until all its nodes have settled, hence longer than
/// anything started in it.
struct Frame {
  const PreparedRegion *region;
  Frame *parent = nullptr; // the frame of the operation this is a region of; null for the entry
  uint32_t parentNode = 0; // its node there
  uint32_t recursion = 0;  // activations of recursive functions around and with this one
  double pathAfter = 0;    // nanoseconds that remain on the longest path once this frame is done
  const PlanOp *parentOp = nullptr;
  Repetition *run = nullptr;   // of which this is an activation; Repetition.h
  uint32_t index = UINT32_MAX; // which one
  std::atomic<uint32_t> stopFrom{
      UINT32_MAX}; // operations of this program order and later are not started any more
  std::atomic<uint32_t> sinksLeft;
  std::atomic<FailureRecord *> failure{nullptr}; // the first failure in program order so far
  StopCount *stops = nullptr;                    // of the run
  mutable std::atomic<uint64_t> wantedAt{0};     // what `stops` was when this frame was last found wanted
  std::atomic<bool> toldOutside{false}; // a failure in it has stopped what comes after it further out
  Value *slots;
  std::atomic<uint32_t> *ready; // predecessors each node still waits for
  std::atomic<uint32_t> *uses;  // reads each slot still has

  /// Makes a frame with empty slots; arguments, captures and constants are the caller's to fill in.
  static Frame *create(const PreparedRegion &region);
  static void destroy(Frame *frame);
  static size_t byteSize(const PreparedRegion &region);

  /// Whether an operation of program order `order` is still wanted, here and in all enclosing frames. Looks
  /// at those that were not looked at since something was last stopped: however deep frames stand, few.
  bool wanted(uint32_t order) const;
  /// Whether something in it was left out or cut off. Asked when all its nodes have settled: without a
  /// failure it then has no results, because something further out stopped it.
  bool incomplete() const { return stopFrom.load(std::memory_order_relaxed) != UINT32_MAX; }
};

/// Keeps `candidate` when it comes before what is there; deletes the loser. True when it was kept.
bool storeFirst(std::atomic<FailureRecord *> &place, FailureRecord *candidate);
/// Lowers a `stopFrom` to `value`; true when that changed it.
bool lower(std::atomic<uint32_t> &place, uint32_t value, StopCount &stops);

} // namespace xcs
