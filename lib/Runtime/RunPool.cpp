#include "xcs/Runtime/RunPool.h"
#include "Runtime/PlanInPool.h"
#include "Runtime/Repetition.h"
#include <algorithm>

using namespace xcs;

PlanInPool::PlanInPool(const PlanView &plan, RunOptions given, MakeWorld makeWorld,
                       std::shared_ptr<const void> keepAlive, Pool &pool, AskingRuns &asking)
    : keepAlive(std::move(keepAlive)), options(std::move(given)), makeWorld(std::move(makeWorld)), pool(pool),
      asking(asking), program(plan, options) {}

std::unique_ptr<Engine> PlanInPool::takeEngine() {
  {
    MutexLock lock(mutex);
    if (!kept.empty()) {
      std::unique_ptr<Engine> engine = std::move(kept.back());
      kept.pop_back();
      return engine;
    }
  }
  return std::make_unique<Engine>(program, options, makeWorld, pool);
}

void PlanInPool::takeBack(Engine *given) {
  std::unique_ptr<Engine> engine(given);
  MutexLock lock(mutex);
  if (kept.size() < mostKept)
    kept.push_back(std::move(engine));
}

/// Workers go from the tasks of one engine to those of another, whose run may begin and end meanwhile. A
/// worker is within one engine at a time: before it enters the next it hands on what it has collected.
struct RunPool::Impl final : TaskRunner {
  explicit Impl(unsigned jobs)
      : jobs(jobs ? jobs : std::max(1u, std::thread::hardware_concurrency())), visits(this->jobs),
        pool(this->jobs, *this, Pool::FirstWorker::Thread) {}

  void execute(Worker &w, Task task) override;
  void idle(Worker &w) override;
  void onAllIdle() override { asking.onAllIdle(); }

  /// Where a worker is. Only its thread touches it.
  struct alignas(64) Visit {
    Engine *current = nullptr;
    std::vector<Engine *> unsettled; // left, but the world has still to hear of settled outcomes
  };
  void leave(Worker &w, Visit &visit);
  /// The world is notified of what was settled in engines that were left.
  static void settle(Worker &w, Visit &visit, bool atLast);

  const unsigned jobs;
  std::vector<Visit> visits; // by Worker::index
  AskingRuns asking;
  Pool pool; // last: its threads use all of the above
};

static Engine &engineOf(Task task) {
  switch (static_cast<TaskKind>(task.kind)) {
  case TaskKind::Node:
  case TaskKind::Begin:
    return *static_cast<Frame *>(task.object)->engine;
  case TaskKind::Feed:
  case TaskKind::Sweep:
    return *static_cast<WindowedRun *>(task.object)->parent->engine;
  case TaskKind::Finished:
    return static_cast<OutcomeBatch *>(task.object)->engine;
  case TaskKind::Input:
    break;
  }
  return *static_cast<Engine *>(task.object);
}

void RunPool::Impl::leave(Worker &w, Visit &visit) {
  Engine *engine = std::exchange(visit.current, nullptr);
  if (!engine)
    return;
  if (engine->leave(w))
    engine->release();
  else
    visit.unsettled.push_back(engine);
  // A worker that is never out of tasks would keep ever more engines from their next run.
  static constexpr size_t mostUnsettled = 64;
  if (visit.unsettled.size() > mostUnsettled)
    settle(w, visit, true);
}

void RunPool::Impl::settle(Worker &w, Visit &visit, bool atLast) {
  std::erase_if(visit.unsettled, [&](Engine *engine) {
    if (!engine->leave(w, atLast))
      return false;
    engine->release();
    return true;
  });
}

void RunPool::Impl::execute(Worker &w, Task task) {
  Visit &visit = visits[w.index];
  Engine &engine = engineOf(task);
  if (visit.current != &engine) {
    engine.enter(w); // first: the task keeps it alive
    leave(w, visit);
    visit.current = &engine;
  }
  engine.execute(w, task);
}

void RunPool::Impl::idle(Worker &w) {
  Visit &visit = visits[w.index];
  leave(w, visit);
  settle(w, visit, false);
  w.rested();
}

RunPool::RunPool(unsigned jobs) : impl(std::make_unique<Impl>(jobs)) {}

RunPool::~RunPool() = default;

std::shared_ptr<PreparedPlan> RunPool::prepare(const PlanView &plan, RunOptions options, MakeWorld makeWorld,
                                               std::shared_ptr<const void> keepAlive) {
  options.jobs = impl->jobs;
  return std::make_shared<PlanInPool>(plan, std::move(options), std::move(makeWorld), std::move(keepAlive),
                                      impl->pool, impl->asking);
}

void RunPool::start(const std::shared_ptr<PreparedPlan> &plan, RunSetup setup, RunOwner &owner) {
  auto &from = static_cast<PlanInPool &>(*plan);
  from.takeEngine().release()->start(from.shared_from_this(), std::move(setup), owner);
}

unsigned RunPool::threads() const { return impl->pool.threadsStarted(); }
