#pragma once
#include "Runtime/Frame.h"
#include "Runtime/Pool.h"
#include "xcs/Runtime/RunPool.h"
#include <unordered_map>

namespace xcs {

class PlanInPool;
struct ParallelRun;
struct Repetition;
struct WindowedRun;

/// The node that settles when something below it has finished: where settling continues.
struct NodeAt {
  Frame *frame = nullptr;
  uint32_t node = 0;
  explicit operator bool() const { return frame; }
};

/// What a task of the pool says.
enum class TaskKind : uint32_t {
  Node,     // of a Frame: run node `detail`, and what follows from it
  Begin,    // a Frame: start its roots
  Feed,     // a WindowedRun: start activations
  Sweep,    // a ParallelRun: carry out the next activations
  Finished, // an OutcomeBatch: settle the node of outcome number `detail`
  Input,    // an Engine: settle the node of its entry's parameter `detail`
};
inline Task makeTask(TaskKind kind, void *object, uint32_t detail = 0) {
  return {object, detail, static_cast<uint32_t>(kind)};
}

/// After this long without a pause a worker starts to share light tasks: the remaining work is then likely to
/// take longer than waking another worker, about 30 us.
inline constexpr int64_t shareAfterNanoseconds = 50'000;

/// Outcomes delivered together; each is a separate task. Freed with the last of them.
struct OutcomeBatch {
  OutcomeBatch(Engine &engine, std::vector<WorldOutcome> given)
      : engine(engine), outcomes(std::move(given)), left(outcomes.size()) {}

  Engine &engine;
  std::vector<WorldOutcome> outcomes;
  std::atomic<size_t> left;
};

/// What the engine keeps for each worker. Only the worker's thread touches it, and between runs the thread
/// that reports.
struct alignas(64) WorkerState {
  WorkerState(const ConstantView &constants, const Limits &limits, const PreparedAttrs &prepared)
      : call(constants, limits) {
    call.prepared = &prepared;
  }

  KernelCall call;            // of the pure operation in progress
  Frame *sinkFrame = nullptr; // sinks of this frame that were passed but not counted yet
  uint32_t sinksPassed = 0;
  RunStats stats;
  std::vector<TraceEvent> trace;
  std::unordered_map<uint32_t, ModelUsage> usage; // by operation of the plan
  std::vector<WorldRequest> requests;             // to be submitted together
  std::vector<WorldOutcome> atOnce;               // empty between two hand-overs
  std::vector<uint64_t> settled;                  // outcomes taken in of which the world wants to hear
};

/// Set in the node of a task: it has settled already, continue with its successors.
inline constexpr uint32_t settledBit = 0x80000000u;

/// The outcome of running a node.
enum class Progress : uint8_t {
  Settled, // finished, failed or skipped: successors may be notified
  Pending, // something in flight will settle it
};

/// Executes a function of a plan, one run at a time; gives tasks their meaning. A node settles exactly once,
/// whether it finished, failed, was skipped or cancelled; successors of a failed node settle as skipped
/// because they follow it in program order. So counts always come out even, and a frame has finished when its
/// sinks have settled.
///
/// Many engines may share one pool (RunPool): then a task finds its engine through its object, and a run ends
/// by a call of its owner on the worker that settled the last sink. `references` counts the run and each
/// worker that is within the engine, and the last to leave gives it back to its plan.
///
/// Thread safety: `execute` and `idle` on the pool's workers; the calls of the world (WorldClient) and of the
/// owner (RunInFlight) from any thread; `run` and `start` on one thread at a time.
class Engine final : public TaskRunner, public WorldClient, public RunInFlight {
public:
  /// `options.jobs` is that of the pool.
  Engine(const Program &program, const RunOptions &options, const MakeWorld &makeWorld, Pool &pool);
  ~Engine() override;

  /// Runs a function; the calling thread is worker 0 of the pool, which is this engine's alone.
  RunReport run(uint32_t function, std::vector<Value> arguments);
  /// Starts a run in a shared pool.
  void start(std::shared_ptr<PlanInPool> plan, RunSetup setup, RunOwner &user);
  void interrupt();
  World &outside() { return *world; }

  void execute(Worker &w, Task task) override;
  void idle(Worker &w) override;
  void onAllIdle() override { world->onIdle(); }
  bool isIdle() const override { return inputsMissing.load(std::memory_order_acquire) == 0 && pool.isIdle(); }

  // For a shared pool: a worker comes and goes.
  void enter(const Worker &w);
  /// Hands on everything that would wait for the worker. False: it has settled outcomes of which the world is
  /// to hear when the worker has nothing left to do, by another call. `atLast`: now, whatever it has to do.
  bool leave(Worker &w, bool atLast = false);
  void release();

  // RunInFlight.
  void abort(Diag why, std::string message) override;
  void abandon() override { world->abandon(); }
  void setInput(uint32_t parameter, Value value) override;
  void failInput(uint32_t parameter, RunFailure why) override;

  bool wanted(Ticket ticket) const override;
  RequestPlace placeOf(Ticket ticket) const override;
  bool isCaught(Ticket ticket) const override;
  bool isEnding() const override { return isStopped.load(std::memory_order_relaxed); }
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
  /// A frame of a repetition, its arguments still to be filled in. `following`: how many activations of the
  /// same region come after it, one by one.
  Frame *makeActivation(Worker &w, Repetition &run, uint32_t region, uint32_t index, uint64_t following);
  /// Makes an activation that has ended well the next one of its repetition; only of a region that is swept.
  void renewActivation(Worker &w, Frame *frame, uint32_t index);
  /// Whether activations of the region are carried out in one go, so that one frame serves many of them.
  bool sweepsActivationsOf(uint32_t region) const {
    const PreparedRegion &form = program.formOf(region, options.trace);
    return sweepsAtOnce(form) || !form.nodeCount;
  }
  /// Carries out a renewed activation, if nothing has come in that goes first. It is not counted as alive.
  bool sweepOn(Worker &w, Frame *frame);
  void sweepActivation(Worker &w, Frame *frame);
  /// Starts an activation that has been renewed but not carried out.
  void beginRenewed(Worker &w, Frame *frame);
  Progress startSweeping(Worker &w, ParallelRun &run);
  /// Destroys a frame that `makeActivation` made.
  void discard(Frame *frame);
  /// What the worker has on its stack is shared with others from now on.
  static void takesLong(Worker &w) { w.sharing = true; }
  Progress enter(Worker &w, Frame *parent, uint32_t node, const PlanOp &op, uint32_t region,
                 std::vector<Value> arguments);
  Progress startFeeding(Worker &w, WindowedRun &run, uint32_t count);
  void exitWindow(Worker &w, WindowedRun &run);
  /// A repetition has ended, so its operation has settled. Deletes it.
  NodeAt end(Repetition &run);
  /// The results of a frame that has ended well; its last reader moves them out.
  void takeResults(Frame *frame, std::vector<Value> &out);
  std::vector<Value> takeResults(Frame *frame);
  void returnList(Frame *frame, const PlanOp &op, uint32_t result, std::vector<Value> &items);
  /// The same for any value.
  void returnValue(Frame *frame, const PlanOp &op, uint32_t result, Value value);
  uint64_t mostValueBytes() const;
  OpError tooLarge(const PlanOp &op) const;
  FailureRecord *makeRecord(const PlanOp &op, OpError error) const;
  void fail(Frame *frame, const PlanOp &op, OpError error);
  void failFrom(Frame *frame, const PlanOp &op, FailureRecord *inner);
  void skipFrom(Frame *frame, const PlanOp &op);
  void reconsider() { world->reconsider(); }
  /// Lowers the `stopFrom` of a repetition, or of the entry; true if that changed it.
  bool stop(std::atomic<uint32_t> &place, uint32_t value) {
    const bool isLower = lower(place, value);
    if (isLower)
      stops.fetch_add(1, std::memory_order_acq_rel);
    return isLower;
  }
  /// Whether what depends on no failure of that frame continues (KeepGoing.cpp).
  bool goesOn(const Frame *frame) const;
  /// One that did not come out of an operation's own activations.
  void keepFailure(const Frame *frame, RunFailure what);
  bool mayRecurse(Frame *frame, const PlanOp &op, const PlanFunction &callee);

  const PlanView &plan;
  RunOptions options;
  const Program &program;
  StopCount stops{1}; // frames start at 0: never checked

private:
  // Engine.cpp: nodes and their settling.
  void begin(Worker &w, Frame *frame);
  void runNode(Worker &w, Frame *frame, uint32_t node);
  Progress runOps(Worker &w, Frame *frame, uint32_t node);
  KernelCall &callIn(Worker &w, Frame *frame);
  template <bool Ordered>
  bool sweep(KernelCall &call, Frame *frame, const uint32_t *order, uint32_t first, uint32_t end);
  bool sweepNode(KernelCall &call, Frame *frame, uint32_t node);
  bool sweepWhole(Worker &w, Frame *frame);
  template <bool Many> NodeAt runLight(Worker &w, Frame *frame, uint32_t node);
  NodeAt settle(Worker &w, Frame *frame, uint32_t node);
  NodeAt sinkSettled(Worker &w, Frame *frame);
  NodeAt wakeSuccessors(Worker &w, Frame *frame, uint32_t node, bool &isSink);
  NodeAt countSinks(Worker &w, Frame *frame, uint32_t count);
  void dispatch(Worker &w, Frame *frame, uint32_t node);
  void proceed(Worker &w, NodeAt at);
  void freeSlot(Frame *frame, uint32_t slot, uint32_t reads);
  void beforeNode(Worker &w, const Frame *frame, NodeClass next);
  void shareIfWorthWhile(Worker &w, NodeClass next, uint32_t operations = 1);
  void flushSinks(Worker &w);
  bool concurrent() const { return options.jobs > 1; }
  /// Whether frames of the region are carried out as soon as they are begun, all in one go.
  bool sweepsAtOnce(const PreparedRegion &region) const { return region.isOnePiece && !options.trace; }
  WorkerState &stateOf(const Worker &w) { return *states[w.index]; }
  std::unique_ptr<WorkerState> makeState() const;

  // Control.cpp: operations with regions, guards.
  Progress runControl(Worker &w, Frame *frame, uint32_t node, const PlanOp &op);
  void prepareFrame(Frame *frame);
  void captureInto(Frame *frame);
  void countFrame();
  NodeAt finishRoot(Worker &w, Frame *frame);
  NodeAt finishFrame(Worker &w, Frame *frame);
  std::optional<Value> caught(const PlanOp &op, const RunFailure &failure) const;

  // OpenRun.cpp: inputs that come during the run, results that leave during it.
  void prepareInputs(const std::vector<bool> &isMissing);
  void beginInputs(Worker &w, Frame *frame);
  void inputArrived(Worker &w, uint32_t parameter);
  void resultKnown(Frame *frame, uint32_t node);
  bool takeInput(uint32_t parameter);
  std::vector<Task> takeInputsFrom(uint32_t parameter);

  // Window.cpp: how many activations run at once.
  void feed(Worker &w, WindowedRun &run);
  void sweepSome(Worker &w, ParallelRun &run);

  // Failures.cpp: what is cancelled, what is reported.
  void stopEnclosing(Frame *frame, uint32_t order);
  void stopFrame(Frame *frame, uint32_t order, uint32_t surviving);
  void wrote(const Frame *frame, const PlanOp &op);
  void reportWrites(RunReport &out);

  void stopAll(Frame &frame);

  // KeepGoing.cpp: what continues after a failure.
  bool isSkipped(Frame *frame, const PlanOp &op);
  bool dependsOnFailure(const Frame *frame, const PlanOp &op) const;
  void addDependents(Frame *frame, const PlanOp &op) const;
  void stopDependents(Frame *frame, const PlanOp &op);
  void reportFailures(RunReport &out);
  bool hasResults(const Frame *frame) const;
  /// Whether an operation may start.
  bool mayStart(Frame *frame, const PlanOp &op) {
    return frame->wanted(op.order) &&
           (op.order < frame->stopFrom.load(std::memory_order_acquire) || !isSkipped(frame, op));
  }

  // World.cpp: operations that the world executes.
  Progress runWorld(Worker &w, Frame *frame, uint32_t node, uint32_t op);
  void flushWorld(Worker &w);
  void reportSettled(Worker &w, bool atLast = false);
  void worldFinished(Worker &w, OutcomeBatch *batch, uint32_t index);
  void deliver(Worker &w, WorldOutcome &outcome, bool waited);

  /// Stores an event with absolute times, and where it happened.
  void record(Worker &w, TraceEvent event, const Frame *frame);
  // Run.cpp: the beginning and the end of a run.
  Frame *beginRun(uint32_t function, const PreparedRegion &region, std::vector<Value> arguments);
  void beginOutside(uint32_t function, std::function<void()> expired);
  void expired();
  RunReport report();

  std::vector<std::unique_ptr<WorkerState>> states; // by Worker::index; null until that worker enters
  Pool &pool;
  std::unique_ptr<World> world;

  // In a shared pool.
  std::atomic<uint32_t> references{0};
  std::shared_ptr<PlanInPool> home; // the plan, while a run is in flight or a worker is within
  RunOwner *owner = nullptr;        // of the run

  struct OpenInput;
  std::unique_ptr<OpenInput[]> inputs; // by parameter; null: all were there from the beginning
  uint32_t inputCount = 0;
  std::atomic<uint32_t> inputsMissing{0};             // which no worker has taken in yet
  std::atomic<FailureRecord *> inputFailure{nullptr}; // of the first parameter whose producer failed
  Frame *entry = nullptr;                             // while inputs may come

  std::vector<Value> results;
  bool resultsKnown = false;                       // of a run that keeps going, though something has failed
  std::unique_ptr<FailureRecord> failure, stopped; // of the run, once it has ended: its own, or `aborted`
  Mutex abortMutex;                                // a deadline may expire while the run ends
  Frame *root XCS_GUARDED_BY(abortMutex) = nullptr;
  // Set if the run as a whole was stopped: deadline, interrupt.
  std::unique_ptr<FailureRecord> aborted XCS_GUARDED_BY(abortMutex);
  Mutex writesMutex;
  std::vector<RunFailure> unknown XCS_GUARDED_BY(writesMutex), written XCS_GUARDED_BY(writesMutex);
  std::vector<RunFailure> failures XCS_GUARDED_BY(writesMutex); // of a run that keeps going
  uint64_t failureCount XCS_GUARDED_BY(writesMutex) = 0;
  size_t writtenWords XCS_GUARDED_BY(writesMutex) = 0; // the size of the places of `written`
  std::atomic<bool> hasWrites{false};                  // there is something in `unknown` or `written`
  std::atomic<bool> isStopped{false}; // `aborted` is set: for kernels, which check it through their limits
  std::atomic<uint64_t> liveFrames{0}, mostFrames{0};
  std::atomic<uint64_t> recursiveCalls{0}; // of this run
  int64_t startedAt = 0;                   // by the clock of the world
  uint64_t seed = 0;
};

} // namespace xcs
