#pragma once
#include "Runtime/Control.h"
#include "Runtime/EarlyVote.h"
#include <algorithm>
#include <memory>

namespace xcs {

/// An operation under way that activates its regions again and again or side by side. Each activation has an
/// index: of an element, a trip, a region, a combination; the order of the indices is that in which a run
/// line by line would come to them, so it decides which failure is the first. Ownership: made when the
/// operation starts, deleted by the worker that ends the last activation.
struct Repetition {
  explicit Repetition(const ControlCall &call) : parent(call.frame), op(&call.op), node(call.node) {}
  Repetition(const Repetition &) = delete;
  virtual ~Repetition() { delete failure.load(std::memory_order_relaxed); }

  /// An activation's nodes have all settled: takes in what it gives, or its failure, and destroys it. The
  /// operation's node once that was the last one; the repetition may be gone afterwards.
  virtual NodeAt ended(Engine &engine, Worker &w, Frame *activation) = 0;

  /// Whether the operation can do without an activation that fails: then a failure in it stops nothing around
  /// it.
  bool forgives = false;
  Frame *const parent;
  const PlanOp *const op;
  const uint32_t node;
  std::atomic<uint32_t> stopFrom{UINT32_MAX};    // activations from here on are not wanted any more
  std::atomic<FailureRecord *> failure{nullptr}; // the first by index; its `order` is the index
};

/// `for`, `while`, `scan` and `reduce` in order: one activation after the other. Thread safety: one worker at
/// a time touches it, the one that ends an activation and starts the next.
struct LoopRun final : Repetition {
  using Repetition::Repetition;

  Progress start(Engine &engine, Worker &w);
  NodeAt ended(Engine &engine, Worker &w, Frame *activation) override;

  // How its operation loops.
  uint64_t most = 0;        // trips
  bool decides = false;     // a trip says whether there is to be another one
  bool endsAtBound = false; // then the last trip ends it all the same, instead of failing it
  uint32_t elementSlot = 0; // of an activation, unless it decides
  uint32_t carriedSlot = 0; // the first of them

  uint64_t trip = 0;                       // of the activation under way, or the next one
  std::vector<Value> carried;              // what it is handed
  std::vector<std::vector<Value>> columns; // of a `scan`: what was yielded so far, by result
  std::vector<uint64_t> columnBytes;

private:
  void startTrip(Engine &engine, Worker &w);
  bool take(std::vector<Value> yielded);
  void deliver(Engine &engine);
};

/// `reduce` as a loop.
Progress reduceInOrder(const ControlCall &call);

/// Activations that run together, at most `window` at a time, started in the order of their indices.
/// Thread safety: exactly one worker at a time starts further ones (holds the feeder's token); a feeder that
/// finds the window full leaves the token `parked`. The rest is atomic.
struct WindowedRun : Repetition {
  using Repetition::Repetition;

  /// How many of what the feeder starts have an index before `end`.
  virtual uint32_t countBefore(uint32_t end) const = 0;
  /// Makes the activation that the feeder starts as number `i`.
  virtual Frame *activate(Engine &engine, Worker &w, uint32_t i) = 0;
  /// What the feeder would start from number `first` on is not wanted any more. As `ended`.
  virtual NodeAt abandonFrom(Engine &engine, Worker &w, uint32_t first) = 0;

  uint32_t count = 0; // of what the feeder starts
  uint32_t window = 0;
  uint32_t asked = UINT32_MAX; // the window that the program asks for, where it is smaller
  uint32_t refillAt = 0;       // the feeder is called back when so few are left
  uint32_t next = 0;           // first one that was not started; the feeder's
  std::atomic<uint32_t> live{0};
  std::atomic<bool> parked{false};
  std::atomic<bool> incomplete{false}; // an activation was left out or cut off, without a failure
};

/// `map`, `filter`, `sort_by`, `race`. `results[i]` is written by the one worker that ends activation i.
struct ParallelRun final : WindowedRun {
  using WindowedRun::WindowedRun;
  ~ParallelRun() override { delete fatal.load(std::memory_order_relaxed); }

  NodeAt ended(Engine &engine, Worker &w, Frame *activation) override;
  uint32_t countBefore(uint32_t end) const override { return std::min(count, end); }
  Frame *activate(Engine &engine, Worker &w, uint32_t i) override;
  NodeAt abandonFrom(Engine &engine, Worker &w, uint32_t first) override;

  /// Makes the list that the operation gives of its own list and what was yielded for each element of that.
  using Gather = std::vector<Value> (*)(std::span<const Value> items, std::span<const Value> yielded,
                                        const Limits &limits);
  Gather gather = nullptr; // null: what was yielded is the list
  bool ofRegions = false;  // an activation each of several regions, not of the elements of a list

  std::atomic<uint32_t> remaining{0}; // activations that have not ended
  std::vector<Value> results;         // by index; none where the operation has no result
  std::atomic<uint64_t> gathered{0};  // bytes of `results`
  std::atomic<bool> refused{false};   // one of them would have made them too many

  // Where the first `needed` to succeed are enough (0: all are wanted).
  enum class Verdict : uint8_t { Open, Won, Lost };
  uint32_t needed = 0;
  std::atomic<uint32_t> successes{0}, failures{0};
  std::atomic<uint32_t> firstFailed{UINT32_MAX};
  std::atomic<Verdict> verdict{Verdict::Open};
  std::atomic<FailureRecord *> fatal{nullptr}; // the first that cannot be forgiven
  std::vector<uint8_t> won;                    // by index; none where all are wanted
  std::unique_ptr<EarlyVote> vote;             // with `majority`: the first that decide it are enough

private:
  bool mayStillWin();
  void failed(Engine &engine, uint32_t index, FailureRecord *record);
  bool keepResult(Engine &engine, uint32_t index, Value result);
  void succeeded(Engine &engine, uint32_t index, std::vector<Value> yielded);
  NodeAt activationsGone(Engine &engine, uint32_t many);
  NodeAt finish(Engine &engine);
  void deliver(Engine &engine);
};

/// `reduce` as a balanced tree over the initial value and the elements, level by level of neighbours, so that
/// its shape depends on their number alone. A pair is started as soon as both sides are there. Pairs are
/// numbered as one comes to them from left to right: each behind all that it is made of.
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
    std::atomic<bool> hopeless{false}; // a side gave nothing
    Value left, right;
  };
  /// Lays the tree out over at least two values.
  void build(Value first, std::span<const Value> others);

  std::unique_ptr<Pair[]> pairs;
  std::vector<uint32_t> startable; // pairs of two given values, in order; what the feeder starts

private:
  Frame *activatePair(Engine &engine, Worker &w, uint32_t index);
  NodeAt finishPair(Engine &engine, Worker &w, uint32_t index, Value value, bool good);
  NodeAt finish(Engine &engine, Value value, bool good);
};

} // namespace xcs
