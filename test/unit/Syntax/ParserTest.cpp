// The module that comes out of a right text.
#include "SyntaxTest.h"

using namespace xcs;

namespace {

TEST(Parser, ModuleAndResources) {
  Parsed p(R"(module @m attributes {version = 2}
model @gpt {url = "http://x", model = "m"}
http @api {url = env("URL")}
func @f() { return })");
  ASSERT_TRUE(p.module) << p.messages();
  EXPECT_EQ(p.text(p.module->name), "m");
  EXPECT_EQ(printDict(p.module->pool.view(), p.module->attributes), "{version = 2}");
  ASSERT_EQ(p.module->resources.size(), 2u);
  EXPECT_EQ(p.text(p.module->resources[1].symbol), "api");
  EXPECT_EQ(p.module->resources[1].kind, ResourceKind::Http);
  EXPECT_EQ(p.module->locations.resolve(p.module->resources[1].location).line, 3u);
}

TEST(Parser, FunctionHead) {
  Parsed p("func private @f(%a: i64, %b: list<str>) -> str, i64 attributes {hint.cost = 1.0} { return }");
  ASSERT_TRUE(p.module) << p.messages();
  const Function &f = p.function();
  EXPECT_TRUE(f.isPrivate);
  ASSERT_EQ(f.resultTypes.size(), 2u);
  EXPECT_EQ(printType(p.module->pool.view(), f.resultTypes[1]), "i64");
  ASSERT_EQ(p.graph().arguments(f.body).size(), 2u);
  EXPECT_EQ(p.name(p.graph().arguments(f.body)[1]), "b");
  EXPECT_EQ(printDict(p.module->pool.view(), f.attributes), "{hint.cost = 1.0}");
}

TEST(Parser, OperationParts) {
  Parsed p(R"(func @f(%a: str, %b: none) {
  %x = model.chat @gpt(%a, %a) after(%b, %a) {seed = 1} : str loc("a.py":7:3)
  return
})");
  ASSERT_TRUE(p.module) << p.messages();
  OpId op = p.body()[0];
  const Operation &x = p.graph().operation(op);
  EXPECT_EQ(rowOf(x.code).name, "model.chat");
  EXPECT_EQ(p.text(x.symbol), "gpt");
  EXPECT_EQ(p.graph().operands(op).size(), 2u);
  ASSERT_EQ(p.graph().orderOperands(op).size(), 2u);
  EXPECT_EQ(p.name(p.graph().orderOperands(op)[0]), "b");
  EXPECT_EQ(p.attr(op, "seed"), "1");
  LineColumn at = p.module->locations.resolve(x.location);
  EXPECT_EQ(std::string(at.file) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column),
            "a.py:7:3");
}

TEST(Parser, LocationIsTheOperationsName) {
  Parsed p("func @f() {\n  %a = const {value = 1} : i64\n  return\n}");
  LineColumn at = p.module->locations.resolve(p.graph().operation(p.body()[0]).location);
  EXPECT_EQ(at.line, 2u);
  EXPECT_EQ(at.column, 8u);
}

TEST(Parser, SeveralResultsAndNone) {
  Parsed p("func @f() {\n %a, %b = call @f() : i64, str\n call @f() : ()\n call @f() : i64\n return\n}");
  ASSERT_TRUE(p.module) << p.messages();
  ASSERT_EQ(p.graph().results(p.body()[0]).size(), 2u);
  EXPECT_EQ(p.name(p.graph().results(p.body()[0])[1]), "b");
  EXPECT_EQ(p.graph().results(p.body()[1]).size(), 0u);
  ASSERT_EQ(p.graph().results(p.body()[2]).size(), 1u);
  EXPECT_FALSE(p.graph().value(p.graph().results(p.body()[2])[0]).name.valid());
}

TEST(Parser, RegionsAndTheirArguments) {
  Parsed p(R"(func @f(%xs: list<str>, %c: bool) {
  %r = map(%xs) : list<str> {
  ^(%x: str)
    if(%c) : () { yield } { yield }
    yield(%x)
  }
  return
})");
  ASSERT_TRUE(p.module) << p.messages();
  std::vector<RegionId> regions = p.graph().regionsOf(p.body()[0]);
  ASSERT_EQ(regions.size(), 1u);
  EXPECT_EQ(p.graph().arguments(regions[0]).size(), 1u);
  ASSERT_EQ(p.graph().region(regions[0]).body.size(), 2u);
  EXPECT_EQ(p.graph().regionsOf(p.graph().region(regions[0]).body[0]).size(), 2u);
}

TEST(Parser, InnerNamesHideOuterOnesUntilTheirRegionEnds) {
  Parsed p(R"(func @f(%x: str, %xs: list<str>) {
  %r = map(%xs) : list<str> {
  ^(%x: str)
    %y = str.trim(%x) : str
    yield(%y)
  }
  %y = str.trim(%x) : str
  return
})");
  ASSERT_TRUE(p.module) << p.messages();
  OpId inner = p.graph().region(p.graph().regionsOf(p.body()[0])[0]).body[0], outer = p.body()[1];
  EXPECT_EQ(p.graph().operands(inner)[0], p.graph().arguments(p.graph().regionsOf(p.body()[0])[0])[0]);
  EXPECT_EQ(p.graph().operands(outer)[0], p.graph().arguments(p.function().body)[0]);
}

TEST(Parser, NamesOfFunctionsDoNotMix) {
  Parsed p("func @a(%x: str) {\n %y = str.trim(%x) : str\n return\n}\nfunc @b() {\n %z = str.trim(%y) : "
           "str\n return\n}");
  EXPECT_EQ(p.kinds(), "6: undefined-value\n");
}

TEST(Parser, AnOperationDoesNotSeeItsOwnResults) {
  Parsed p(
      "func @f(%xs: list<str>) {\n %r = map(%xs) : list<str> {\n ^(%x: str)\n yield(%r)\n }\n return\n}");
  EXPECT_EQ(p.kinds(), "4: undefined-value\n");
}

TEST(Parser, PrintedTextIsAFixedPoint) {
  Parsed first(R"(module @m
http @api {url = "http://x", headers = {accept = "text/plain", module}}
func @f(%q: str) -> str {
  %0 = str.trim(%q) : str
  str.trim(%0) : str
  %s = try : result<str> { yield(%0) }
  log.print(%q) after(%0) : none
  return(%0)
})");
  ASSERT_TRUE(first.module) << first.messages();
  Parsed second(first.printed());
  EXPECT_EQ(first.printed(), second.printed());
}

TEST(Parser, TextKeysAreForWhatIsNoIdentifier) {
  Parsed first("http @api {url = \"x\", headers = {\"Content-Type\" = \"a/b\", \"x\" = 1, \"a\\\"b\" = 2}}");
  ASSERT_TRUE(first.module) << first.messages();
  Parsed second(first.printed());
  ASSERT_TRUE(second.module) << first.printed() << second.messages();
  EXPECT_EQ(first.printed(), second.printed());
}

TEST(Parser, SymbolsMayBeUsedBeforeTheirDefinition) {
  Parsed p("func @a() {\n call @b() : ()\n return\n}\nfunc @b() { return }");
  EXPECT_TRUE(p.module) << p.messages();
}

TEST(Parser, CommentsAndSpaceStandAnywhere) {
  Parsed p("// a\nfunc// b\n@a// c\n(\r\n)\t{ // }\n return // )\n} // the end");
  EXPECT_TRUE(p.module) << p.messages();
}

TEST(Parser, TheEngineKeepsTheLocationsOfAGoodModuleOnly) {
  Parsed good("func @a() { return }"), bad("func @a() {");
  EXPECT_EQ(good.engine.locationTable(), &good.module->locations);
  EXPECT_EQ(bad.engine.locationTable(), nullptr);
}

} // namespace
