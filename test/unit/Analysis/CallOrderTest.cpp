#include "xcs/Analysis/CallOrder.h"
#include "Analysis/AnalysisTest.h"
#include "xcs/Analysis/Effects.h"

using namespace xcs;

namespace {

struct CallOrderTest : AnalysisTest {
  /// `{b c} d {a}`: the groups by the names of their functions, those on a circle in braces.
  std::string groups() const {
    CallGroups found = callGroups(*module);
    std::string text;
    for (size_t g = 0; g != found.size(); ++g) {
      text += text.empty() ? "" : " ";
      text += found.isCycle[g] ? "{" : "";
      std::string between;
      for (uint32_t f : found.group(g)) {
        text += between + std::string(module->pool.text(function(f).symbol));
        between = " ";
      }
      text += found.isCycle[g] ? "}" : "";
    }
    return text;
  }
};

/// A function that may call itself and calls these.
std::string calling(std::string_view name, std::initializer_list<std::string_view> callees) {
  std::string text = "func @" + std::string(name) + "() attributes {recursive} {\n";
  for (std::string_view callee : callees)
    text += "call @" + std::string(callee) + "()\n";
  return text + "return\n}\n";
}

} // namespace

TEST_F(CallOrderTest, CalleesComeFirst) {
  parse(calling("a", {"c", "b"}) + calling("b", {"c"}) + calling("c", {}) + calling("d", {"a"}));
  EXPECT_EQ(groups(), "c b a d");
}

TEST_F(CallOrderTest, WhoCallsItselfIsACircle) {
  parse(calling("a", {"b"}) + calling("b", {"b"}));
  EXPECT_EQ(groups(), "{b} a");
}

TEST_F(CallOrderTest, FunctionsThatCallEachOtherAreOneGroup) {
  // The way from c back to a leads over b alone: an edge to what was visited before.
  parse(calling("a", {"b", "c"}) + calling("b", {"a", "d"}) + calling("c", {"b"}) + calling("d", {}) +
        calling("e", {"c", "f"}) + calling("f", {"e"}));
  EXPECT_EQ(groups(), "d {c b a} {f e}");
}

TEST_F(CallOrderTest, WhatCannotBeEnteredIsNotReached) {
  parse("func private @a() { call @b() return }\nfunc private @b() { return }\n"
        "func private @c() { return }\nfunc @main() { call @c() return }\n");
  EXPECT_EQ(reachableFunctions(*module), (std::vector<bool>{false, false, true, true}));
}

TEST_F(CallOrderTest, OnACircleEachFunctionHasTheEffectsOfAll) {
  parse("func @a(%q: str) attributes {recursive} {\n  call @b(%q)\n  return\n}\n"
        "func @b(%q: str) attributes {recursive} {\n  %x = model.chat @gpt(%q) : str\n  call @c(%q)\n  "
        "return\n}\n"
        "func @c(%q: str) attributes {recursive} {\n  %x = model.chat @other(%q) : str\n  call @a(%q)\n"
        "  %l = log.print(%q) : none\n  return\n}\n");
  EffectAnalysis effects(*module);
  for (size_t f = 0; f != 3; ++f)
    EXPECT_EQ(effects.effects(f).size(), 3u) << "function " << f;
  EXPECT_EQ(effects.effects(0, opAt(0, 0)).size(), 3u) << "a call on the circle";
  EXPECT_EQ(effects.effects(2, opAt(0, 2)).size(), 1u) << "an operation of its own";
}
