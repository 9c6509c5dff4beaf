#include "IR/IrTest.h"

using namespace xcs;

namespace {
struct PrinterTest : FunctionTest {};
} // namespace

TEST_F(PrinterTest, AnEmptyModuleIsEmpty) { EXPECT_EQ(text(), ""); }

TEST_F(PrinterTest, WritesEveryPartOfAModule) {
  module.name = pool.intern("best");
  module.attributes = dict({{"version", pool.intAttr(2)}});
  addResource(ResourceKind::Model, "gpt",
              {{"url", pool.envAttr(pool.intern("URL"))},
               {"model", pool.textAttr("small")},
               {"key", pool.secretAttr(pool.intern("KEY"), pool.intern("Bearer "))},
               {"timeout", pool.durationAttr(60'000'000'000)}});
  addResource(ResourceKind::Http, "api", {{"url", pool.textAttr("https://a.example")}});
  begin({{"question", str}, {"n", i64}}, {str, i64});
  function->attributes = dict({{"entry", pool.unitAttr()}});
  OpId chat = builder->op(OpCode::model_chat, {parameter(0)}, {{"temperature", pool.floatAttr(0.7)}});
  builder->setSymbol(chat, "gpt");
  ValueRef best = builder->result(chat, str, "best");
  give({best, parameter(1)});
  begin({}, {}, "side");
  function->isPrivate = true;
  EXPECT_EQ(text(),
            "module @best attributes {version = 2}\n"
            "\n"
            "model @gpt {url = env(\"URL\"), model = \"small\", key = secret(\"KEY\", prefix = \"Bearer \"), "
            "timeout = 1m}\n"
            "http @api {url = \"https://a.example\"}\n"
            "\n"
            "func @main(%question: str, %n: i64) -> str, i64 attributes {entry} {\n"
            "  %best = model.chat @gpt(%question) {temperature = 0.7} : str\n"
            "  return(%best, %n)\n"
            "}\n"
            "\n"
            "func private @side() {\n"
            "}\n");
}

TEST_F(PrinterTest, RegionsAreIndentedAndTheirArgumentsStandAtTheBrace) {
  begin({{"xs", pool.list(i64)}, {"c", boolean}});
  OpId map = builder->op(OpCode::core_map, {parameter(0)}, {{"unordered", pool.unitAttr()}});
  builder->result(map, pool.list(i64), "ys");
  enter(map, {{"x", i64}});
  OpId branch = builder->op(OpCode::core_if, {parameter(1)});
  enter(branch);
  builder->op(OpCode::core_fail, {word()});
  leave();
  enter(branch);
  leave();
  yield({graph().arguments(builder->currentRegion())[0]});
  leave();
  EXPECT_EQ(text(), "func @main(%xs: list<i64>, %c: bool) {\n"
                    "  %ys = map(%xs) {unordered} : list<i64> {\n"
                    "  ^(%x: i64)\n"
                    "    if(%c) : () {\n"
                    "      fail(\"a\")\n"
                    "    } {\n"
                    "    }\n"
                    "    yield(%x)\n"
                    "  }\n"
                    "}\n");
}

TEST_F(PrinterTest, OrderOnlyOperandsAndManyResults) {
  begin({{"a", none}});
  ValueRef order[] = {parameter(0)};
  OpId call = builder->op(OpCode::core_call, {}, {}, order);
  builder->setSymbol(call, "f");
  builder->result(call, i64);
  builder->result(call, record({{"x", i64}}), "r");
  EXPECT_EQ(text(), "func @main(%a: none) {\n"
                    "  %0, %r = call @f after(%a) : i64, record<x: i64>\n"
                    "}\n");
}

TEST_F(PrinterTest, NumbersGoAroundNamesInUse) {
  begin({{"", i64}, {"1", i64}});
  number();
  number();
  builder->constant(i64, pool.intAttr(1), "3");
  number();
  EXPECT_EQ(text(), "func @main(%0: i64, %1: i64) {\n"
                    "  %2 = const {value = 1} : i64\n"
                    "  %4 = const {value = 1} : i64\n"
                    "  %3 = const {value = 1} : i64\n"
                    "  %5 = const {value = 1} : i64\n"
                    "}\n");
  begin({{"", i64}}, {}, "next");
  EXPECT_TRUE(text().ends_with("func @next(%0: i64) {\n}\n")) << "each function counts anew";
}

TEST_F(PrinterTest, ANameTwiceInARegionIsMadeDifferent) {
  begin({{"x", i64}});
  ValueRef second = builder->constant(i64, pool.intAttr(1), "x");
  builder->constant(i64, pool.intAttr(2), "x_1");
  builder->constant(i64, pool.intAttr(3), "x");
  builder->value(OpCode::i64_add, i64, {parameter(0), second});
  EXPECT_EQ(text(), "func @main(%x: i64) {\n"
                    "  %x_2 = const {value = 1} : i64\n"
                    "  %x_1 = const {value = 2} : i64\n"
                    "  %x_3 = const {value = 3} : i64\n"
                    "  %0 = i64.add(%x, %x_2) : i64\n"
                    "}\n");
}

TEST_F(PrinterTest, ARegionMayGiveANameAnotherMeaning) {
  begin({{"x", i64}, {"c", boolean}});
  OpId branch = builder->op(OpCode::core_if, {parameter(1)});
  enter(branch);
  ValueRef inner = builder->constant(i64, pool.intAttr(1), "x");
  builder->value(OpCode::i64_neg, i64, {inner}, {}, "y");
  leave();
  enter(branch);
  builder->value(OpCode::i64_neg, i64, {parameter(0)}, {}, "y");
  leave();
  EXPECT_EQ(text(), "func @main(%x: i64, %c: bool) {\n"
                    "  if(%c) : () {\n"
                    "    %x = const {value = 1} : i64\n"
                    "    %y = i64.neg(%x) : i64\n"
                    "  } {\n"
                    "    %y = i64.neg(%x) : i64\n"
                    "  }\n"
                    "}\n");
}

TEST_F(PrinterTest, AHidingNameGivesWayWhereTheHiddenOneIsUsed) {
  begin({{"x", i64}, {"c", boolean}});
  OpId branch = builder->op(OpCode::core_if, {parameter(1)});
  enter(branch);
  ValueRef middle = builder->constant(i64, pool.intAttr(1), "x");
  OpId nested = builder->op(OpCode::core_if, {parameter(1)});
  enter(nested);
  ValueRef inner = builder->constant(i64, pool.intAttr(2), "x");
  builder->value(OpCode::i64_add, i64, {inner, middle}, {}, "y");
  builder->value(OpCode::i64_neg, i64, {parameter(0)}, {}, "z");
  leave();
  leave();
  EXPECT_EQ(text(), "func @main(%x: i64, %c: bool) {\n"
                    "  if(%c) : () {\n"
                    "    %x_2 = const {value = 1} : i64\n"
                    "    if(%c) : () {\n"
                    "      %x_1 = const {value = 2} : i64\n"
                    "      %y = i64.add(%x_1, %x_2) : i64\n"
                    "      %z = i64.neg(%x) : i64\n"
                    "    }\n"
                    "  }\n"
                    "}\n");
}

TEST_F(PrinterTest, LocationsOnlyWhenAskedForAndBehindTheRegions) {
  begin({{"c", boolean}});
  builder->setLocation(module.locations.addExplicit("a \"b\".py", 3, 7));
  OpId branch = builder->op(OpCode::core_if, {parameter(0)});
  builder->setLocation(Location());
  enter(branch);
  number();
  leave();
  EXPECT_EQ(text({.locations = true}), "func @main(%c: bool) {\n"
                                       "  if(%c) : () {\n"
                                       "    %0 = const {value = 1} : i64\n"
                                       "  } loc(\"a \\\"b\\\".py\":3:7)\n"
                                       "}\n");
  EXPECT_EQ(text({.locations = true}), text()) << "a location that the program gives is part of it";
}

TEST_F(PrinterTest, DeepNestingNeedsNoStack) {
  begin({});
  OpId op = builder->op(OpCode::core_try, {});
  constexpr size_t depth = 5000;
  for (size_t i = 0; i < depth; ++i)
    op = graph().addOperation(graph().addRegion(op), OpCode::core_try, {}, {}, Location());
  std::string out = text();
  EXPECT_EQ(static_cast<size_t>(std::count(out.begin(), out.end(), '}')), depth + 1);
}
