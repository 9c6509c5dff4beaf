#include "Runtime/OpenInput.h"
#include "Runtime/PlanInPool.h"
#include "xcs/Ops/ConstantPool.h"
#include <map>

using namespace xcs;

Engine::Engine(const Program &program, const RunOptions &given, const MakeWorld &makeWorld, Pool &pool)
    : plan(program.plan), options(given), program(program), states(given.jobs), pool(pool),
      world(makeWorld(*this)) {
  options.limits.stopWhen(&isStopped);
}

Engine::~Engine() { delete inputFailure.load(std::memory_order_relaxed); }

std::unique_ptr<WorkerState> Engine::makeState() const {
  return std::make_unique<WorkerState>(plan.constants, options.limits, program.prepared);
}

/// 53 bits, small enough for every JSON reader to keep it exactly (RFC 8259, 6).
static uint64_t freshSeed(Host &host) { return host.entropy() >> 11; }

/// Tells the world that a run begins; a run whose deadline could not be watched fails.
void Engine::beginOutside(uint32_t function, std::function<void()> expired) {
  const RunStart start{seed, options.timeoutNanoseconds, std::move(expired), function};
  if (std::optional<OpError> problem = world->begin(start))
    abort(problem->id, std::move(problem->message));
}

/// The frame of the entry, whose run is then in flight.
Frame *Engine::beginRun(uint32_t function, const PreparedRegion &region, std::vector<Value> arguments) {
  startedAt = world->now();
  seed = options.seed ? *options.seed : freshSeed(*options.host);
  results.clear();
  failure.reset();
  liveFrames.store(1, std::memory_order_relaxed);
  mostFrames.store(1, std::memory_order_relaxed);
  recursiveCalls.store(0, std::memory_order_relaxed);
  Frame *frame = Frame::create(region, !sweepsAtOnce(region));
  frame->recursion = plan.functions[function].isRecursive;
  std::move(arguments.begin(), arguments.end(), frame->slots);
  prepareFrame(frame);
  MutexLock lock(abortMutex);
  aborted.reset();
  isStopped.store(false, std::memory_order_relaxed);
  root = frame;
  return frame;
}

void Engine::expired() {
  std::string limit = printDuration(options.timeoutNanoseconds);
  std::string_view arguments[] = {limit};
  abort(Diag::RunTimeout, formatMessage(rowOf(Diag::RunTimeout).text, arguments));
}

RunReport Engine::run(uint32_t function, std::vector<Value> arguments) {
  for (std::unique_ptr<WorkerState> &state : states)
    if (!state)
      state = makeState();
  Frame *frame = beginRun(function, program.openForm(function, {}, options.trace), std::move(arguments));
  beginOutside(function, [this] { expired(); });
  pool.worker(0).push(makeTask(TaskKind::Begin, frame));
  pool.work();
  return report();
}

void Engine::start(std::shared_ptr<PlanInPool> from, RunSetup setup, RunOwner &user) {
  home = std::move(from);
  owner = &user;
  references.store(1, std::memory_order_relaxed);
  options.timeoutNanoseconds = setup.timeoutNanoseconds;
  options.seed = setup.seed;
  options.trace = setup.trace;
  const PreparedRegion &region =
      program.openForm(setup.function, {!setup.isMissing.empty(), setup.earlyResults}, options.trace);
  if (!setup.isMissing.empty())
    prepareInputs(setup.isMissing);
  entry = beginRun(setup.function, region, std::move(setup.arguments));
  // Inputs may come at once. The beginning is one sink more, so that the run does not end before it.
  if (inputs)
    entry->sinksLeft.fetch_add(1, std::memory_order_relaxed);
  Frame *frame = entry;
  beginOutside(setup.function, std::move(setup.expired));
  home->began(this);
  user.began(*this);
  pool.inject(makeTask(TaskKind::Begin, frame));
}

void Engine::enter(const Worker &w) {
  references.fetch_add(1, std::memory_order_relaxed);
  if (!states[w.index])
    states[w.index] = makeState();
}

bool Engine::leave(Worker &w, bool atLast) {
  flushSinks(w);
  reportSettled(w, atLast);
  return stateOf(w).settled.empty();
}

void Engine::release() {
  if (references.fetch_sub(1, std::memory_order_acq_rel) != 1)
    return;
  // It may be the last owner of the plan, which owns this engine after the next line.
  std::shared_ptr<PlanInPool> mine = std::move(home);
  mine->takeBack(this);
}

void Engine::interrupt() { abort(Diag::Interrupted, formatMessage(rowOf(Diag::Interrupted).text, {})); }

/// Takes a record out of its place, which nothing else uses any more.
static std::unique_ptr<FailureRecord> takeFrom(std::atomic<FailureRecord *> &place) {
  FailureRecord *const record = place.load(std::memory_order_acquire);
  place.store(nullptr, std::memory_order_relaxed);
  return std::unique_ptr<FailureRecord>(record);
}

/// The last sink of the entry has settled.
NodeAt Engine::finishRoot(Worker &w, Frame *frame) {
  {
    MutexLock lock(abortMutex);
    root = nullptr; // nothing stops it any more
    stopped = std::move(aborted);
  }
  failure = takeFrom(inputFailure);
  std::unique_ptr<FailureRecord> own(takeFailure(frame));
  if (!failure)
    failure = std::move(own);
  resultsKnown = !failure || hasResults(frame);
  if (resultsKnown)
    results = takeResults(frame);
  Frame::destroy(frame);
  if (!owner) {
    pool.finish(w);
    return {};
  }
  home->over(this);
  std::exchange(owner, nullptr)->ended(report()); // after it, no call of RunInFlight is in progress
  inputs.reset();
  inputCount = 0;
  entry = nullptr;
  release();
  return {};
}

static void addWork(RunStats &to, const RunStats &from) {
  to.operations += from.operations;
  to.dispatches += from.dispatches;
  to.frames += from.frames;
  to.worldOperations += from.worldOperations;
  to.refused += from.refused;
  to.world += from.world;
}

/// In the order of the plan, whatever the order of completion.
static std::vector<OpUsage> inOrder(const std::map<uint32_t, ModelUsage> &usage) {
  std::vector<OpUsage> out;
  for (const auto &[op, used] : usage)
    out.push_back({op, used});
  return out;
}

RunReport Engine::report() {
  RunReport out;
  WorldReport outside = world->end();
  std::map<uint32_t, ModelUsage> usage;
  out.stats.frames = 1; // the entry's
  for (const std::unique_ptr<WorkerState> &state : states) {
    if (!state)
      continue;
    addWork(out.stats, std::exchange(state->stats, {}));
    for (const auto &[op, used] : state->usage)
      usage[op] += used;
    state->usage.clear();
    out.trace.insert(out.trace.end(), state->trace.begin(), state->trace.end());
    state->trace.clear();
  }
  out.usage = inOrder(usage);
  out.stats.peakFrames = mostFrames.load(std::memory_order_relaxed);
  out.stats.threads = pool.threadsStarted() + outside.threads;
  out.stats.peakInFlight = outside.peakInFlight;
  out.stats.cancelled = outside.cancelled;
  if (const FailureRecord *why = stopped ? stopped.get() : failure.get())
    out.failure = why->what;
  out.ok = !stopped && !failure;
  out.hasResults = !stopped && resultsKnown;
  if (out.hasResults)
    out.results = std::move(results);
  out.seed = seed;
  reportWrites(out);
  if (options.keepGoing)
    reportFailures(out);
  out.secrets = std::move(outside.secrets);
  out.shortSecrets = std::move(outside.shortSecrets);
  out.budget = std::move(outside.budget);
  out.stats.wallNanoseconds = world->now() - startedAt;
  return out;
}
