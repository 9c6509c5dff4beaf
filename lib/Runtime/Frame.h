#pragma once
#include "Runtime/Program.h"
#include <atomic>
#include <cstddef>

namespace xcs {

struct Frame;

/// A failure on its way from the operation that failed up to whoever catches or reports it.
struct FailureRecord {
  uint32_t order; // program order of the failed operation in the frame that holds this record
  RunFailure what;
};

/// One `map` under way. Iterations are started in index order, at most `window` frames live at a time.
/// Thread safety: `results[i]` is written by the one worker that finishes iteration i; the rest is atomic.
/// Exactly one worker at a time feeds it (holds the feeder's token); a feeder that finds the window full
/// leaves the token `parked`.
struct MapRun {
  Frame *parent;
  uint32_t node;
  const PlanOp *op;
  uint32_t region;
  uint32_t window;
  uint32_t next = 0; // first iteration that was not started; the feeder's
  std::atomic<uint32_t> remaining;
  std::atomic<uint32_t> live{0};
  std::atomic<uint32_t> stopFrom{UINT32_MAX}; // iterations from here on are not wanted any more
  std::atomic<bool> parked{false};
  std::atomic<FailureRecord *> failure{nullptr}; // of the lowest failed iteration; `order` is the iteration
  std::vector<Value> results;
};

/// An activation of a region: its slots and ready counters, in one block of memory behind the header.
/// Thread safety: a slot is written by its one defining operation and read by operations that come after it
/// along edges; counters are atomic. A frame lives until all its nodes have settled, hence longer than
/// anything started in it.
struct Frame {
  const PreparedRegion *region;
  Frame *parent = nullptr; // the frame of the operation this is a region of; null for the entry
  uint32_t parentNode = 0; // its node there
  const PlanOp *parentOp = nullptr;
  MapRun *map = nullptr;       // of which this is an iteration
  uint32_t index = UINT32_MAX; // which one
  std::atomic<uint32_t> stopFrom{
      UINT32_MAX}; // operations of this program order and later are not started any more
  std::atomic<uint32_t> sinksLeft;
  std::atomic<FailureRecord *> failure{nullptr}; // the first failure in program order so far
  Value *slots;
  std::atomic<uint32_t> *ready; // predecessors each node still waits for
  std::atomic<uint32_t> *uses;  // reads each slot still has

  /// Makes a frame with empty slots; arguments, captures and constants are the caller's to fill in.
  static Frame *create(const PreparedRegion &region);
  static void destroy(Frame *frame);
  static size_t byteSize(const PreparedRegion &region);

  /// Whether an operation of program order `order` is still wanted, here and in all enclosing frames.
  bool wanted(uint32_t order) const;
};

/// Keeps `candidate` when it comes before what is there; deletes the loser. True when it was kept.
bool keepFirst(std::atomic<FailureRecord *> &place, FailureRecord *candidate);
/// Lowers `place` to `value`; true when that changed it.
bool lower(std::atomic<uint32_t> &place, uint32_t value);

} // namespace xcs
