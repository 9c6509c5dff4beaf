#include "Analysis/AnalysisTest.h"

using namespace xcs;

namespace {

struct DependencyGraphTest : AnalysisTest {
  std::string edges(size_t f = 0) {
    EffectAnalysis effects(*module);
    return edgesOf(FunctionGraphs(*module, f, effects).of(function(f).body));
  }
  /// The edges of `func @main(%u: str, %v: str, %c: bool)` with this body. `POST @site(%u)` stands for a
  /// request.
  std::string edgesOfBody(std::string_view body) {
    std::string text = "func @main(%u: str, %v: str, %c: bool) {\n";
    while (!body.empty()) {
      std::string line(body.substr(0, body.find('\n')));
      body.remove_prefix(std::min(body.size(), line.size() + 1));
      size_t space = line.find(' ');
      std::string_view word = std::string_view(line).substr(0, space);
      if (word == "GET" || word == "POST")
        line = "%r" + std::to_string(text.size()) + " = http.request " + line.substr(space + 1) +
               " {method = \"" + std::string(word) +
               "\"} : record<status: i64, headers: list<record<name: str, value: str>>, body: str>";
      text += line + "\n";
    }
    parse(text + "return()\n}\n");
    return edges();
  }
};

} // namespace

TEST_F(DependencyGraphTest, OperandsAreDataEdges) {
  EXPECT_EQ(
      edgesOfBody(
          "%a = str.concat(%u, %v) : str\n%b = str.concat(%a, %a) : str\n%d = str.concat(%a, %b) : str"),
      "0>1 data, 0>2 data, 1>2 data");
}

TEST_F(DependencyGraphTest, AnOperationUsesWhatItsRegionsCapture) {
  parse(R"(func @main(%c: bool, %xs: list<i64>) -> i64 {
  %a = i64.sum(%xs) : i64
  %b = i64.sum(%xs) : i64
  %y = if(%c) : i64 {
    %n = map(%xs) : list<i64> {
    ^(%x: i64)
      %s = i64.add(%x, %a) : i64
      yield(%s)
    }
    %t = i64.sum(%n) : i64
    yield(%t)
  } {
    yield(%b)
  }
  return(%y)
}
)");
  EXPECT_EQ(edges(), "0>2 data, 1>2 data");
  EffectAnalysis effects(*module);
  FunctionGraphs graphs(*module, 0, effects);
  ASSERT_EQ(graphs.regions().size(), 4u);
  const ComputationGraph &ops = function().graph;
  auto names = [&](RegionId region) {
    std::string text;
    for (ValueRef v : graphs.captures(region))
      text += std::string(module->pool.text(ops.value(v).name)) + " ";
    return text;
  };
  EXPECT_EQ(names(graphs.regions()[0]), "");
  EXPECT_EQ(names(graphs.regions()[1]), "xs a ");
  EXPECT_EQ(names(graphs.regions()[2]), "a ");
  EXPECT_EQ(names(graphs.regions()[3]), "b ");
  EXPECT_EQ(edgesOf(graphs.of(graphs.regions()[1])), "0>1 data");
}

TEST_F(DependencyGraphTest, WritesToOneTargetKeepTheirOrder) {
  EXPECT_EQ(edgesOfBody("POST @site(%u)\nPOST @site(%v)\nPOST @site(%u)"), "0>1 order, 1>2 order");
}

TEST_F(DependencyGraphTest, WritesToDifferentTargetsDoNot) {
  EXPECT_EQ(edgesOfBody(
                "%a = const {value = \"http://a.test\"} : str\n%b = const {value = \"http://b.test\"} : str\n"
                "POST (%a)\nPOST (%b)"),
            "0>2 data, 1>3 data");
}

TEST_F(DependencyGraphTest, ReadsStayBetweenTheWritesAroundThem) {
  EXPECT_EQ(edgesOfBody(
                "GET @site(%u)\nGET @site(%v)\nPOST @site(%u)\nGET @site(%u)\nGET @site(%u)\nPOST @site(%u)"),
            "0>2 order, 1>2 order, 2>3 order, 2>4 order, 3>5 order, 4>5 order");
}

TEST_F(DependencyGraphTest, DrawsAreFree) {
  EXPECT_EQ(
      edgesOfBody(
          "GET @site(%u)\nGET @site(%u)\n%a = model.chat @gpt(%u) : str\n%b = model.chat @gpt(%u) : str"),
      "");
}

TEST_F(DependencyGraphTest, AnUnknownTargetConflictsWithAllOfItsKind) {
  EXPECT_EQ(edgesOfBody("GET @site(%u)\nPOST (%v)\nGET @site(%u)\n%a = model.chat @gpt(%u) : str"),
            "0>1 order, 1>2 order");
  EXPECT_EQ(edgesOfBody("POST @site(%u)\nGET (%v)\nPOST @site(%u)"), "0>1 order, 1>2 order");
}

TEST_F(DependencyGraphTest, EveryLaterWriteWaitsForGuards) {
  EXPECT_EQ(edgesOfBody("assert(%c)\nGET @site(%u)\nPOST @site(%u)\nPOST (%v)\nassert(%c)"),
            "0>2 order, 0>3 order, 1>2 order, 2>3 order");
}

TEST_F(DependencyGraphTest, GuardsAndWritesCountThroughCallsAndRegions) {
  parse(R"(func @main(%c: bool, %u: str) {
  call @check(%c) : ()
  %n = if(%c) : none {
    %k = call @send(%u) : none
    yield(%k)
  } {
    %k = const {value} : none
    yield(%k)
  }
  return()
}
func @check(%c: bool) {
  if(%c) : () {
    yield()
  } {
    %m = const {value = "no"} : str
    fail(%m)
    yield()
  }
  return()
}
func @send(%u: str) -> none {
  %r = http.request(%u) {method = "POST"} : record<status: i64, headers: list<record<name: str, value: str>>, body: str>
  %k = const {value} : none
  return(%k)
}
)");
  EXPECT_EQ(edges(), "0>1 order");
}

TEST_F(DependencyGraphTest, LogLinesKeepTheirOrderWithinOneRegionAlone) {
  EXPECT_EQ(edgesOfBody("%l1 = log.print(%u) : none\nif(%c) : () {\n%i = log.print(%v) : none\nyield()\n}\n"
                        "%l2 = log.print(%u) : none\nPOST @site(%u)\n%l3 = log.print(%u) : none"),
            "0>2 order, 2>4 order");
}

TEST_F(DependencyGraphTest, AfterOrders) {
  EXPECT_EQ(edgesOfBody(
                "%a = str.trim(%u) : str\n%b = str.trim(%v) after(%a) : str\n"
                "%d = str.concat(%a, %b) after(%a) : str\nif(%c) : () {\n%e = str.trim(%v) after(%b) : str\n"
                "yield()\n}"),
            "0>1 order, 0>2 data, 1>2 data, 1>3 order");
}

TEST_F(DependencyGraphTest, SleepingOrdersNothing) {
  EXPECT_EQ(edgesOfBody("%d = const {value = 1ms} : duration\n%s = time.sleep(%d) : none\nPOST @site(%u)"),
            "0>1 data");
}
