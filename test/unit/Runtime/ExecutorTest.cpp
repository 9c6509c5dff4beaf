#include "xcs/Runtime/Executor.h"
#include "Runtime/GraphPlan.h"
#include "xcs/World/LiveWorld.h"
#include <atomic>
#include <gtest/gtest.h>

using namespace xcs;

namespace {

constexpr uint32_t mostOps = 4000;
std::atomic<uint32_t> clockOfRuns, startedAt[mostOps], timesRun[mostOps];

/// Notes when an operation ran, by a counter all share.
bool noteRun(KernelCall &call) {
  startedAt[call.resultSlot] = clockOfRuns.fetch_add(1);
  timesRun[call.resultSlot].fetch_add(1);
  return true;
}

/// Fails for every seventh operation from the hundredth on.
bool failSometimes(KernelCall &call) {
  timesRun[call.resultSlot].fetch_add(1);
  if (call.resultSlot >= 100 && call.resultSlot % 7 == 0)
    return call.fail(Diag::Failed, {"number " + std::to_string(call.resultSlot)});
  return true;
}

/// `cost`: the estimated nanoseconds of an operation, which decide what is swept together.
struct Way {
  unsigned jobs;
  Schedule schedule;
  uint32_t cost = 2;
};

class EveryWay : public testing::TestWithParam<Way> {
protected:
  RunOptions options() const {
    RunOptions o;
    o.jobs = GetParam().jobs;
    o.schedule = GetParam().schedule;
    o.kernelNanoseconds = GetParam().cost;
    return o;
  }
};

} // namespace

TEST_P(EveryWay, EachOperationRunsOnceAndAfterItsPredecessors) {
  RunOptions o = options();
  o.kernelOverride = noteRun;
  for (uint32_t seed = 0; seed < 12; ++seed) {
    GraphPlan plan = GraphPlan::random(1 + seed * seed * 27, seed);
    PlanView view = plan.view();
    Executor executor(view, o, liveWorld(view, {}));
    for (int again = 0; again < 3; ++again) {
      for (auto &count : timesRun)
        count = 0;
      RunReport report = executor.run(0, {});
      ASSERT_TRUE(report.ok);
      for (uint32_t i = 0; i < view.ops.size(); ++i)
        ASSERT_EQ(timesRun[i].load(), 1u) << "operation " << i << " of graph " << seed;
      for (auto [from, to] : plan.edges)
        ASSERT_LT(startedAt[from].load(), startedAt[to].load())
            << from << " before " << to << " of graph " << seed;
      ASSERT_EQ(report.stats.operations, view.ops.size());
    }
  }
}

TEST_P(EveryWay, TheFirstFailureInProgramOrderIsReportedAndAllBeforeItRan) {
  RunOptions o = options();
  o.kernelOverride = failSometimes;
  for (uint32_t seed = 0; seed < 12; ++seed) {
    GraphPlan plan = GraphPlan::random(2000, seed);
    PlanView view = plan.view();
    for (auto &count : timesRun)
      count = 0;
    Executor executor(view, o, liveWorld(view, {}));
    RunReport report = executor.run(0, {});
    ASSERT_FALSE(report.ok);
    EXPECT_EQ(report.failure.id, Diag::Failed);
    EXPECT_EQ(report.failure.message, "number 105");
    EXPECT_EQ(report.failure.op, 105u);
    for (uint32_t i = 0; i <= 105; ++i)
      ASSERT_EQ(timesRun[i].load(), 1u) << i;
  }
}

/// The order of the program decides, whatever the order of the plan.
TEST_P(EveryWay, AProgramInAnotherOrderThanThePlanFailsAtItsFirst) {
  RunOptions o = options();
  o.kernelOverride = failSometimes;
  for (uint32_t seed = 0; seed < 12; ++seed) {
    GraphPlan plan = GraphPlan::random(2000, seed);
    plan.shuffleProgramOrder(seed);
    PlanView view = plan.view();
    uint32_t first = UINT32_MAX;
    for (uint32_t i = 105; i < 2000; i += 7)
      if (first == UINT32_MAX || view.ops[i].order < view.ops[first].order)
        first = i;
    for (auto &count : timesRun)
      count = 0;
    Executor executor(view, o, liveWorld(view, {}));
    RunReport report = executor.run(0, {});
    ASSERT_FALSE(report.ok);
    EXPECT_EQ(report.failure.op, first) << "of graph " << seed;
    for (uint32_t i = 0; i < 2000; ++i)
      ASSERT_TRUE(view.ops[i].order > view.ops[first].order || timesRun[i].load() == 1) << i;
    for (auto [from, to] : plan.edges) // nothing is given what a failed one should have made
      ASSERT_TRUE(!timesRun[to] || !(from >= 100 && from % 7 == 0)) << from << " before " << to;
  }
}

static std::string nameOfWay(const testing::TestParamInfo<Way> &info) {
  static constexpr std::string_view names[] = {"Dataflow", "Levels", "Serial"};
  return std::string(names[static_cast<size_t>(info.param.schedule)]) + std::to_string(info.param.jobs) +
         (info.param.cost == 2 ? "" : "of" + std::to_string(info.param.cost));
}

INSTANTIATE_TEST_SUITE_P(Schedules, EveryWay,
                         testing::Values(Way{1, Schedule::Dataflow}, Way{2, Schedule::Dataflow},
                                         Way{4, Schedule::Dataflow}, Way{1, Schedule::Dataflow, 200},
                                         Way{2, Schedule::Dataflow, 200}, Way{4, Schedule::Dataflow, 200},
                                         Way{3, Schedule::Dataflow, 900}, Way{2, Schedule::Levels},
                                         Way{1, Schedule::Serial}, Way{3, Schedule::Serial}),
                         nameOfWay);
