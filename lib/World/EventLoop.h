#pragma once
#include "World/Admission.h"
#include "World/PauseWatch.h"
#include "World/WorldOp.h"
#include "xcs/Io/Descriptors.h"
#include "xcs/Io/Reactor.h"
#include "xcs/Support/Mutex.h"
#include <map>
#include <vector>

namespace xcs {

class BlockingPool;
class Children;
class HttpClient;

/// The reactor for everything that waits, with its gates. Operations arrive from workers; outcomes return to
/// the clients in batches, a few per turn of the reactor. It may serve many worlds: an operation names its
/// own by its context. Thread safety: `submit`, `reconsider`, `settled`, `engineIdle`, `runLater`,
/// `abandonWrites`, `setDeadline` and `killPrograms` from any thread; the rest on the reactor's.
class EventLoop {
public:
  /// With the limits, and the denials of hosts, that hold for all its worlds; they outlive it.
  explicit EventLoop(const WorldOptions &options);
  ~EventLoop();

  /// Why there is no reactor, so that every operation that needs one fails; empty if there is one.
  const std::string &problem() const { return why; }

  /// Submits operations to be started; each outcome goes to the client. Without a reactor nothing may be
  /// submitted.
  void submit(std::vector<std::unique_ptr<WorldOp>> ops);
  /// Something of that world was cancelled: cancels its operations in flight that are no longer wanted
  /// (WorldClient::wanted).
  void reconsider(const std::shared_ptr<WorldContext> &context);
  /// Outcomes have been settled: frees the slots reserved for what they make ready.
  void settled(std::span<const uint64_t> tokens);
  /// The engine of that world may be idle: what waits in vain fails if nothing else can happen.
  void engineIdle(const std::shared_ptr<WorldContext> &context);
  /// Has a step run on the loop's thread, for as long as there is one.
  void runLater(Reactor::Step step);
  /// The process is about to exit: abandons writes in flight as well (WorldOp::abandon), and kills programs.
  void abandonWrites(const std::shared_ptr<WorldContext> &context);
  /// Ends the thread, after programs that were terminated have exited; `abandonWrites` shortens that. Later
  /// calls are ignored, including another `stop`.
  void stop() { made.reset(); }
  /// Calls `told` on the loop's thread with what that world has in flight and has used.
  void askStatus(const std::shared_ptr<WorldContext> &context, std::function<void(const WorldStatus &)> told);
  /// A run of that world begins: what it has used counts from now.
  void beginCounting(const std::shared_ptr<WorldContext> &context);
  /// Calls `expired` on the loop's thread at `when`, once; 0 removes the deadline of that world.
  void setDeadline(const std::shared_ptr<WorldContext> &context, int64_t when, std::function<void()> expired);

  // For operations, on the loop's thread.
  Timers &timers() { return reactor->timers(); }
  int64_t now() { return reactor->now(); }
  GateTable &gateTable() { return gates; }
  /// The HTTP client, created for the first request.
  HttpClient &httpClient();
  /// Threads for blocking calls, created on first use.
  BlockingPool &blockingPool();
  /// Threads for the functions of the host, created on first use.
  BlockingPool &hostPool();
  /// The programs that run for operations.
  Children &children() { return *childTable; }
  /// Bounds how many of them run at once.
  Gate &childGate() { return gateOfChildren; }
  /// Bounds how many operations work on files at once.
  Gate &fileGate() { return gateOfFiles; }
  /// Bounds how many functions of the host run at once.
  Gate &hostGate() { return gateOfHost; }
  void finished(WorldOp *op);
  /// Ends an operation that is no longer wanted: no result, no error.
  void cancel(WorldOp *op);
  /// Admits a part of an operation in flight; its owner is notified when it ends.
  void admitPart(WorldOp *part) { admit(part); }
  /// Stops a part, wherever it is, without notifying its owner. Has no effect on one that has ended.
  void cancelPart(WorldOp *part);
  void retry(WorldOp *op, int64_t delay);
  /// What an operation in flight waits for will not come: it fails (WorldOp::giveUp) once nothing else of its
  /// run can happen.
  void waitInVain(WorldOp *op);
  /// An operation found no descriptor available: restarts it when others have released theirs; false if no
  /// operation has any to release.
  bool waitForDescriptors(WorldOp *op);

  /// Kills the programs, and those that are started from now on. From any thread.
  void killPrograms();

private:
  /// When a gate is looked at again, and the current pause of its server.
  struct PaceTimer {
    uint64_t id = 0;
    int64_t when = 0;
    PauseWatch pause;
    int64_t reportedAt = 0, reportedWait = 0; // when a pause was last reported, and how long it was
  };

  void turn();
  void close();
  void post(Reactor::Step step) XCS_REQUIRES(mutex);
  void receive();
  void deliverEnded();
  void admit(WorldOp *op);
  GateUses gatesOf(WorldOp *op);
  void begin(WorldOp *op);
  void release(WorldOp *op);
  void retire(WorldOp *op);
  void wakeGate(Gate &gate, int64_t wakeAt);
  void watchPause(Gate &gate, PaceTimer &timer);
  void boundWait(WorldOp *op, Gate &gate, PaceTimer &timer, bool isAsked);
  void reportPause(PaceTimer &timer, const WorldOp &first, int64_t now);
  void watchHeld();
  // BudgetedLoop.cpp
  void settleBudget(WorldOp *op);
  bool reviewBudgets();
  bool reviewBudget(WorldContext &context);
  void cancelUnwanted(WorldContext &context);
  bool nothingElseIn(const WorldContext &context);
  void giveUpIfIdle(WorldContext &context);
  void abandonWritesOnLoop(WorldContext &context);
  static void count(WorldContext &context, const WorldOutcome &outcome);
  static WorldStatus statusOf(const WorldContext &context);
  void halt(WorldOp *op);

  const WorldOptions &options;
  std::string why;

  Mutex mutex; // held at the end of `childTable` too
  std::vector<std::unique_ptr<WorldOp>> incoming XCS_GUARDED_BY(mutex);
  std::vector<uint64_t> settledTokens XCS_GUARDED_BY(mutex);
  bool closed XCS_GUARDED_BY(mutex) = false; // the reactor takes nothing more

  GateTable gates;
  Admission admission;
  std::map<Gate *, PaceTimer> paceTimers;
  uint64_t heldTimer = 0;
  int64_t heldUntil = 0;                       // 0: no slot is reserved
  std::vector<WorldContext *> budgeted;        // worlds with a budget and operations in flight
  std::vector<std::unique_ptr<WorldOp>> ended; // delivered to their clients before the reactor sleeps
  std::unique_ptr<HttpClient> http;
  std::unique_ptr<BlockingPool> blocking, hosting;
  std::unique_ptr<Children> childTable;
  const DescriptorBudget budget;
  Gate gateOfChildren, gateOfFiles, gateOfSockets, gateOfHost;
  uint64_t lacking = 0;      // operations that wait for descriptors
  unsigned lackedInVain = 0; // failures in a row to get a descriptor though no other operation had any
  uint64_t turns = 0;
  Reactor *reactor = nullptr;    // null: see `why`
  std::unique_ptr<Reactor> made; // last: its thread uses all of the above
};

} // namespace xcs
