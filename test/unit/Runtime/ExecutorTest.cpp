#include "xcs/Runtime/Executor.h"
#include "xcs/Plan/PlanFile.h"
#include "xcs/World/LiveWorld.h"
#include <atomic>
#include <gtest/gtest.h>
#include <random>

using namespace xcs;

namespace {

/// A random dataflow graph as a plan of one region whose operations have no operands; an operation's index is
/// its result slot.
struct RandomPlan {
  PlanTables tables;
  std::vector<std::pair<uint32_t, uint32_t>> edges;

  RandomPlan(uint32_t size, uint32_t seed) {
    std::mt19937 random(seed);
    std::vector<std::vector<uint32_t>> successors(size);
    std::vector<uint32_t> predecessors(size);
    for (uint32_t to = 1; to < size; ++to)
      for (uint32_t i = random() % 4; i-- > 0;) {
        uint32_t from = random() % to;
        if (!successors[from].empty() && successors[from].back() == to)
          continue;
        successors[from].push_back(to);
        edges.push_back({from, to});
        ++predecessors[to];
      }
    PlanRegion region{};
    region.nodeCount = size;
    for (uint32_t i = 0; i < size; ++i) {
      tables.nodes.push_back({i, static_cast<uint32_t>(tables.successors.size()), predecessors[i], 0});
      tables.successors.insert(tables.successors.end(), successors[i].begin(), successors[i].end());
      region.sinkCount += successors[i].empty();
      PlanOp op{};
      op.code = OpCode::core_select;
      op.order = i;
      op.resultSlot = i;
      op.firstRegion = op.target = op.location = UINT32_MAX;
      tables.ops.push_back(op);
    }
    tables.nodes.push_back({size, static_cast<uint32_t>(tables.successors.size()), 0, 0});
    tables.regions.push_back(region);
    tables.functions.push_back({});
  }

  PlanView view() const {
    PlanView view;
    view.functions = tables.functions;
    view.regions = tables.regions;
    view.nodes = tables.nodes;
    view.ops = tables.ops;
    view.successors = tables.successors;
    return view;
  }
};

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

struct Way {
  unsigned jobs;
  Schedule schedule;
};

class EveryWay : public testing::TestWithParam<Way> {
protected:
  RunOptions options() const {
    RunOptions o;
    o.jobs = GetParam().jobs;
    o.schedule = GetParam().schedule;
    return o;
  }
};

} // namespace

TEST_P(EveryWay, EachOperationRunsOnceAndAfterItsPredecessors) {
  RunOptions o = options();
  o.kernelOverride = noteRun;
  for (uint32_t seed = 0; seed < 12; ++seed) {
    RandomPlan plan(1 + seed * seed * 27, seed);
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
    RandomPlan plan(2000, seed);
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

static std::string nameOfWay(const testing::TestParamInfo<Way> &info) {
  static constexpr std::string_view names[] = {"Dataflow", "Levels", "Serial"};
  return std::string(names[static_cast<size_t>(info.param.schedule)]) + std::to_string(info.param.jobs);
}

INSTANTIATE_TEST_SUITE_P(Schedules, EveryWay,
                         testing::Values(Way{1, Schedule::Dataflow}, Way{2, Schedule::Dataflow},
                                         Way{4, Schedule::Dataflow}, Way{2, Schedule::Levels},
                                         Way{1, Schedule::Serial}, Way{3, Schedule::Serial}),
                         nameOfWay);
