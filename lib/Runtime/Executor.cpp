#include "Runtime/Engine.h"
#include "xcs/Ops/ConstantPool.h"
#include <chrono>
#include <map>
#include <thread>
#include <unistd.h>

using namespace xcs;

static RunOptions withDefaults(RunOptions options) {
  if (!options.jobs)
    options.jobs = std::max(1u, std::thread::hardware_concurrency());
  return options;
}

Executor::Impl::Impl(const PlanView &plan, const RunOptions &given)
    : plan(plan), options(withDefaults(given)), program(plan, options),
      context{plan, options, secrets, nullptr, 0},
      pool(options.jobs, *this,
           [this] {
             calls.push_back(std::make_unique<KernelCall>(this->plan.constants, options.limits));
             calls.back()->prepared = &program.prepared;
             return calls.back().get();
           }),
      outgoing(options.jobs) {
  // Before anything is read or sent, so that it does not depend on the order of operations what is searched
  // for them.
  for (const AttrNode &attr : plan.constants.attrs)
    if (attr.kind == AttrKind::Secret) {
      std::string_view name =
          plan.constants.textAttr(AttrId(static_cast<uint32_t>(&attr - plan.constants.attrs.data())));
      if (options.grants.mayUse(name))
        secrets.resolve(name);
    }
}

Executor::Impl::~Impl() {
  // All threads end before anything they look at: the loop's, which hands operations to the pool, then the
  // pool's.
  startedLoop.store(nullptr);
  loop.reset();
  pool.stop();
}

/// Small enough for every reader of JSON to keep it exactly: 53 bits (RFC 8259, 6).
static uint64_t freshSeed() {
  uint64_t seed = 0;
  if (getentropy(&seed, sizeof seed) != 0)
    seed = static_cast<uint64_t>(monotonicNanoseconds());
  return seed >> 11;
}

void Executor::Impl::watchDeadline() {
  auto abortWith = [this](Diag why, std::string_view what) {
    std::string_view arguments[] = {what};
    abort(why, formatMessage(rowOf(why).text, arguments));
  };
  if (const std::string &problem = eventLoop().problem(); !problem.empty())
    return abortWith(Diag::CannotWait, problem);
  eventLoop().setDeadline(timeAfter(startedAt, options.timeoutNanoseconds), [this, abortWith] {
    abortWith(Diag::RunTimeout, printDuration(options.timeoutNanoseconds));
  });
}

RunReport Executor::Impl::run(uint32_t function, std::vector<Value> arguments) {
  startedAt = monotonicNanoseconds();
  context.seed = options.seed ? *options.seed : freshSeed();
  results.clear();
  failure.reset();
  mostFrames.store(0, std::memory_order_relaxed);
  recursiveCalls.store(0, std::memory_order_relaxed);
  Worker &w = pool.worker(0);
  Frame *frame = makeFrame(w, plan.functions[function].region, nullptr, 0, nullptr);
  frame->recursion = plan.functions[function].isRecursive;
  std::move(arguments.begin(), arguments.end(), frame->slots);
  {
    std::lock_guard lock(abortMutex);
    aborted.reset();
    root = frame;
  }
  if (options.timeoutNanoseconds)
    watchDeadline();
  w.push({frame, 0, Task::Kind::Begin});
  pool.work();
  if (options.timeoutNanoseconds)
    eventLoop().setDeadline(0, nullptr);
  return report(startedAt);
}

void Executor::Impl::interrupt() {
  abort(Diag::Interrupted, formatMessage(rowOf(Diag::Interrupted).text, {}));
}

void Executor::Impl::abandon() {
  if (EventLoop *waiting = startedLoop.load(std::memory_order_acquire))
    waiting->abandonWrites();
}

void Executor::Impl::killPrograms() {
  if (EventLoop *waiting = startedLoop.load(std::memory_order_acquire))
    waiting->killPrograms();
}

bool Executor::Impl::hasUncertainWrites() const {
  EventLoop *waiting = startedLoop.load(std::memory_order_acquire);
  return waiting && waiting->uncertainWrites() > 0;
}

void Executor::Impl::waitForPrograms() {
  EventLoop *waiting = startedLoop.load(std::memory_order_acquire);
  while (waiting && waiting->programsLeft())
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

static void addWork(RunStats &to, const RunStats &from) {
  to.operations += from.operations;
  to.dispatches += from.dispatches;
  to.frames += from.frames;
  to.steals += from.steals;
  to.worldOperations += from.worldOperations;
}

/// In the order of the plan, whoever finished what.
static std::vector<OpUsage> inOrder(const std::map<uint32_t, ModelUsage> &usage) {
  std::vector<OpUsage> out;
  for (const auto &[op, used] : usage)
    out.push_back({op, used});
  return out;
}

RunReport Executor::Impl::report(int64_t started) {
  RunReport out;
  std::map<uint32_t, ModelUsage> usage;
  for (unsigned i = 0; i < pool.jobs(); ++i) {
    Worker &w = pool.worker(i);
    addWork(out.stats, w.stats);
    addUsage(out.stats, w.stats);
    w.stats = {};
    for (const auto &[op, used] : w.usage)
      usage[op] += used;
    w.usage.clear();
    out.trace.insert(out.trace.end(), w.trace.begin(), w.trace.end());
    w.trace.clear();
  }
  out.usage = inOrder(usage);
  out.stats.peakFrames = mostFrames.load(std::memory_order_relaxed);
  out.stats.threads = pool.threadsStarted();
  if (loop) {
    out.stats.peakInFlight = loop->peakInFlight();
    out.stats.cancelled = loop->cancelledCount();
    ++out.stats.threads;
  }
  if (const FailureRecord *why = aborted ? aborted.get() : failure.get())
    out.failure = why->what;
  out.ok = !aborted && !failure;
  if (out.ok)
    out.results = std::move(results);
  out.seed = context.seed;
  reportWrites(out);
  out.secrets = secrets.used();
  out.shortSecrets = secrets.shortOnes();
  out.stats.wallNanoseconds = monotonicNanoseconds() - started;
  return out;
}

Executor::Executor(const PlanView &plan, const RunOptions &options)
    : impl(std::make_unique<Impl>(plan, options)) {}
Executor::~Executor() = default;
RunReport Executor::run(uint32_t function, std::vector<Value> arguments) {
  return impl->run(function, std::move(arguments));
}
void Executor::interrupt() { impl->interrupt(); }
void Executor::abandon() { impl->abandon(); }
void Executor::killPrograms() { impl->killPrograms(); }
bool Executor::hasUncertainWrites() const { return impl->hasUncertainWrites(); }
void Executor::waitForPrograms() { impl->waitForPrograms(); }
