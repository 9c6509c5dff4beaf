#pragma once
#include "World/Admission.h"
#include "World/WorldOp.h"
#include "xcs/Io/Descriptors.h"
#include "xcs/Io/Reactor.h"
#include "xcs/Support/Mutex.h"
#include <array>
#include <map>
#include <vector>

namespace xcs {

class BlockingPool;
class Children;
class HttpClient;

/// The reactor on which everything that waits happens, with the gates before it. Operations come in from
/// workers, outcomes go back to the client in batches, a few hand-overs a turn of the reactor. Thread safety:
/// `submit`, `reconsider`, `abandonWrites` and `setDeadline` from any thread; the rest on the reactor's.
class EventLoop {
public:
  explicit EventLoop(WorldContext &context);
  ~EventLoop();

  /// Why there is no reactor, and so every operation that needs one fails; empty: there is one.
  const std::string &problem() const { return why; }

  /// Hands operations over to be started; the outcome of each goes to the client. Where there is no reactor
  /// nothing may be submitted.
  void submit(std::vector<std::unique_ptr<WorldOp>> ops);
  /// Something was stopped: cancels operations in flight that nobody wants any more (WorldClient::wanted).
  void reconsider();
  /// Outcomes have been settled: the slots that were held back for what they make ready are free.
  void settled(std::span<const uint64_t> tokens);
  /// The process is about to end: writes that are under way are given up as well (WorldOp::abandon), and
  /// programs killed.
  void abandonWrites();
  /// Ends the thread, after programs that were told to end have ended, which `abandonWrites` makes short.
  /// What is said from then on is not heard. Again: does nothing.
  void stop() { made.reset(); }
  /// Calls `expired` on the loop's thread at `when`, once; a `when` of 0 takes the deadline back.
  void setDeadline(int64_t when, std::function<void()> expired);

  // For operations, on the loop's thread.
  Timers &timers() { return reactor->timers(); }
  Gate &gateOf(uint32_t resource) { return admission.gateOf(resource); }
  /// The HTTP client, made at the first request.
  HttpClient &httpClient();
  /// Threads for what blocks, made when first needed.
  BlockingPool &blockingPool();
  /// The programs that run for operations.
  Children &children() { return *childTable; }
  /// Bounds how many of them run at once.
  Gate &childGate() { return gateOfChildren; }
  /// Bounds how many operations work on files at once.
  Gate &fileGate() { return gateOfFiles; }
  void finished(WorldOp *op);
  /// Ends an operation that nobody wants any more: no result, no error.
  void cancel(WorldOp *op);
  /// Lets in a part of an operation that is under way; its owner is told when it ends.
  void admitPart(WorldOp *part) { admit(part); }
  /// Stops a part, wherever it is, without telling its owner. Does nothing to one that has ended.
  void dropPart(WorldOp *part);
  void retry(WorldOp *op, int64_t delay);
  /// An operation found no descriptor left: starts it again when others have given theirs back; false when
  /// nobody holds any that would be.
  bool waitForDescriptors(WorldOp *op);
  uint64_t peakInFlight() const { return mostInFlight; }
  uint64_t cancelledCount() const { return cancelled; }
  /// How many writes that may not be repeated are under way, or have ended with an unknown outcome. From any
  /// thread.
  uint64_t uncertainWrites() const { return uncertain.load(std::memory_order_relaxed); }

  /// Kills the programs, and those that are started from now on. From any thread.
  void killPrograms();

private:
  /// When a gate is looked at again, and the pause of its server that goes on.
  struct PaceTimer {
    uint64_t id = 0;
    int64_t when = 0;
    int64_t pausedSince = 0, pausedUntil = 0;
    uint64_t seenTurns = 0;           // operations that came later have not been asked whether they can wait
    int64_t toldAt = 0, toldWait = 0; // when a person was last told of a pause, and how long it was
  };

  void turn();
  void close();
  void post(Reactor::Step step) XCS_REQUIRES(mutex);
  void receive();
  void handBack();
  void admit(WorldOp *op);
  std::array<Gate *, 3> gatesOf(WorldOp *op);
  void begin(WorldOp *op);
  void release(WorldOp *op);
  void retire(WorldOp *op);
  void wakeGate(Gate &gate, int64_t wakeAt);
  void watchPause(Gate &gate, PaceTimer &timer);
  void boundWait(WorldOp *op, Gate &gate, const PaceTimer &timer, bool isAsked);
  void tellOfPause(PaceTimer &timer, const WorldOp &first, int64_t now);
  void watchHeld();
  void cancelUnwanted();
  void abandonWritesOnLoop();
  void halt(WorldOp *op);

  WorldContext &context;
  std::string why;

  Mutex mutex; // held at the end of `childTable` too
  std::vector<std::unique_ptr<WorldOp>> incoming XCS_GUARDED_BY(mutex);
  std::vector<uint64_t> settledTokens XCS_GUARDED_BY(mutex);
  bool wantsReconsider XCS_GUARDED_BY(mutex) = false;
  bool closed XCS_GUARDED_BY(mutex) = false; // the reactor takes nothing more

  uint64_t deadlineId = 0;
  Admission admission;
  std::map<Gate *, PaceTimer> paceTimers;
  uint64_t heldTimer = 0;
  int64_t heldUntil = 0;                       // 0: nothing is held back
  std::vector<WorldOp *> inFlight;             // admitted or waiting; owned
  std::vector<std::unique_ptr<WorldOp>> ended; // their outcomes go to the client before the reactor sleeps
  std::unique_ptr<HttpClient> http;
  std::unique_ptr<BlockingPool> blocking;
  std::unique_ptr<Children> childTable;
  const DescriptorBudget budget;
  Gate gateOfChildren, gateOfFiles, gateOfSockets;
  uint64_t lacking = 0;      // operations that wait for descriptors
  unsigned lackedInVain = 0; // how often one found none though nobody held any, since the last that succeeded
  std::atomic<uint64_t> mostInFlight{0}, cancelled{0}, uncertain{0};
  uint64_t running = 0, turns = 0;
  Reactor *reactor = nullptr;    // null: `why` says so
  std::unique_ptr<Reactor> made; // last: its thread uses all of the above
};

} // namespace xcs
