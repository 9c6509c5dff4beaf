#pragma once
#include "Runtime/Control.h"
#include "Runtime/EarlyVote.h"
#include <algorithm>
#include <memory>

namespace xcs {

/// An operation in flight that activates its regions repeatedly or concurrently. Each activation has an
/// index: of an element, an iteration, a region, a combination. Indices are in program order, so they decide
/// which failure is the first. Ownership: created when the operation starts, deleted by the worker that ends
/// the last activation.
struct Repetition {
  explicit Repetition(const ControlCall &call) : parent(call.frame), op(&call.op), node(call.node) {}
  Repetition(const Repetition &) = delete;
  virtual ~Repetition() { delete failure.load(std::memory_order_relaxed); }

  /// All nodes of an activation have settled: stores its results or its failure, and destroys it. Returns the
  /// operation's node if it was the last one; the repetition may then be destroyed.
  virtual NodeAt ended(Engine &engine, Worker &w, Frame *activation) = 0;

  /// Whether the operation tolerates a failed activation: then a failure in it cancels nothing around it.
  bool forgives = false;
  Frame *const parent;
  const PlanOp *const op;
  const uint32_t node;
  std::atomic<uint32_t> stopFrom{UINT32_MAX};    // activations from here on are no longer wanted
  std::atomic<FailureRecord *> failure{nullptr}; // the first by index; its `order` is the index
};

/// Whether a failure in a frame goes no further than an operation around it, which may make a value of it, or
/// do without: within it, everything is as in other runs.
bool isCaughtAround(const Frame *frame);

/// `for`, `while`, `scan` and `reduce` in order: one activation after another. Thread safety: one worker at a
/// time accesses it, the one that ends an activation and starts the next.
struct LoopRun final : Repetition {
  using Repetition::Repetition;

  Progress start(Engine &engine, Worker &w);
  NodeAt ended(Engine &engine, Worker &w, Frame *activation) override;

  // The kind of loop.
  uint64_t most = 0;        // iterations
  bool decides = false;     // an iteration decides whether there is another one
  bool endsAtBound = false; // the last iteration ends the loop instead of failing it
  uint32_t elementSlot = 0; // of an activation, unless it decides
  uint32_t carriedSlot = 0; // the first of them

  uint64_t trip = 0;                       // of the current activation, or the next one
  std::vector<Value> carried;              // the state passed to it
  std::vector<Value> yielded;              // by the activation that has just ended
  std::vector<std::vector<Value>> columns; // of a `scan`: the values yielded so far, by result
  std::vector<uint64_t> columnBytes;

private:
  uint32_t number() const;
  void fill(const Engine &engine, Frame *frame);
  void startTrip(Engine &engine, Worker &w);
  bool tripEnded(Engine &engine, Frame *activation);
  bool mayGoOn(Engine &engine);
  bool take();
  void deliver(Engine &engine);
};

/// `reduce` as a loop.
Progress reduceInOrder(const ControlCall &call);

/// Concurrent activations, at most `window` at a time, started in the order of their indices. Thread safety:
/// exactly one worker at a time starts further ones (holds the feeder's token); a feeder that finds the
/// window full leaves the token `parked`. The rest is atomic.
struct WindowedRun : Repetition {
  using Repetition::Repetition;

  /// How many of the activations that the feeder starts have an index before `end`.
  virtual uint32_t countBefore(uint32_t end) const = 0;
  /// Creates the activation that the feeder starts as number `i`.
  virtual Frame *activate(Engine &engine, Worker &w, uint32_t i) = 0;
  /// Activations that the feeder would start from number `first` on are no longer wanted. Returns as `ended`.
  virtual NodeAt abandonFrom(Engine &engine, Worker &w, uint32_t first) = 0;

  uint32_t count = 0; // of activations that the feeder starts
  uint32_t window = 0;
  uint32_t asked = UINT32_MAX; // the window requested by the program, if it is smaller
  uint32_t refillAt = 0;       // the feeder is called again when only this many are left
  uint32_t next = 0;           // the first one that is not started yet; only used by the feeder
  std::atomic<uint32_t> live{0};
  std::atomic<bool> parked{false};
  std::atomic<bool> incomplete{false}; // an activation was skipped or cancelled, without a failure
};

/// `map`, `filter`, `partition`, `sort_by`, `group_by`, `race`. `results[i]` is written by the one worker
/// that ends activation i. Where the region is swept, no frames are started: workers claim blocks of
/// activations and carry out each block in one frame (guided self-scheduling, Polychronopoulos and Kuck,
/// 1987, with blocks sized by how long the last one took).
struct ParallelRun final : WindowedRun {
  using WindowedRun::WindowedRun;
  ~ParallelRun() override { delete fatal.load(std::memory_order_relaxed); }

  NodeAt ended(Engine &engine, Worker &w, Frame *activation) override;
  uint32_t countBefore(uint32_t end) const override { return std::min(count, end); }
  Frame *activate(Engine &engine, Worker &w, uint32_t i) override;
  NodeAt abandonFrom(Engine &engine, Worker &w, uint32_t first) override;
  /// The next block of a run whose region is swept. True: there is more to claim. Otherwise one of the tasks
  /// that claim has ended, and `done` is the operation's node if it was the last one of all.
  bool sweepBlock(Engine &engine, Worker &w, NodeAt &done);

  /// Builds the result from the operation's list and the value yielded for each of its elements.
  using Gather = Value (*)(std::span<const Value> items, std::span<const Value> yielded,
                           const Limits &limits);
  Gather gather = nullptr;       // null: the yielded values are the list
  Gather gatherSecond = nullptr; // of the second result, if there is one
  bool ofRegions = false;        // one activation for each of several regions, not for the elements of a list

  std::atomic<uint32_t> remaining{0}; // activations that have not ended
  std::vector<Value> results;         // by index; none if the operation has no result
  std::atomic<uint64_t> gathered{0};  // bytes of `results`
  std::atomic<bool> refused{false};   // a result would have exceeded the limit

  // If the region is swept.
  std::atomic<uint32_t> claimed{0};   // activations, in the order of their indices; or more
  std::atomic<uint32_t> blockSize{1}; // of the next block that is claimed

  // If the first `needed` to succeed are enough (0: all are needed).
  enum class Verdict : uint8_t { Open, Won, Lost };
  uint32_t needed = 0;
  std::atomic<uint32_t> successes{0}, failures{0};
  std::atomic<uint32_t> firstFailed{UINT32_MAX};
  std::atomic<Verdict> verdict{Verdict::Open};
  std::atomic<FailureRecord *> fatal{nullptr}; // the first that cannot be tolerated
  std::vector<uint8_t> won;                    // by index; none if all are needed
  std::unique_ptr<EarlyVote> vote;             // with `majority`: the first that decide it are enough
  std::vector<uint8_t> chosen; // by index: those that won in an earlier process, and do again; none: open

  /// Decides it as an earlier process did, if one has.
  void chooseAgain(const ControlCall &call);

private:
  void keepChoice(Engine &engine) const;
  bool isWantedNow(uint32_t index) const;
  bool mayStillWin();
  void failed(Engine &engine, uint32_t index, FailureRecord *record);
  bool keepResult(Engine &engine, uint32_t index, Value result);
  void succeeded(Engine &engine, uint32_t index, std::span<Value> yielded);
  bool take(Engine &engine, Frame *activation, std::vector<Value> &yielded);
  NodeAt activationsGone(Engine &engine, uint32_t many);
  NodeAt finish(Engine &engine);
  void deliver(Engine &engine);
};

/// `reduce` as a balanced tree over the initial value and the elements, built level by level from neighbours,
/// so that its shape depends only on their number. A pair starts as soon as both sides are available. Pairs
/// are numbered from left to right, each after its sides.
struct TreeRun final : WindowedRun {
  using WindowedRun::WindowedRun;

  NodeAt ended(Engine &engine, Worker &w, Frame *activation) override;
  uint32_t countBefore(uint32_t end) const override;
  Frame *activate(Engine &engine, Worker &w, uint32_t i) override;
  NodeAt abandonFrom(Engine &engine, Worker &w, uint32_t first) override;

  static constexpr uint32_t none = UINT32_MAX;
  struct Pair {
    uint32_t parent = none;
    uint32_t above = 0;                // pairs that wait for it, one for the other
    bool isRight = false;              // of its parent
    std::atomic<uint8_t> missing{0};   // sides that are pairs and have not ended
    std::atomic<bool> hopeless{false}; // a side has no value
    Value left, right;
  };
  /// Builds the tree over at least two values.
  void build(Value first, std::span<const Value> others);

  std::unique_ptr<Pair[]> pairs;
  std::vector<uint32_t> startable; // pairs of two given values, in order; the feeder starts these

private:
  Frame *activatePair(Engine &engine, Worker &w, uint32_t index);
  NodeAt finishPair(Engine &engine, Worker &w, uint32_t index, Value value, bool good);
  NodeAt finish(Engine &engine, Value value, bool good);
};

} // namespace xcs
