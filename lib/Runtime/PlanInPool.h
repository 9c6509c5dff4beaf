#pragma once
#include "Runtime/Engine.h"

namespace xcs {

/// The runs in flight of a pool that may ask a person, whose worlds hear when the pool is idle. Thread
/// safety: all members.
class AskingRuns {
public:
  void add(Engine *engine) {
    MutexLock lock(mutex);
    engines.push_back(engine);
  }
  void remove(Engine *engine) {
    MutexLock lock(mutex);
    std::erase(engines, engine);
  }
  void onAllIdle() {
    MutexLock lock(mutex);
    for (Engine *engine : engines)
      engine->onAllIdle();
  }

private:
  Mutex mutex; // held while they hear it, so that none ends meanwhile
  std::vector<Engine *> engines XCS_GUARDED_BY(mutex);
};

/// A plan of a pool, with the engines that execute it: one for each of its runs in flight, and some that wait
/// for the next. Thread safety: `takeEngine` and `takeBack` from any thread; the rest is immutable.
class PlanInPool final : public PreparedPlan, public std::enable_shared_from_this<PlanInPool> {
public:
  PlanInPool(const PlanView &plan, RunOptions options, MakeWorld makeWorld,
             std::shared_ptr<const void> keepAlive, Pool &pool, AskingRuns &asking);

  std::unique_ptr<Engine> takeEngine();
  /// Keeps an engine whose run is over for a later one, or destroys it where enough are kept.
  void takeBack(Engine *engine);
  /// A run begins and ends.
  void began(Engine *engine) {
    if (program.plan.mayAsk)
      asking.add(engine);
  }
  void over(Engine *engine) {
    if (program.plan.mayAsk)
      asking.remove(engine);
  }

private:
  static constexpr size_t mostKept = 32;

  const std::shared_ptr<const void> keepAlive; // first: it is what the others refer to
  const RunOptions options;
  const MakeWorld makeWorld;
  Pool &pool;
  AskingRuns &asking;
  const Program program;
  Mutex mutex;
  std::vector<std::unique_ptr<Engine>> kept XCS_GUARDED_BY(mutex);
};

} // namespace xcs
