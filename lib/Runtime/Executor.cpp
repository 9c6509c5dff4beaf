#include "Runtime/Engine.h"
#include "xcs/Ops/ConstantPool.h"
#include <algorithm>
#include <map>
#include <thread>

using namespace xcs;

static RunOptions withDefaults(RunOptions options) {
  if (!options.jobs)
    options.jobs = std::max(1u, std::thread::hardware_concurrency());
  return options;
}

Executor::Impl::Impl(const PlanView &plan, const RunOptions &given, const MakeWorld &makeWorld)
    : plan(plan), options(withDefaults(given)), program(plan, options),
      pool(options.jobs, *this,
           [this] {
             calls.push_back(std::make_unique<KernelCall>(this->plan.constants, options.limits));
             calls.back()->prepared = &program.prepared;
             return calls.back().get();
           }),
      outgoing(options.jobs), world(makeWorld(*this)) {
  options.limits.stopWhen(&isStopped);
}

Executor::Impl::~Impl() {
  // All threads end before anything they use: first the world's, which pass outcomes to the pool, then the
  // pool's, which may still tell the world that the last ones have settled.
  world->shutdown();
  pool.stop();
}

/// 53 bits, small enough for every JSON reader to keep it exactly (RFC 8259, 6).
static uint64_t freshSeed(Host &host) { return host.entropy() >> 11; }

/// Tells the world that a run begins; a run whose deadline could not be watched fails.
void Executor::Impl::beginOutside() {
  auto expired = [this] {
    std::string limit = printDuration(options.timeoutNanoseconds);
    std::string_view arguments[] = {limit};
    abort(Diag::RunTimeout, formatMessage(rowOf(Diag::RunTimeout).text, arguments));
  };
  if (std::optional<OpError> problem = world->begin({seed, options.timeoutNanoseconds, expired}))
    abort(problem->id, std::move(problem->message));
}

RunReport Executor::Impl::run(uint32_t function, std::vector<Value> arguments) {
  startedAt = world->now();
  seed = options.seed ? *options.seed : freshSeed(*options.host);
  results.clear();
  failure.reset();
  mostFrames.store(0, std::memory_order_relaxed);
  recursiveCalls.store(0, std::memory_order_relaxed);
  Worker &w = pool.worker(0);
  Frame *frame = makeFrame(w, plan.functions[function].region, nullptr, 0, nullptr);
  frame->recursion = plan.functions[function].isRecursive;
  std::move(arguments.begin(), arguments.end(), frame->slots);
  {
    MutexLock lock(abortMutex);
    aborted.reset();
    isStopped.store(false, std::memory_order_relaxed);
    root = frame;
  }
  beginOutside();
  w.push({frame, 0, Task::Kind::Begin});
  pool.work();
  return report();
}

void Executor::Impl::interrupt() {
  abort(Diag::Interrupted, formatMessage(rowOf(Diag::Interrupted).text, {}));
}

static void addWork(RunStats &to, const RunStats &from) {
  to.operations += from.operations;
  to.dispatches += from.dispatches;
  to.frames += from.frames;
  to.steals += from.steals;
  to.worldOperations += from.worldOperations;
  to.world += from.world;
}

/// In the order of the plan, whatever the order of completion.
static std::vector<OpUsage> inOrder(const std::map<uint32_t, ModelUsage> &usage) {
  std::vector<OpUsage> out;
  for (const auto &[op, used] : usage)
    out.push_back({op, used});
  return out;
}

RunReport Executor::Impl::report() {
  RunReport out;
  WorldReport outside = world->end();
  std::map<uint32_t, ModelUsage> usage;
  for (unsigned i = 0; i < pool.jobs(); ++i) {
    Worker &w = pool.worker(i);
    addWork(out.stats, w.stats);
    w.stats = {};
    for (const auto &[op, used] : w.usage)
      usage[op] += used;
    w.usage.clear();
    out.trace.insert(out.trace.end(), w.trace.begin(), w.trace.end());
    w.trace.clear();
  }
  out.usage = inOrder(usage);
  out.stats.peakFrames = mostFrames.load(std::memory_order_relaxed);
  out.stats.threads = pool.threadsStarted() + outside.threads;
  out.stats.peakInFlight = outside.peakInFlight;
  out.stats.cancelled = outside.cancelled;
  {
    MutexLock lock(abortMutex);
    if (const FailureRecord *why = aborted ? aborted.get() : failure.get())
      out.failure = why->what;
    out.ok = !aborted && !failure;
  }
  if (out.ok)
    out.results = std::move(results);
  out.seed = seed;
  reportWrites(out);
  out.secrets = std::move(outside.secrets);
  out.shortSecrets = std::move(outside.shortSecrets);
  out.stats.wallNanoseconds = world->now() - startedAt;
  return out;
}

Executor::Executor(const PlanView &plan, const RunOptions &options, const MakeWorld &makeWorld)
    : impl(std::make_unique<Impl>(plan, options, makeWorld)) {}
Executor::~Executor() = default;
RunReport Executor::run(uint32_t function, std::vector<Value> arguments) {
  return impl->run(function, std::move(arguments));
}
void Executor::interrupt() { impl->interrupt(); }
void Executor::abandon() { impl->abandon(); }
void Executor::killPrograms() { impl->killPrograms(); }
bool Executor::hasUncertainWrites() const { return impl->hasUncertainWrites(); }
void Executor::shutdown() { impl->shutdown(); }
