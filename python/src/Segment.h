#pragma once
#include "src/HostJobs.h"
#include "src/Life.h"
#include "src/Node.h"
#include "xcs/Support/Mutex.h"
#include <functional>
#include <memory>
#include <unordered_set>
#include <vector>

namespace xcs::python {

/// What is done, for the threads of Python that wait for it. Thread safety: all members but for the bells'
/// owners.
class Board {
public:
  /// Tells that a node has left Pending. Needs no GIL.
  void done(const NodeRef &node);
  /// From now on, `take` gives the node once it is done.
  void watch(const NodeRef &node);
  /// The watched nodes that are done, once each.
  std::vector<NodeRef> take();
  /// Whether `take` would give one, or nothing is watched.
  bool hasReady();
  /// Readable while `take` would give one.
  const Bell &readyBell() const { return bell; }
  /// Rings when a node is done that `waiting` counts.
  void addWaiter(const Bell &waiter);
  void removeWaiter(const Bell &waiter);
  /// Keeps what holds objects of Python until a thread with the GIL drops it, with `dropLeft`.
  void leave(std::vector<NodeRef> nodes, std::shared_ptr<HostJob> job);
  void dropLeft();

private:
  Bell bell;
  Mutex mutex;
  std::unordered_set<const Node *> watched XCS_GUARDED_BY(mutex);
  std::vector<NodeRef> ready XCS_GUARDED_BY(mutex);
  std::vector<const Bell *> waiters XCS_GUARDED_BY(mutex);
  std::vector<NodeRef> leftNodes XCS_GUARDED_BY(mutex);
  std::vector<std::shared_ptr<HostJob>> leftJobs XCS_GUARDED_BY(mutex);
};

/// One run of a segment. It is submitted at once, or when those that come before it are over.
class Segment : public std::enable_shared_from_this<Segment> {
public:
  /// An argument: known already, or a node that is done when the segment is submitted.
  struct Input {
    RunInput known;
    NodeRef later; // null: `known`
  };

  // Set before `begin`, with the GIL.
  xcs::Session *session = nullptr; // which waits for its runs before it ends
  std::shared_ptr<Board> board;
  std::shared_ptr<HostJobs> jobs;
  ProgramRef program;
  std::vector<Input> arguments;
  std::vector<NodeRef> results, inputs;
  std::atomic<bool> lacksThread{false};      // it has a function that was not called yet
  std::vector<std::weak_ptr<Segment>> needs; // what is over before it begins, or gives it an input
  std::shared_ptr<HostJob> job;              // of its last operation; null: that is another one
  int64_t jobNumber = 0;

  /// Submits it when all of `before` are over; with the GIL.
  void begin(const std::vector<std::shared_ptr<Segment>> &before);
  /// It is over without a run: all results that are not there fail.
  void end(std::shared_ptr<Reason> failure);
  /// Whether its run is over. From any thread.
  bool isOver();
  /// Its run, if it was submitted by `begin` itself; with the GIL.
  const RunRef &run() const { return submitted; }

private:
  /// Ends one of its holds; after the last it is submitted. If it fails at once, those that waited for it
  /// follow.
  std::vector<std::shared_ptr<Segment>> release(bool inBegin);
  RunRef submit();
  void resultKnown(const RunRef &run, uint32_t index);
  void completed(const RunRef &run);
  /// Tells that it is over; returns the segments that waited for it.
  std::vector<std::shared_ptr<Segment>> settle(std::shared_ptr<Reason> failure);
  void finish(const NodeRef &node, Value value, uint32_t index);
  std::shared_ptr<Reason> failureOf(const RunReport &report) const;
  NodeRef failedInput() const;
  bool waitsForEarlier(const NodeRef &failed);

  RunRef submitted;
  std::atomic<int> holds{1}; // of its submission, and of its end when an input has failed
  std::vector<std::shared_ptr<Segment>> before;
  std::shared_ptr<Reason> failure; // of the whole; written before `over`
  Mutex mutex;
  bool over XCS_GUARDED_BY(mutex) = false;
  std::vector<std::shared_ptr<Segment>> next XCS_GUARDED_BY(mutex);
};

using SegmentRef = std::shared_ptr<Segment>;

} // namespace xcs::python
