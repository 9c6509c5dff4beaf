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
    if (task.node < depth) {
      w.push({nullptr, task.node + 1, Task::Kind::Node});
      w.push({nullptr, task.node + 1, Task::Kind::Node});
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

} // namespace

class PoolOf : public testing::TestWithParam<unsigned> {};

TEST_P(PoolOf, EveryTaskRunsOnceAgainAndAgain) {
  for (int round = 0; round < 50; ++round) {
    TreeRunner runner(12);
    Pool pool(GetParam(), runner, [] { return nullptr; });
    runner.pool = &pool;
    pool.worker(0).push({nullptr, 1, Task::Kind::Node});
    pool.work();
    EXPECT_EQ(runner.left.load(), 0u);
  }
}

TEST_P(PoolOf, InjectedTasksWakeASleepingWorker) {
  for (int round = 0; round < 20; ++round) {
    TreeRunner runner(5);
    Pool pool(GetParam(), runner, [] { return nullptr; });
    runner.pool = &pool;
    std::thread outside([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      pool.inject({{nullptr, 1, Task::Kind::Node}});
    });
    pool.work();
    outside.join();
    EXPECT_EQ(runner.left.load(), 0u);
  }
}

INSTANTIATE_TEST_SUITE_P(Jobs, PoolOf, testing::Values(1u, 2u, 4u));

TEST(Pool, ThreadsStartOnlyWhenThereIsSomethingToShare) {
  TreeRunner runner(1);
  Pool pool(8, runner, [] { return nullptr; });
  runner.pool = &pool;
  pool.worker(0).push({nullptr, 1, Task::Kind::Node});
  pool.work();
  EXPECT_EQ(pool.threadsStarted(), 1u);
}
