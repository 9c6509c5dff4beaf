#pragma once
#include "Runtime/Engine.h"

namespace xcs {

/// A plan of a pool, with the engines that execute it: one for each of its runs in flight, and some that wait
/// for the next. Thread safety: `takeEngine` and `takeBack` from any thread; the rest is immutable.
class PlanInPool final : public PreparedPlan, public std::enable_shared_from_this<PlanInPool> {
public:
  PlanInPool(const PlanView &plan, RunOptions options, MakeWorld makeWorld,
             std::shared_ptr<const void> keepAlive, Pool &pool);

  std::unique_ptr<Engine> takeEngine();
  /// Keeps an engine whose run is over for a later one, or destroys it where enough are kept.
  void takeBack(Engine *engine);

private:
  static constexpr size_t mostKept = 32;

  const std::shared_ptr<const void> keepAlive; // first: it is what the others refer to
  const RunOptions options;
  const MakeWorld makeWorld;
  Pool &pool;
  const Program program;
  Mutex mutex;
  std::vector<std::unique_ptr<Engine>> kept XCS_GUARDED_BY(mutex);
};

} // namespace xcs
