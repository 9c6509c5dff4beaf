#include "xcs/Runtime/Executor.h"
#include "Runtime/Engine.h"
#include <algorithm>

using namespace xcs;

static RunOptions withDefaults(RunOptions options) {
  if (!options.jobs)
    options.jobs = std::max(1u, std::thread::hardware_concurrency());
  return options;
}

/// An engine with a pool of its own.
class Executor::Impl {
public:
  Impl(const PlanView &plan, const RunOptions &given, const MakeWorld &makeWorld)
      : options(withDefaults(given)), program(plan, options), engine(program, options, makeWorld, pool),
        pool(options.jobs, engine) {}
  ~Impl() {
    // All threads end before anything they use: first the world's, which pass outcomes to the pool, then the
    // pool's, which may still tell the world that the last ones have settled.
    engine.outside().shutdown();
    pool.stop();
  }
  RunReport run(uint32_t function, std::vector<Value> arguments) {
    RunReport out = engine.run(function, std::move(arguments));
    for (unsigned i = 0; i < pool.jobs(); ++i)
      out.stats.steals += std::exchange(pool.worker(i).steals, 0);
    return out;
  }

  const RunOptions options;
  const Program program;
  Engine engine;
  Pool pool;
};

Executor::Executor(const PlanView &plan, const RunOptions &options, const MakeWorld &makeWorld)
    : impl(std::make_unique<Impl>(plan, options, makeWorld)) {}
Executor::~Executor() = default;
RunReport Executor::run(uint32_t function, std::vector<Value> arguments) {
  return impl->run(function, std::move(arguments));
}
void Executor::interrupt() { impl->engine.interrupt(); }
void Executor::abandon() { impl->engine.outside().abandon(); }
void Executor::killPrograms() { impl->engine.outside().killPrograms(); }
bool Executor::hasUncertainWrites() const { return impl->engine.outside().hasUncertainWrites(); }
void Executor::askStatus(const std::function<void(const WorldStatus &)> &told) {
  impl->engine.outside().askStatus(told);
}
void Executor::shutdown() { impl->engine.outside().shutdown(); }
