#include "Analysis/AnalysisTest.h"
#include <algorithm>
#include <random>
#include <set>

using namespace xcs;

namespace {

struct ScheduleTest : AnalysisTest {
  RegionSchedule out;
  std::unique_ptr<AnalysisCache> analyses;
  std::unique_ptr<ScheduleAnalysis> analysis;

  void schedule(std::string_view text) {
    parse(text);
    analysis.reset();
    analyses = std::make_unique<AnalysisCache>(*module);
    analysis = std::make_unique<ScheduleAnalysis>(*analyses);
    analysis->schedule(0, function().body, out);
  }
  /// The dispatches with their members as node numbers: `[0] [1 2]`.
  std::string dispatches() const {
    std::string text;
    for (size_t d = 0; d != out.size(); ++d) {
      text += text.empty() ? "[" : " [";
      for (uint32_t i = out.firstMember[d]; i != out.firstMember[d + 1]; ++i)
        text += (i == out.firstMember[d] ? "" : " ") + std::to_string(out.order[i]);
      text += "]";
    }
    return text;
  }
  std::string edges() const {
    std::string text;
    for (uint32_t d = 0; d != out.size(); ++d)
      for (uint32_t i = out.firstSuccessor[d]; i != out.firstSuccessor[d + 1]; ++i)
        text += (text.empty() ? "" : ", ") + std::to_string(d) + ">" + std::to_string(out.successors[i]);
    return text;
  }
};

std::string withChunk(std::string_view chunk, std::string_view body) {
  return "func @main(%x: i64, %q: str) -> i64 attributes {" + std::string(chunk) + "} {\n" +
         std::string(body) + "}\n";
}

} // namespace

TEST_F(ScheduleTest, WithoutAttributesProgramOrderOneByOne) {
  schedule(withChunk("", "%a = i64.add(%x, %x) : i64\n%s = model.chat @gpt(%q) : str\n%b = i64.add(%a, %x) : "
                         "i64\nreturn(%b)\n"));
  EXPECT_EQ(dispatches(), "[0] [1] [2]");
  EXPECT_EQ(edges(), "0>2");
  EXPECT_EQ(out.readyCount, (std::vector<uint32_t>{0, 0, 1}));
}

TEST_F(ScheduleTest, PlainConstantsAreNoDispatch) {
  schedule(withChunk("sched.chunk = 0ns",
                     "%k = const {value = 1} : i64\n%a = i64.add(%x, %k) : i64\nreturn(%a)\n"));
  EXPECT_EQ(dispatches(), "[1]");
  EXPECT_EQ(out.dispatchOf, (std::vector<uint32_t>{RegionSchedule::noDispatch, 0}));
  EXPECT_EQ(out.readyCount, (std::vector<uint32_t>{0}));
}

TEST_F(ScheduleTest, TheMostUrgentComesFirst) {
  schedule(withChunk("sched.chunk = 0ns", R"(
    %a = i64.add(%x, %x) : i64
    %short = model.chat @gpt(%q) {hint.latency = 1ms} : str
    %long = model.chat @gpt(%q) {hint.latency = 9ms} : str
    return(%a)
)"));
  EXPECT_EQ(dispatches(), "[2] [1] [0]");
  EXPECT_FLOAT_EQ(out.priority[0], 9e6f);
}

TEST_F(ScheduleTest, AWrittenClusterIsFollowedAsFarAsItIsAChain) {
  schedule(withChunk("", R"(
    %a = i64.add(%x, %x) {sched.cluster = 1} : i64
    %b = i64.add(%a, %x) {sched.cluster = 1} : i64
    %c = i64.add(%b, %x) {sched.cluster = 2} : i64
    %d = i64.add(%x, %x) {sched.cluster = 2} : i64
    %e = i64.add(%c, %d) {sched.cluster = 2} : i64
    return(%e)
)"));
  EXPECT_EQ(dispatches(), "[0 1] [2] [3] [4]");
}

TEST_F(ScheduleTest, SmallOperationsThatWaitForTheSameAreGathered) {
  schedule(withChunk("sched.chunk = 2us", R"(
    %a = i64.add(%x, %x) : i64
    %b = i64.mul(%x, %x) : i64
    %c = i64.add(%a, %b) : i64
    %s = model.chat @gpt(%q) : str
    %t = str.length(%s) : i64
    %u = i64.add(%t, %a) : i64
    return(%u)
)"));
  EXPECT_EQ(dispatches(), "[3] [0 1 2] [4 5]");
  EXPECT_EQ(edges(), "0>2, 1>2");
}

/// Gathering what waits for one draw with what waits for another would make the faster one wait.
TEST_F(ScheduleTest, NothingWaitsForAnotherDraw) {
  schedule(withChunk("sched.chunk = 2us", R"(
    %s = model.chat @gpt(%q) : str
    %t = model.chat @gpt(%q) : str
    %a = str.trim(%s) : str
    %b = str.trim(%t) : str
    %u = model.chat @gpt(%a) : str
    %v = model.chat @gpt(%b) : str
    return(%x)
)"));
  EXPECT_EQ(dispatches(), "[0] [1] [2] [4] [3] [5]"); // what an answer makes ready runs at once
}

TEST_F(ScheduleTest, AnExpensiveOperationStaysAlone) {
  schedule(withChunk("sched.chunk = 2us", R"(
    %a = i64.add(%x, %x) {hint.latency = 5us} : i64
    %b = i64.add(%x, %x) : i64
    %c = i64.add(%a, %b) : i64
    return(%c)
)"));
  EXPECT_EQ(dispatches(), "[0] [1] [2]");
}

TEST_F(ScheduleTest, AnEmptyRegionHasNoDispatches) {
  schedule("func @main() attributes {sched.chunk = 2us} {\nreturn()\n}\n");
  EXPECT_EQ(out.size(), 0u);
  EXPECT_EQ(out.firstMember, (std::vector<uint32_t>{0}));
  EXPECT_EQ(out.firstSuccessor, (std::vector<uint32_t>{0}));
}

TEST_F(ScheduleTest, WideWorkIsCutFineEnoughToShare) {
  std::string body;
  for (int i = 0; i != 20000; ++i)
    body += "%v" + std::to_string(i) + " = i64.add(%x, %x) : i64\n";
  schedule(withChunk("sched.chunk = 2us", body + "return(%v0)\n"));
  EXPECT_GE(out.size(), 64u); // 20,000 x 7 ns in chunks of 2 us
  EXPECT_LE(out.size(), 128u);
}

namespace {

/// A random program of small pure operations, expensive ones and draws.
std::string randomProgram(uint64_t seed, size_t size) {
  std::mt19937_64 engine(seed);
  auto below = [&](size_t n) { return static_cast<size_t>(engine() % n); };
  std::string body;
  size_t reach = 1 + below(12), slow = 1 + below(20);
  std::vector<std::string> ints{"%x"}, texts{"%q"};
  auto pick = [&](const std::vector<std::string> &from) {
    return from[from.size() - 1 - below(std::min(reach, from.size()))];
  };
  for (size_t i = 0; i != size; ++i) {
    std::string v = "%v" + std::to_string(i), cluster;
    if (below(4) == 0)
      cluster = " {sched.cluster = " + std::to_string(below(3)) + "}";
    switch (below(slow + 4)) {
    case 0:
      body += v + " = model.chat @gpt(" + pick(texts) + ") : str\n";
      texts.push_back(v);
      break;
    case 1:
      body += v + " = i64.max(" + pick(ints) + ", " + pick(ints) + ") {hint.latency = 1ms} : i64\n";
      ints.push_back(v);
      break;
    case 2:
      body += v + " = const {value = 1} : i64\n";
      ints.push_back(v);
      break;
    case 3:
      body += v + " = str.format(" + pick(texts) + ", " + pick(ints) + ")  {template = \"{0}{1}\"} : str\n";
      texts.push_back(v);
      break;
    default:
      body += v + " = i64.max(" + pick(ints) + ", " + pick(ints) + ")" + cluster + " : i64\n";
      ints.push_back(v);
    }
  }
  return body + "return(%x)\n";
}

/// Each operation in one dispatch, members in program order, slow ones alone, clusters within the bound.
void checkDispatches(const RegionSchedule &s, const CostAnalysis &costs, const std::vector<bool> &constant,
                     const std::vector<bool> &slow) {
  size_t size = s.graph.size();
  std::vector<int> seen(size);
  for (uint32_t d = 0; d != s.size(); ++d) {
    double cost = 0;
    for (uint32_t i = s.firstMember[d]; i != s.firstMember[d + 1]; ++i) {
      uint32_t node = s.order[i];
      ++seen[node];
      ASSERT_EQ(s.dispatchOf[node], d);
      ASSERT_TRUE(i == s.firstMember[d] || s.order[i - 1] < node);
      ASSERT_TRUE(!slow[node] || s.firstMember[d + 1] - s.firstMember[d] == 1);
      cost += costs.cost(0, s.graph.operation(node)) + kernelOverheadNanoseconds;
    }
    ASSERT_TRUE(cost <= chunkNanoseconds || s.firstMember[d + 1] - s.firstMember[d] == 1);
  }
  for (uint32_t node = 0; node != size; ++node)
    ASSERT_EQ(seen[node], constant[node] ? 0 : 1);
}

/// The edges are those of the graph, seen from the dispatches, and go forward.
void checkEdges(const RegionSchedule &s, const std::vector<bool> &constant) {
  size_t size = s.graph.size();
  std::vector<std::set<uint32_t>> wanted(s.size());
  std::vector<uint32_t> ready(s.size());
  for (uint32_t node = 0; node != size; ++node)
    for (uint32_t next : s.graph.successors(node))
      if (!constant[node] && s.dispatchOf[node] != s.dispatchOf[next])
        wanted[s.dispatchOf[node]].insert(s.dispatchOf[next]);
  for (uint32_t d = 0; d != s.size(); ++d) {
    std::vector<uint32_t> successors(s.successors.begin() + s.firstSuccessor[d],
                                     s.successors.begin() + s.firstSuccessor[d + 1]);
    ASSERT_EQ(successors, std::vector<uint32_t>(wanted[d].begin(), wanted[d].end()));
    for (uint32_t next : successors) {
      ASSERT_GT(next, d);
      ++ready[next];
    }
  }
  ASSERT_EQ(ready, s.readyCount);
}

/// What every schedule must satisfy, found out again from the dependency graph by brute force.
void checkSchedule(const RegionSchedule &s, const ComputationGraph &ops, const CostAnalysis &costs) {
  size_t size = s.graph.size();
  std::vector<bool> constant(size), slow(size);
  for (uint32_t node = 0; node != size; ++node) {
    constant[node] = isPlainConstant(ops, s.graph, node);
    double cost = costs.cost(0, s.graph.operation(node)) + kernelOverheadNanoseconds;
    slow[node] = rowOf(ops.operation(s.graph.operation(node)).code).form != OpForm::Pure ||
                 cost > chunkNanoseconds / 2;
  }
  checkDispatches(s, costs, constant, slow);
  checkEdges(s, constant);
  // Members of a cluster wait for the very same slow operations.
  std::vector<std::set<uint32_t>> waits(size);
  for (uint32_t node = 0; node != size; ++node)
    for (uint32_t next : s.graph.successors(node)) {
      waits[next].insert(waits[node].begin(), waits[node].end());
      if (slow[node])
        waits[next].insert(node);
    }
  for (uint32_t d = 0; d != s.size(); ++d)
    for (uint32_t i = s.firstMember[d]; i != s.firstMember[d + 1]; ++i)
      ASSERT_EQ(waits[s.order[i]], waits[s.order[s.firstMember[d]]]);
}

} // namespace

TEST_F(ScheduleTest, RandomProgramsAreScheduledSoundly) {
  for (uint64_t seed = 0; seed != 150; ++seed)
    for (std::string_view chunk : {"", "sched.chunk = 0ns", "sched.chunk = 2us"}) {
      schedule(withChunk(chunk, randomProgram(seed, 3 + seed)));
      checkSchedule(out, function().graph, analysis->costs());
      if (HasFatalFailure())
        FAIL() << "seed " << seed << ", " << chunk;
    }
}

TEST_F(ScheduleTest, LargeRandomProgramsAreScheduledSoundly) {
  schedule(withChunk("sched.chunk = 2us", randomProgram(1, 30000)));
  // The brute force is quadratic: only the shape is looked at here.
  std::vector<uint32_t> sorted = out.order;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(std::adjacent_find(sorted.begin(), sorted.end()), sorted.end());
  for (uint32_t d = 0; d != out.size(); ++d)
    for (uint32_t i = out.firstSuccessor[d]; i != out.firstSuccessor[d + 1]; ++i)
      ASSERT_GT(out.successors[i], d);
}
