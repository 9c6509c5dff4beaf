#include "Runtime/Pool.h"
#include <gtest/gtest.h>

using namespace xcs;

namespace {

/// Each task stands for a node of a binary tree of the given depth; runs its children by pushing them.
class TreeRunner final : public TaskRunner {
public:
  explicit TreeRunner(uint32_t depth) : left((1u << depth) - 1), depth(depth) {}
  void execute(Worker &w, Task task) override {
    pool->share(w);
    if (task.detail < depth) {
      w.push({nullptr, task.detail + 1, 0});
      w.push({nullptr, task.detail + 1, 0});
    }
    if (left.fetch_sub(1, std::memory_order_acq_rel) == 1)
      pool->finish(w);
  }
  void idle(Worker &) override {}
  Pool *pool = nullptr;
  std::atomic<uint32_t> left;

private:
  uint32_t depth;
};

/// Node 1 computes for as long as node 2, which comes from outside, has not run: as one task (`inOne`), or as
/// one that is followed by another again and again. Gives up after a number of steps, so that it ends.
class BusyRunner final : public TaskRunner {
public:
  explicit BusyRunner(bool inOne) : inOne(inOne) {}
  void execute(Worker &w, Task task) override {
    if (task.detail == 2) {
      arrived.store(true, std::memory_order_release);
      return;
    }
    started.store(true, std::memory_order_release);
    do {
      if (arrived.load(std::memory_order_acquire) || ++steps == mostSteps)
        return pool->finish(w);
    } while (inOne);
    w.push(task);
  }
  void idle(Worker &) override {}
  Pool *pool = nullptr;
  std::atomic<bool> arrived{false}, started{false};

private:
  static constexpr uint64_t mostSteps = 2'000'000'000;
  const bool inOne;
  uint64_t steps = 0;
};

} // namespace

class PoolOf : public testing::TestWithParam<unsigned> {};

TEST_P(PoolOf, EveryTaskRunsOnceAgainAndAgain) {
  for (int round = 0; round < 50; ++round) {
    TreeRunner runner(12);
    Pool pool(GetParam(), runner);
    runner.pool = &pool;
    pool.worker(0).push({nullptr, 1, 0});
    pool.work();
    EXPECT_EQ(runner.left.load(), 0u);
  }
}

TEST_P(PoolOf, InjectedTasksWakeASleepingWorker) {
  for (int round = 0; round < 20; ++round) {
    TreeRunner runner(5);
    Pool pool(GetParam(), runner);
    runner.pool = &pool;
    std::thread outside([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      pool.inject({{nullptr, 1, 0}});
    });
    pool.work();
    outside.join();
    EXPECT_EQ(runner.left.load(), 0u);
  }
}

static bool arrivesBesideComputation(unsigned jobs, bool inOne) {
  BusyRunner runner(inOne);
  Pool pool(jobs, runner);
  runner.pool = &pool;
  pool.worker(0).push({nullptr, 1, 0});
  std::thread outside([&] {
    while (!runner.started.load(std::memory_order_acquire))
      std::this_thread::yield();
    pool.inject({{nullptr, 2, 0}});
  });
  pool.work();
  outside.join();
  return runner.arrived.load();
}

TEST_P(PoolOf, InjectedTasksDoNotWaitForTheEndOfAComputation) {
  EXPECT_TRUE(arrivesBesideComputation(GetParam(), false));
}

TEST(Pool, InjectedTasksGetAThreadWhenAllAreWithinATask) { EXPECT_TRUE(arrivesBesideComputation(2, true)); }

INSTANTIATE_TEST_SUITE_P(Jobs, PoolOf, testing::Values(1u, 2u, 4u));

TEST(Pool, ThreadsStartOnlyWhenThereIsSomethingToShare) {
  TreeRunner runner(1);
  Pool pool(8, runner);
  runner.pool = &pool;
  pool.worker(0).push({nullptr, 1, 0});
  pool.work();
  EXPECT_EQ(pool.threadsStarted(), 1u);
}
