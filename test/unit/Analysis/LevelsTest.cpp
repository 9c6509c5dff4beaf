#include "Analysis/AnalysisTest.h"

using namespace xcs;

namespace {

struct LevelsTest : AnalysisTest {
  Levels levels(size_t f = 0) {
    EffectAnalysis effects(*module);
    std::vector<FunctionGraphs> graphs = buildGraphs(*module, effects);
    CostAnalysis costs(*module, graphs);
    DependencyGraph graph = graphs[f].of(function(f).body);
    return computeLevels(graph, costs.costs(f, graph));
  }
  double cost(std::string_view name) {
    EffectAnalysis effects(*module);
    std::vector<FunctionGraphs> graphs = buildGraphs(*module, effects);
    return CostAnalysis(*module, graphs).cost(0, op(name));
  }
};

using Numbers = std::vector<uint32_t>;

} // namespace

/// Two skewed chains: 200 + 50 ms and 50 + 200 ms; a level barrier would take 400 ms.
TEST_F(LevelsTest, SkewedChainsHaveNoBarrier) {
  parse(R"(func @main(%x: str) -> str {
  %a1 = model.chat @gpt(%x) {hint.latency = 200ms} : str
  %b1 = model.chat @gpt(%x) {hint.latency = 50ms} : str
  %a2 = model.chat @gpt(%a1) {hint.latency = 50ms} : str
  %b2 = model.chat @gpt(%b1) {hint.latency = 200ms} : str
  %y = str.concat(%a2, %b2) {hint.latency = 0ms} : str
  return(%y)
}
)");
  Levels l = levels();
  EXPECT_EQ(l.asap, (Numbers{0, 0, 1, 1, 2}));
  EXPECT_EQ(l.alap, (Numbers{0, 0, 1, 1, 2}));
  EXPECT_EQ(l.depth, 3u);
  EXPECT_DOUBLE_EQ(l.criticalPath, 250e6);
  EXPECT_DOUBLE_EQ(l.earliestStart[3], 50e6);
  EXPECT_DOUBLE_EQ(l.remaining[1], 250e6);
  EXPECT_EQ(l.criticalNodes, (Numbers{0, 2, 4}));
}

TEST_F(LevelsTest, SlackIsHowLateAnOperationMayCome) {
  parse(R"(func @main(%x: i64) -> i64 {
  %a = i64.add(%x, %x) : i64
  %b = i64.add(%a, %x) : i64
  %c = i64.add(%b, %x) : i64
  %side = i64.add(%x, %x) : i64
  %d = i64.add(%c, %side) : i64
  %unused = i64.add(%x, %x) : i64
  return(%d)
}
)");
  Levels l = levels();
  EXPECT_EQ(l.asap, (Numbers{0, 1, 2, 0, 3, 0}));
  EXPECT_EQ(l.alap, (Numbers{0, 1, 2, 2, 3, 3}));
  EXPECT_EQ(l.slack(3), 2u);
  EXPECT_EQ(l.slack(5), 3u);
  EXPECT_EQ(l.criticalNodes, (Numbers{0, 1, 2, 4}));
}

TEST_F(LevelsTest, AnEmptyRegionHasNone) {
  parse("func @main() {\n  return()\n}\n");
  Levels l = levels();
  EXPECT_EQ(l.depth, 0u);
  EXPECT_EQ(l.criticalPath, 0);
  EXPECT_TRUE(l.criticalNodes.empty());
}

TEST_F(LevelsTest, RegionsAddTheirLongestWayAndCallsTheirCallees) {
  parse(R"(func @main(%c: bool, %x: str, %xs: list<str>) -> str {
  %i = if(%c) : str {
    %a = model.chat @gpt(%x) {hint.latency = 5ms} : str
    %b = model.chat @gpt(%a) {hint.latency = 5ms} : str
    yield(%b)
  } {
    %a = model.chat @gpt(%x) {hint.latency = 7ms} : str
    yield(%a)
  }
  %m = map(%xs) : list<str> {
  ^(%e: str)
    %f = call @twice(%e) : str
    yield(%f)
  }
  return(%i)
}
func @twice(%x: str) -> str {
  %a = model.chat @gpt(%x) {hint.latency = 20ms} : str
  %b = model.chat @gpt(%a) {hint.latency = 20ms} : str
  return(%b)
}
)");
  EXPECT_NEAR(cost("i"), 10e6, 1e4);
  EXPECT_NEAR(cost("m"), 40e6, 1e4);
}
