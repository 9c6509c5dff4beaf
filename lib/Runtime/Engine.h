#pragma once
#include "Runtime/Pool.h"
#include "xcs/Runtime/Executor.h"

namespace xcs {

struct OutcomeBatch;
using Engine = Executor::Impl;
struct Repetition;
struct WindowedRun;

/// The node that settles when something below it has finished: where settling continues.
struct NodeAt {
  Frame *frame = nullptr;
  uint32_t node = 0;
  explicit operator bool() const { return frame; }
};

/// Set in a task's node: it has already settled; continue with its successors.
inline constexpr uint32_t settledBit = 0x80000000u;

/// The outcome of running a node.
enum class Progress : uint8_t {
  Settled, // finished, failed or skipped: successors may be notified
  Pending, // something in flight will settle it
};

/// Executes one program; gives tasks their meaning. A node settles exactly once, whether it finished, failed,
/// was skipped or cancelled; successors of a failed node settle as skipped because they follow it in program
/// order. So counts always come out even, and a frame has finished when its sinks have settled. Thread
/// safety: `execute` and `idle` on the pool's workers; the calls of the world (WorldClient) from any thread;
/// `run` on one thread at a time.
class Executor::Impl final : public TaskRunner, public WorldClient {
public:
  Impl(const PlanView &plan, const RunOptions &options, const MakeWorld &makeWorld);
  ~Impl() override;

  RunReport run(uint32_t function, std::vector<Value> arguments);
  void interrupt();
  void abandon() { world->abandon(); }
  void killPrograms() { world->killPrograms(); }
  bool hasUncertainWrites() const { return world->hasUncertainWrites(); }
  void shutdown() { world->shutdown(); }

  void execute(Worker &w, Task task) override;
  void idle(Worker &w) override;
  void quiet() override { world->quiet(); }

  bool wanted(Ticket ticket) const override;
  RequestPlace placeOf(Ticket ticket) const override;
  void finished(std::vector<WorldOutcome> outcomes) override;

  // For the handlers of control operations (Control.h) and their repetitions (Repetition.h).
  const Value &operandOf(const Frame *frame, const PlanOp &op, uint32_t i) const {
    return frame->slots[plan.operands[op.firstOperand + i]];
  }
  /// The same for an operation that reads it once: moved out if no other reader is left.
  Value takeOperand(Frame *frame, const PlanOp &op, uint32_t i) const;
  /// Counts an operation's reads of its operands, and of everything its regions capture.
  void freeOperands(Frame *frame, const PlanOp &op);
  Frame *makeFrame(Worker &w, uint32_t region, Frame *parent, uint32_t node, const PlanOp *op);
  /// A frame of a repetition; the caller fills in its arguments.
  Frame *makeActivation(Worker &w, Repetition &run, uint32_t region, uint32_t index);
  Progress enter(Worker &w, Frame *parent, uint32_t node, const PlanOp &op, uint32_t region,
                 std::vector<Value> arguments);
  Progress startFeeding(Worker &w, WindowedRun &run, uint32_t count);
  void exitWindow(Worker &w, WindowedRun &run);
  /// A repetition has ended, so its operation has settled. Deletes it.
  NodeAt end(Repetition &run);
  std::vector<Value> takeResults(Frame *frame);
  void returnList(Frame *frame, const PlanOp &op, uint32_t result, std::vector<Value> &items);
  uint64_t mostValueBytes() const;
  OpError tooLarge(const PlanOp &op) const;
  FailureRecord *makeRecord(const Frame *frame, const PlanOp &op, OpError error) const;
  void fail(Frame *frame, const PlanOp &op, OpError error);
  void failFrom(Frame *frame, const PlanOp &op, FailureRecord *inner);
  void skipFrom(Frame *frame, const PlanOp &op);
  void reconsider() { world->reconsider(); }
  bool mayRecurse(Frame *frame, const PlanOp &op, const PlanFunction &callee);

  const PlanView &plan;
  RunOptions options;
  Program program;
  StopCount stops{1}; // frames start at 0: never checked

private:
  // Engine.cpp: nodes and their settling.
  void begin(Worker &w, Frame *frame);
  void runNode(Worker &w, Frame *frame, uint32_t node);
  Progress runOps(Worker &w, Frame *frame, uint32_t node);
  inline bool runPure(Worker &w, Frame *frame, const PlanOp &op);
  template <bool Many> NodeAt runLight(Worker &w, Frame *frame, uint32_t node);
  NodeAt settle(Worker &w, Frame *frame, uint32_t node);
  NodeAt sinkSettled(Worker &w, Frame *frame);
  NodeAt wakeSuccessors(Worker &w, Frame *frame, uint32_t node, bool &isSink);
  NodeAt countSinks(Worker &w, Frame *frame, uint32_t count);
  void dispatch(Worker &w, Frame *frame, uint32_t node);
  void proceed(Worker &w, NodeAt at);
  void freeSlot(Frame *frame, uint32_t slot, uint32_t reads);
  void beforeNode(Worker &w, const Frame *frame, NodeClass next);
  void shareIfWorthWhile(Worker &w, NodeClass next);
  void flushSinks(Worker &w);
  bool concurrent() const { return options.jobs > 1; }

  // Control.cpp: operations with regions, guards.
  Progress runControl(Worker &w, Frame *frame, uint32_t node, const PlanOp &op);
  NodeAt finishRoot(Worker &w, Frame *frame);
  NodeAt finishFrame(Worker &w, Frame *frame);

  // Window.cpp: how many activations run at once.
  void feed(Worker &w, WindowedRun &run);

  // Failures.cpp: what is cancelled, what is reported.
  void stopEnclosing(Frame *frame, uint32_t order);
  void wrote(const Frame *frame, const PlanOp &op);
  void reportWrites(RunReport &out);
  void abort(Diag why, std::string message);

  // World.cpp: operations that the world executes.
  Progress runWorld(Worker &w, Frame *frame, uint32_t node, uint32_t op);
  void flushWorld(Worker &w);
  void reportSettled(Worker &w);
  void worldFinished(Worker &w, OutcomeBatch *batch, uint32_t index);
  void deliver(Worker &w, WorldOutcome &outcome, bool waited);

  /// Stores an event with absolute times, and where it happened.
  void record(Worker &w, TraceEvent event, const Frame *frame);
  void beginOutside();
  RunReport report();

  std::vector<std::unique_ptr<KernelCall>> calls; // one per worker
  Pool pool;
  struct alignas(64) Outgoing {
    std::vector<WorldRequest> requests; // to be submitted together
    std::vector<WorldOutcome> atOnce;   // empty between two submissions
    std::vector<uint64_t> settled;      // processed outcomes that the world must be told about
  };
  std::vector<Outgoing> outgoing; // by worker
  std::unique_ptr<World> world;

  std::vector<Value> results;
  std::unique_ptr<FailureRecord> failure; // of the run, once it has ended
  Mutex abortMutex;                       // a deadline may expire while the run ends
  Frame *root XCS_GUARDED_BY(abortMutex) = nullptr;
  // Set if the run as a whole was stopped: deadline, interrupt.
  std::unique_ptr<FailureRecord> aborted XCS_GUARDED_BY(abortMutex);
  Mutex writesMutex;
  std::vector<RunFailure> unknown XCS_GUARDED_BY(writesMutex), written XCS_GUARDED_BY(writesMutex);
  size_t writtenWords XCS_GUARDED_BY(writesMutex) = 0; // the size of the places of `written`
  std::atomic<bool> isStopped{false}; // `aborted` is set: for kernels, which check it through their limits
  std::atomic<uint64_t> liveFrames{0}, mostFrames{0};
  std::atomic<uint64_t> recursiveCalls{0}; // of this run
  int64_t startedAt = 0;                   // by the clock of the world
  uint64_t seed = 0;
};

} // namespace xcs
