#pragma once
#include "Runtime/KeepGoing.h"
#include "Runtime/Program.h"
#include "xcs/Runtime/RunReport.h"
#include <atomic>
#include <cstddef>

namespace xcs {

class Engine;
struct Repetition;

/// Counts cancellations in a run, so that a check for being wanted can be cached until the next one.
using StopCount = std::atomic<uint64_t>;

/// A failure on its way from the failed operation to the place that catches or reports it.
struct FailureRecord {
  uint32_t order;  // program order of the failed operation in the frame that owns this record
  RunFailure what; // its place leads from the inside out, as far as the frame that owns this record
};

/// An activation of a region: its slots and ready counts, in one block of memory after the header. Thread
/// safety: a slot is written by its one defining operation and read by operations that come after it along
/// edges; counters are atomic. A frame lives until all its nodes have settled, hence longer than anything
/// started in it.
struct Frame {
  const PreparedRegion *region;
  Frame *parent = nullptr; // the frame of the operation this is a region of; null for the entry
  uint32_t parentNode = 0; // its node there
  uint32_t recursion = 0;  // activations of recursive functions around and with this one
  double pathAfter = 0;    // nanoseconds that remain on the longest path once this frame is done
  const PlanOp *parentOp = nullptr;
  Repetition *run = nullptr;   // the repetition this is an activation of; Repetition.h
  uint32_t index = UINT32_MAX; // the index of the activation
  std::atomic<uint32_t> stopFrom{
      UINT32_MAX}; // operations from this program order on are not started any more
  std::atomic<uint32_t> sinksLeft;
  std::atomic<FailureRecord *> failure{nullptr}; // the first failure in program order so far
  Engine *engine = nullptr;                      // that executes it
  std::atomic<Dependents *> dependents{nullptr}; // in a run that keeps going, once something has failed
  mutable std::atomic<uint64_t> wantedAt{0};     // the value of `stops` when this frame was last found wanted
  std::atomic<bool> toldOutside{false}; // a failure in it has cancelled what comes after it further out
  /// Frames of its operations that are alive, but for those of repetitions; in steps of two. Its lowest bit:
  /// a repetition has begun.
  std::atomic<uint32_t> inner{0};
  Value *slots;
  std::atomic<uint32_t> *ready; // predecessors that each node still waits for; not set if none is counted
  std::atomic<uint32_t> *uses;  // remaining reads of each slot

  /// Creates a frame with empty slots; the caller fills in arguments, captures and constants. `counted`: its
  /// nodes are notified when others have settled.
  static Frame *create(const PreparedRegion &region, bool counted);
  static void destroy(Frame *frame);
  /// Empties a frame in which nothing has failed or was skipped, for another activation of its region. As
  /// after `create`, the caller fills in arguments, captures and constants. Only for one that is not counted.
  void renew();
  static size_t byteSize(const PreparedRegion &region);

  /// Whether an operation of program order `order` is still wanted, here and in all enclosing frames, if it
  /// has started or depends on no failure. Checks only frames not checked since the last cancellation: few,
  /// however deep frames nest.
  bool wanted(uint32_t order) const;
  /// Whether an operation at or after `stopFrom` is stopped, started or not. In a run that keeps going, those
  /// there that depend on no failure are not.
  bool isStopped(uint32_t order) const;
  Dependents &makeDependents();
  /// Whether something in it was skipped or cancelled. Valid once all its nodes have settled: without a
  /// failure it then has no results, because something further out was cancelled.
  bool incomplete() const { return stopFrom.load(std::memory_order_relaxed) != UINT32_MAX; }
};

/// Stores `candidate` if it comes before the current record; deletes the loser. True if it was stored.
bool storeFirst(std::atomic<FailureRecord *> &place, FailureRecord *candidate);
/// What a failure in `frame` still lacks of its place, all of the way out at once.
void locate(RunFailure &what, const Frame *frame, const PlanView &plan);
/// Takes the failure out of a frame that ends, for the operation that it is of; null if there is none.
FailureRecord *takeFailure(Frame *frame);
/// Lowers a `stopFrom` to `value`; true if that changed it.
bool lower(std::atomic<uint32_t> &place, uint32_t value);

} // namespace xcs
