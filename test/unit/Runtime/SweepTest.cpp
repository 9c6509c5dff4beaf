// What is carried out together, in the order of the plan (lib/Runtime/SweptForm.cpp).
#include "Runtime/GraphPlan.h"
#include "Runtime/Program.h"
#include "Runtime/Stage.h"
#include "xcs/Runtime/RunPool.h"
#include "xcs/World/LiveWorld.h"
#include <functional>
#include <future>
#include <set>

using namespace xcs;

namespace {

RunOptions optionsOf(unsigned jobs, uint32_t cost = 2) {
  RunOptions options;
  options.jobs = jobs;
  options.kernelNanoseconds = cost;
  return options;
}

/// By operation of a GraphPlan: the node of a form that has it, and its place there.
std::vector<std::pair<uint32_t, uint32_t>> placesIn(const PreparedRegion &form, size_t operations) {
  std::vector<std::pair<uint32_t, uint32_t>> places(operations, {UINT32_MAX, 0});
  for (uint32_t n = 0; n < form.nodeCount; ++n)
    for (uint32_t i = form.nodes[n].firstOp; i < form.nodes[n + 1].firstOp; ++i) {
      const uint32_t op = form.opOrder.empty() ? i : form.opOrder[i];
      EXPECT_EQ(places[op].first, UINT32_MAX) << "operation " << op << " twice";
      places[op] = {n, i};
    }
  return places;
}

/// Each operation is in one node, after all it waits for, and edges and counts are those that follow.
void expectSound(const GraphPlan &plan, const PreparedRegion &form) {
  const auto places = placesIn(form, plan.tables.ops.size());
  std::vector<uint32_t> waitsFor(form.nodeCount, 0);
  std::set<std::pair<uint32_t, uint32_t>> edges;
  uint32_t sinks = 0, nodes = 0;
  for (uint32_t n = 0; n < form.nodeCount; ++n) {
    sinks += form.nodes[n].firstSuccessor == form.nodes[n + 1].firstSuccessor;
    nodes += form.planNodes.empty() ? 1 : form.planNodes[n];
    for (uint32_t e = form.nodes[n].firstSuccessor; e < form.nodes[n + 1].firstSuccessor; ++e) {
      EXPECT_LT(n, form.successors[e]) << "so there is no cycle";
      EXPECT_TRUE(edges.emplace(n, form.successors[e]).second) << "twice";
      ++waitsFor[form.successors[e]];
    }
  }
  EXPECT_EQ(waitsFor, form.readyCounts);
  EXPECT_EQ(sinks, form.sinkCount);
  EXPECT_EQ(nodes, plan.tables.ops.size());
  const bool isChain = edges.size() + 1 == form.nodeCount && form.roots.size() == 1; // all in order
  for (auto [from, to] : plan.edges) {
    const auto before = places[from], after = places[to];
    ASSERT_NE(before.first, UINT32_MAX);
    if (before.first == after.first) {
      ASSERT_LT(before.second, after.second);
      continue;
    }
    ASSERT_TRUE(isChain ? before.first < after.first : edges.contains({before.first, after.first}))
        << from << " before " << to;
  }
}

/// The longest path through a form, in operations.
uint32_t pathOf(const PreparedRegion &form) {
  std::vector<uint32_t> start(form.nodeCount, 0);
  uint32_t path = 0;
  for (uint32_t n = 0; n < form.nodeCount; ++n) {
    const uint32_t end = start[n] + form.nodes[n + 1].firstOp - form.nodes[n].firstOp;
    path = std::max(path, end);
    for (uint32_t e = form.nodes[n].firstSuccessor; e < form.nodes[n + 1].firstSuccessor; ++e)
      start[form.successors[e]] = std::max(start[form.successors[e]], end);
  }
  return path;
}

uint32_t mostOperations(const PreparedRegion &form) {
  uint32_t most = 0;
  for (uint32_t n = 0; n < form.nodeCount; ++n)
    most = std::max(most, form.nodes[n + 1].firstOp - form.nodes[n].firstOp);
  return most;
}

std::vector<GraphPlan> shapes() {
  std::vector<GraphPlan> out;
  for (uint32_t seed = 0; seed < 6; ++seed)
    out.push_back(GraphPlan::random(500 + 700 * seed, seed));
  for (uint32_t count : {1u, 2u, 3u, 100u})
    out.push_back(GraphPlan::chains(6000, count));
  out.push_back(GraphPlan::fan(5000));
  out.push_back(GraphPlan::wavefront(70));
  return out;
}

bool isSwept(const Program &program) {
  return program.regions[0].isOnePiece || &program.formOf(0, false) != &program.regions[0];
}

} // namespace

TEST(Sweep, FormsKeepEveryOperationAndItsOrder) {
  size_t blocks = 0, pieces = 0;
  for (const GraphPlan &plan : shapes())
    for (unsigned jobs : {1u, 2u, 8u})
      for (uint32_t cost : {2u, 60u, 400u, 900u}) {
        const PlanView view = plan.view();
        const Program program(view, optionsOf(jobs, cost));
        const PreparedRegion &form = program.formOf(0, false);
        expectSound(plan, form);
        (form.isWorthSharing ? blocks : pieces) += &form != &program.regions[0];
        ASSERT_FALSE(HasFailure()) << jobs << " jobs, " << cost << " ns, " << view.ops.size()
                                   << " operations";
      }
  EXPECT_GT(blocks, 40u);
  EXPECT_GT(pieces, 20u);
}

/// Neighbours in the plan that belong to different chains are apart.
TEST(Sweep, IndependentChainsStaySideBySide) {
  for (uint32_t chains : {2u, 3u, 4u, 16u})
    for (uint32_t cost : {20u, 300u, 990u}) {
      const GraphPlan plan = GraphPlan::chains(12000, chains);
      const PlanView view = plan.view();
      const Program program(view, optionsOf(2, cost));
      const PreparedRegion &form = program.formOf(0, false);
      EXPECT_TRUE(form.isWorthSharing) << chains << " of " << cost;
      EXPECT_LE(pathOf(form), 12000 / chains + 12000 / 20) << chains << " of " << cost;
    }
}

/// Blocks are bounded by cost, not by number: 2 us on several workers, 50 us on one.
TEST(Sweep, WhatIsSweptTogetherIsBoundedByCost) {
  for (uint32_t cost : {2u, 60u, 400u, 900u}) {
    const GraphPlan plan = GraphPlan::fan(100'000);
    const PlanView view = plan.view();
    const Program one(view, optionsOf(1, cost)), two(view, optionsOf(2, cost));
    EXPECT_LE(mostOperations(one.formOf(0, false)) * (cost + 3), 50'000u);
    EXPECT_GE(mostOperations(one.formOf(0, false)) * (cost + 3), 25'000u);
    EXPECT_LE(mostOperations(two.formOf(0, false)) * (cost + 3), 2'000u);
    EXPECT_GE(mostOperations(two.formOf(0, false)) * (cost + 3), 100u);
  }
}

TEST(Sweep, LittleWorkIsOnePieceWhateverTheNumberOfWorkers) {
  const GraphPlan plan = GraphPlan::random(100, 1);
  const PlanView view = plan.view();
  for (unsigned jobs : {1u, 2u, 64u})
    EXPECT_TRUE(Program(view, optionsOf(jobs)).regions[0].isOnePiece);
  EXPECT_FALSE(Program(view, optionsOf(2, 900)).regions[0].isOnePiece);
}

/// `--schedule=levels|serial` and `--trace` dispatch the nodes of the plan.
TEST(Sweep, OtherSchedulesAndTracedRunsAreNotSwept) {
  const GraphPlan plan = GraphPlan::random(3000, 1);
  const PlanView view = plan.view();
  for (uint32_t cost : {2u, 400u}) {
    RunOptions options = optionsOf(2, cost);
    EXPECT_TRUE(isSwept(Program(view, options)));
    const Program program(view, options);
    EXPECT_EQ(&program.formOf(0, true), &program.regions[0]);
    for (Schedule schedule : {Schedule::Levels, Schedule::Serial}) {
      options.schedule = schedule;
      EXPECT_FALSE(isSwept(Program(view, options)));
    }
  }
}

namespace {

bool doNothing(KernelCall &) { return true; }

/// A run of a pool that is waited for.
struct PoolRun final : RunOwner {
  std::promise<RunReport> report;
  RunReport run(RunPool &pool, const std::shared_ptr<PreparedPlan> &plan, bool trace = false) {
    RunSetup setup;
    setup.trace = trace;
    pool.start(plan, std::move(setup), *this);
    return report.get_future().get();
  }
  void began(RunInFlight &) override {}
  void resultKnown(uint32_t, Value) override {}
  void ended(RunReport given) override { report.set_value(std::move(given)); }
};

} // namespace

/// The counts are of the plan's nodes, whether or not they were swept; a trace shows each of them.
TEST(Sweep, StatisticsAndTracesCountTheNodesOfThePlan) {
  const GraphPlan plan = GraphPlan::random(3000, 2);
  const PlanView view = plan.view();
  auto loop = std::make_shared<SharedLoop>(WorldOptions());
  for (unsigned jobs : {1u, 2u, 4u})
    for (uint32_t cost : {2u, 400u}) {
      RunOptions options = optionsOf(jobs, cost);
      options.kernelOverride = doNothing;
      RunPool pool(jobs);
      const auto prepared = pool.prepare(view, options, liveWorld(view, {}, loop), nullptr);
      for (bool traced : {false, true, false}) {
        const RunReport report = PoolRun().run(pool, prepared, traced);
        EXPECT_TRUE(report.ok);
        EXPECT_EQ(report.stats.operations, 3000u);
        EXPECT_EQ(report.stats.dispatches, 3000u);
        EXPECT_EQ(report.trace.size(), traced ? 3000u : 0u);
      }
    }
}

namespace {

/// Operations in a row that each enter a region of one operation.
struct ManyIfs {
  GraphPlan plan;
  TypeNode types[1] = {{TypeKind::Bool, {}, 0, 0}};

  explicit ManyIfs(uint32_t count) : plan(GraphPlan::chains(count, 1)) {
    PlanTables &t = plan.tables;
    t.slots.push_back({TypeId(0u), count});
    t.operands.push_back(0);
    t.regions[0].slotCount = t.regions[0].argumentCount = 1;
    for (uint32_t i = 0; i < count; ++i) {
      PlanOp &op = t.ops[i];
      op.code = OpCode::core_if;
      op.operandCount = 1;
      op.firstRegion = static_cast<uint32_t>(t.regions.size());
      op.regionCount = 1;
      PlanRegion region{};
      region.firstNode = static_cast<uint32_t>(t.nodes.size());
      region.nodeCount = region.sinkCount = 1;
      region.firstSlot = 1;
      t.regions.push_back(region);
      const uint32_t first = count + i, end = static_cast<uint32_t>(t.successors.size());
      t.nodes.push_back({first, end, 0, 0});
      t.nodes.push_back({first + 1, end, 0, 0});
    }
    for (uint32_t i = 0; i < count; ++i)
      t.ops.push_back(GraphPlan::operation(OpCode::core_select, 0));
  }
  PlanView view() const {
    PlanView view = plan.view();
    view.constants.types = types;
    return view;
  }
};

} // namespace

/// A region that is swept on the spot goes on in its operation's frame, but not from within it.
TEST(Sweep, ManyIfsInARowDoNotNest) {
  constexpr uint32_t count = 200'000;
  const ManyIfs ifs(count);
  const PlanView view = ifs.view();
  for (unsigned jobs : {1u, 2u}) {
    RunOptions options = optionsOf(jobs);
    options.kernelOverride = doNothing;
    Executor executor(view, options, liveWorld(view, {}));
    const RunReport report = executor.run(0, {Value::boolean(true)});
    EXPECT_TRUE(report.ok);
    EXPECT_EQ(report.stats.operations, 2 * count);
    EXPECT_EQ(report.stats.frames, 1 + count);
    EXPECT_EQ(report.stats.peakFrames, 2u);
  }
}

namespace {

std::atomic<uint32_t> operationsRun, otherRanAfter;
std::function<void()> atTheThousandth;

bool countAndCall(KernelCall &) {
  if (operationsRun.fetch_add(1) + 1 == 1000)
    atTheThousandth();
  return true;
}

bool noteHowFar(KernelCall &) {
  otherRanAfter = operationsRun.load();
  return true;
}

/// Another run comes to the only worker while it is within the first. After how many operations of the first
/// does the other one run?
uint32_t howLongAnotherWaits(const PlanView &view, std::vector<Value> arguments) {
  const GraphPlan small(1, {});
  const PlanView other = small.view();
  auto loop = std::make_shared<SharedLoop>(WorldOptions());
  RunPool pool(1);
  RunOptions options = optionsOf(1);
  options.kernelOverride = countAndCall;
  const auto first = pool.prepare(view, options, liveWorld(view, {}, loop), nullptr);
  options.kernelOverride = noteHowFar;
  const auto second = pool.prepare(other, options, liveWorld(other, {}, loop), nullptr);
  operationsRun = otherRanAfter = 0;
  PoolRun firstRun, secondRun;
  atTheThousandth = [&] { pool.start(second, {}, secondRun); };
  RunSetup setup;
  setup.arguments = std::move(arguments);
  pool.start(first, std::move(setup), firstRun);
  EXPECT_TRUE(firstRun.report.get_future().get().ok);
  EXPECT_TRUE(secondRun.report.get_future().get().ok);
  EXPECT_GE(otherRanAfter.load(), 1000u);
  return otherRanAfter.load() - 1000;
}

} // namespace

/// As the end of a wait would, which comes to the workers in the same way. 50 us are 10,000 operations of 2
/// ns and the 3 ns beside each.
TEST(Sweep, WhatComesFromOutsideWaitsForOnePieceAtMost) {
  for (const GraphPlan &plan :
       {GraphPlan::chains(200'000, 1), GraphPlan::fan(200'000), GraphPlan::random(200'000, 3)}) {
    const PlanView view = plan.view();
    EXPECT_LE(howLongAnotherWaits(view, {}), 10'000u);
  }
}

TEST(Sweep, WhatComesFromOutsideDoesNotWaitForIfsInARow) {
  const ManyIfs ifs(20'000);
  const PlanView view = ifs.view();
  EXPECT_LE(howLongAnotherWaits(view, {Value::boolean(true)}), 2u);
}

namespace {

Executor *interrupted;

bool interruptAtTheThousandth(KernelCall &) {
  if (operationsRun.fetch_add(1) + 1 == 1000)
    interrupted->interrupt();
  return true;
}

} // namespace

TEST(Sweep, AnInterruptEndsASweepAtItsNextOperation) {
  for (uint32_t cost : {2u, 400u}) {
    const GraphPlan plan = GraphPlan::random(5000, 4);
    const PlanView view = plan.view();
    RunOptions options = optionsOf(1, cost);
    options.kernelOverride = interruptAtTheThousandth;
    Executor executor(view, options, liveWorld(view, {}));
    interrupted = &executor;
    operationsRun = 0;
    const RunReport report = executor.run(0, {});
    EXPECT_EQ(report.failure.id, Diag::Interrupted);
    EXPECT_EQ(operationsRun.load(), 1000u);
  }
}

/// `then`: operations that come after it has slept for so long; the last of them is `%NAME_end`.
static std::string sleepThen(const std::string &name, int milliseconds, int operations) {
  std::string text = sleepOf(name, milliseconds);
  std::string before = "%zero";
  for (int i = 0; i <= operations; ++i) {
    const std::string made = "%" + name + "_" + (i == operations ? "end" : std::to_string(i));
    text +=
        "  " + made + " = i64.add(" + before + ", %one)" + (i ? "" : " after(%" + name + ")") + " : i64\n";
    before = made;
  }
  return text;
}

/// Small operations beside waits are swept, but none of them waits for what another one waits for.
TEST(Sweep, NothingWaitsForWhatItsNeighbourWaitsFor) {
  const std::string text =
      "func @main() -> i64 {\n  %zero = const {value = 0} : i64\n  %one = const {value = 1} : "
      "i64\n" +
      sleepThen("a", 10, 20) + sleepThen("b", 100, 20) +
      "  %tc = const {value = 50ms} : duration\n  %c = time.sleep(%tc) after(%a_end) : none\n"
      "  %sum = i64.add(%a_end, %b_end) after(%c) : i64\n  return(%sum)\n}\n";
  for (unsigned jobs : {1u, 3u}) {
    Stage stage(text, 0, jobs);
    ASSERT_TRUE(stage.file) << stage.messages;
    const Program program(stage.file->view(), optionsOf(jobs, 5));
    EXPECT_LT(program.formOf(0, false).nodeCount, program.regions[0].nodeCount / 3);
    const RunReport report = stage.run();
    ASSERT_TRUE(report.ok) << report.failure.message;
    EXPECT_EQ(report.results[0].asI64(), 42);
    EXPECT_EQ(report.stats.wallNanoseconds, 100 * ms);
    EXPECT_EQ(report.stats.dispatches, program.regions[0].nodeCount);
  }
}

namespace {

std::atomic<uint64_t> mostAlive;

bool noteMemory(KernelCall &call) {
  const bool ok = kernelOf(call.code)(call);
  uint64_t most = mostAlive.load();
  const uint64_t now = Value::bytesAlive();
  while (now > most && !mostAlive.compare_exchange_weak(most, now)) {
  }
  return ok;
}

} // namespace

/// A text of 1 MB is freed at its last use, within a sweep too.
TEST(Sweep, OperandsAreFreedWithinASweep) {
  for (int texts : {15, 200}) { // in one go, in pieces
    std::string program = "func @main(%s: str, %n: i64) -> i64 {\n  %l0 = str.length(%s) : i64\n";
    for (int i = 1; i <= texts; ++i) {
      const std::string number = std::to_string(i);
      program += "  %m" + number + " = i64.max(%n, %l" + std::to_string(i - 1) + ") : i64\n  %t" + number +
                 " = str.repeat(%s, %m" + number + ") : str\n  %l" + number + " = str.length(%t" + number +
                 ") : i64\n";
    }
    program += "  return(%l" + std::to_string(texts) + ")\n}\n";
    Stage stage(program, 0, 1);
    stage.options.kernelOverride = noteMemory;
    const uint64_t before = Value::bytesAlive();
    mostAlive = 0;
    const RunReport report = stage.run({Value::str("x"), Value::i64(1 << 20)});
    ASSERT_TRUE(report.ok) << report.failure.message;
    EXPECT_EQ(report.results[0].asI64(), 1 << 20);
    EXPECT_LE(mostAlive.load(), before + (uint64_t(6) << 20)) << texts;
  }
}
