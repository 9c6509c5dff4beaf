#include "xcs/Transforms/Draws.h"
#include "IR/RandomModule.h"
#include "Transforms/PassTest.h"
#include "xcs/IR/Printer.h"
#include "xcs/IR/Walk.h"
#include <map>
#include <set>

using namespace xcs;

namespace {

/// Programs as text, and the names that their draws get.
class DrawsTest : public PassTest {
protected:
  std::unique_ptr<Module> named(const std::string &text) {
    std::unique_ptr<Module> module =
        parse("model @m {url = \"http://127.0.0.1:1/v1\", model = \"a\"}\n" + text);
    EXPECT_TRUE(module) << messages;
    if (module)
      assignDraws(*module);
    return module;
  }
  /// Of `@main`, by the names of their results.
  /// Of the draws of @main, by the name of their value; copies of one operation share that.
  static std::multimap<std::string, std::string> namesIn(const Module &module) {
    std::multimap<std::string, std::string> names;
    for (const auto &function : module.functions) {
      const ComputationGraph &graph = function->graph;
      for (uint32_t i = 0; i != graph.operationCount(); ++i)
        if (const OpId op(i); graph.drawName(op) && !graph.erased(op) &&
                              graph.operation(op).resultCount != 0 &&
                              module.pool.text(function->symbol) == "main")
          names.emplace(module.pool.text(graph.value(graph.operation(op).firstResult).name),
                        module.pool.text(graph.drawName(op)));
    }
    return names;
  }
  /// The draws of @main alone, sorted.
  static std::multiset<std::string> drawsIn(const Module &module) {
    std::multiset<std::string> draws;
    for (const auto &[value, draw] : namesIn(module))
      draws.insert(draw);
    return draws;
  }
  /// How many draws there are in all functions.
  static size_t countIn(const Module &module) {
    size_t count = 0;
    for (const auto &function : module.functions)
      for (uint32_t i = 0; i != function->graph.operationCount(); ++i)
        count += function->graph.drawName(OpId(i)) && !function->graph.erased(OpId(i));
    return count;
  }
  std::map<std::string, std::string> namesOf(const std::string &text) {
    std::unique_ptr<Module> module = named(text);
    if (!module)
      return {};
    const std::multimap<std::string, std::string> names = namesIn(*module);
    return {names.begin(), names.end()};
  }
  /// The name of `%a` after these lines of a function of %q: str.
  std::string nameOfA(const std::string &lines) {
    return namesOf("func @main(%q: str) -> () {\n" + lines + "\n}\n")["a"];
  }
};

constexpr const char *pick =
    "func private @pick(%q: str) -> str {\n  %x = model.chat @m(%q) : str\n  return(%x)\n}\n";

TEST_F(DrawsTest, ANameIsMnemonicOrCalleeValueNumberAndOrdinal) {
  auto names =
      namesOf(std::string(pick) + "func @main(%q: str) -> () {\n"
                                  "  %a = model.chat @m(%q) : str\n  %b = model.chat @m(%q) : str\n"
                                  "  %c = call @pick(%q) : str\n  %d = model.chat @m(%c) : str\n}\n");
  ASSERT_EQ(names.size(), 4u);
  EXPECT_TRUE(names["a"].starts_with("model.chat#") && names["a"].ends_with(":0")) << names["a"];
  EXPECT_EQ(names["a"].size(), std::string("model.chat#0123456789abcdef:0").size());
  EXPECT_EQ(names["b"], names["a"].substr(0, names["a"].size() - 1) + "1");
  EXPECT_TRUE(names["c"].starts_with("pick#") && names["c"].ends_with(":0")) << names["c"];
  EXPECT_TRUE(names["d"].starts_with("model.chat#") && names["d"].ends_with(":0")) << names["d"];
  EXPECT_NE(names["d"], names["a"]);
}

/// Written down once and for all: names outlive versions of the compiler.
TEST_F(DrawsTest, ValueNumbersAreTheSameEverywhere) {
  EXPECT_EQ(nameOfA("  %a = random.float : f64"), "random.float#07826943bc0a957b:0");
  EXPECT_EQ(nameOfA("  %c = const {value = [1, 2]} : list<i64>\n  %a = random.choice(%c) : i64"),
            "random.choice#730e1a44d0ff8c13:0");
  EXPECT_EQ(nameOfA("  %a = model.chat @m(%q) {temperature = 0.5} : str"), "model.chat#43e68737573f17a7:0");
}

TEST_F(DrawsTest, InsertionsAboveShiftNothing) {
  const std::string chat = "  %a = model.chat @m(%q) : str";
  const std::string name = nameOfA(chat);
  EXPECT_EQ(nameOfA("  %s = const {value = \"x\"} : str\n  %t = str.concat(%q, %s) : str\n" + chat), name);
  EXPECT_EQ(nameOfA("  %z = random.float : f64\n  %y = model.chat @m(%q) {seed = 1} : str\n" + chat), name);
  EXPECT_EQ(nameOfA("  %yes = const {value = true} : bool\n  if(%yes) : () {\n"
                    "    %z = model.chat @m(%q) : list<i64>\n  }\n" +
                    chat),
            name);
  EXPECT_EQ(namesOf("func private @f() -> f64 {\n  %r = random.float : f64\n  return(%r)\n}\n"
                    "func @main(%q: str) -> () {\n" +
                    chat + "\n}\n")["a"],
            name);
}

TEST_F(DrawsTest, AConstantCountsByTypeAndValue) {
  auto with = [&](const std::string &literal, const std::string &type) {
    return nameOfA("  %c = const {value = " + literal + "} : " + type +
                   "\n  %j = str.from(%c) : str\n"
                   "  %a = model.chat @m(%j) : str");
  };
  EXPECT_EQ(with("255", "i64"), with("0xff", "i64"));
  EXPECT_EQ(with("1", "f64"), with("1.0", "f64"));
  EXPECT_EQ(with("1000", "f64"), with("1e3", "f64"));
  EXPECT_EQ(with("1s", "duration"), with("1000ms", "duration"));
  EXPECT_EQ(with("\"a\\nb\"", "str"), with("\"a\\u000ab\"", "str"));
  EXPECT_EQ(with("\"a\"", "str"), with("\"\"\"a\"\"\"", "str"));
  EXPECT_EQ(with("{x = 1, y = 2}", "record<x: i64, y: i64>"),
            with("{y = 2, x = 1}", "record<x: i64, y: i64>"));
  EXPECT_EQ(with("{x = 1}", "record<x: f64, y: option<i64>>"),
            with("{x = 1.0}", "record<x: f64, y: option<i64>>"));
  EXPECT_NE(with("1", "i64"), with("1", "f64"));
  EXPECT_NE(with("1", "i64"), with("2", "i64"));
  EXPECT_NE(with("1", "i64"), with("1", "json"));
  EXPECT_NE(with("1", "json"), with("1.0", "json"));
  EXPECT_NE(with("\"1\"", "str"), with("1", "i64"));
  EXPECT_NE(with("0.0", "f64"), with("-0.0", "f64"));
}

TEST_F(DrawsTest, WhatIsAskedForCountsAndHowItIsAskedDoesNot) {
  auto with = [&](const std::string &attributes) {
    return nameOfA("  %z = random.float : f64\n  %a = model.chat @m(%q) " + attributes + " : str");
  };
  const std::string plain = with("");
  for (const char *how :
       {"{keep}", "{timeout = 3s, retry = {max = 1}}", "{first_byte_timeout = 1s}", "{stream}",
        "{hint.latency = 1s}", "after(%z)", "{deterministic = false}", "{cache = \"off\"}"})
    EXPECT_EQ(with(how), plain) << how;
  for (const char *what : {"{temperature = 0.5}", "{seed = 1}", "{system = \"\"}", "{max_tokens = 9}"})
    EXPECT_NE(with(what), plain) << what;
  EXPECT_EQ(with("{seed = 1, temperature = 1}"), with("{temperature = 1.0, seed = 1}"));
}

/// The resource counts by its symbol: what stands in it is part of the request alone.
TEST_F(DrawsTest, TheResourceCountsByItsSymbol) {
  const std::string n = "model @n {url = \"http://127.0.0.1:1/v1\", model = \"a\"}\n";
  auto with = [&](const std::string &resource, const std::string &symbol) {
    return namesOf(resource + "func @main(%q: str) -> () {\n  %a = model.chat @" + symbol +
                   "(%q) : str\n}\n")["a"];
  };
  EXPECT_NE(with(n, "m"), with(n, "n"));
  EXPECT_EQ(with(n, "n"),
            with("model @n {url = \"http://127.0.0.1:2/v1\", model = \"b\", retries = 3}\n", "n"));
}

TEST_F(DrawsTest, AnArgumentCountsByDepthAndPosition) {
  auto names = namesOf(
      "func @main(%q: str, %r: str, %l: list<str>) -> () {\n"
      "  %a = model.chat @m(%q) : str\n  %b = model.chat @m(%r) : str\n"
      "  %m = map(%l) : list<str> {\n  ^(%e: str)\n    %c = model.chat @m(%e) : str\n    yield(%c)\n  }\n"
      "  %n = map(%m) : list<str> {\n  ^(%e: str)\n    %d = model.chat @m(%e) : str\n    yield(%d)\n  "
      "}\n}\n");
  EXPECT_NE(names["a"], names["b"]);
  EXPECT_NE(names["a"], names["c"]);
  EXPECT_EQ(names["d"], names["c"].substr(0, names["c"].size() - 1) + "1"); // the second of its kind
}

TEST_F(DrawsTest, FunctionsCountByTheirSymbolWhereverTheyStand) {
  const std::string main = "func @main(%q: str) -> () {\n  %a = call @pick(%q) : str\n}\n";
  EXPECT_EQ(namesOf(pick + main)["a"], namesOf(main + pick)["a"]);
}

TEST_F(DrawsTest, AWrittenNameStaysAndMovesNoOther) {
  auto plain = namesOf(
      "func @main(%q: str) -> () {\n  %a = model.chat @m(%q) : str\n  %b = model.chat @m(%q) : str\n}\n");
  auto written = namesOf("func @main(%q: str) -> () {\n  %a = model.chat @m(%q) {draw = \"mine\"} : str\n"
                         "  %b = model.chat @m(%q) : str\n}\n");
  EXPECT_EQ(written["a"], "mine");
  EXPECT_EQ(written["b"], plain["b"]);
  auto taken = namesOf("func @main(%q: str) -> () {\n  %a = model.chat @m(%q) {draw = \"" + plain["b"] +
                       "\"} : str\n  %b = model.chat @m(%q) : str\n}\n");
  EXPECT_EQ(taken["a"], plain["b"]);
  EXPECT_NE(taken["b"], plain["b"]);
}

/// What is printed and read again has the same names, whatever passes did in between (conformance 28).
TEST_F(DrawsTest, NamesSurvivePrinting) {
  const std::string text =
      std::string(pick) +
      "func @main(%q: str) -> str, str, f64 {\n  %x = const {value = \"x\"} : str\n  %y = str.concat(%x, %x) "
      ": str\n"
      "  %a = call @pick(%y) : str\n  %b = call @pick(%y) : str\n  %c = random.float {draw = \"c\"} : f64\n"
      "  return(%a, %b, %c)\n}\n";
  std::unique_ptr<Module> module = named(text);
  ASSERT_TRUE(module && run(*module, "inline,canonicalize,cse,dce,schedule(attributes)")) << messages;
  std::string printed = show(*module);
  std::unique_ptr<Module> again = parse(printed);
  ASSERT_TRUE(again) << messages << printed;
  assignDraws(*again);
  EXPECT_EQ(drawsIn(*again), drawsIn(*module));
  EXPECT_EQ(show(*again), printed);
  EXPECT_EQ(namesIn(*module).size(), 3u);
}

TEST_F(DrawsTest, TwoDrawsOfOneNameAreAnError) {
  for (const char *ops :
       {"  %a = random.float {draw = \"x\"} : f64\n  %b = random.float {draw = \"x\"} : f64\n",
        "  %a = random.float {draw = \"x\"} : f64\n  %b = model.chat @m(%q) {draw = \"x\"} : str\n",
        "  %a = call @pick(%q) {draw = \"x\"} : str\n  %b = call @pick(%q) {draw = \"x\"} : str\n",
        "  %t = try : result<f64> {\n    %a = random.float {draw = \"x\"} : f64\n    yield(%a)\n  }\n"
        "  %b = random.float {draw = \"x\"} : f64\n"}) {
    messages.clear();
    EXPECT_FALSE(parse("model @m {url = \"http://127.0.0.1:1/v1\", model = \"a\"}\n" + std::string(pick) +
                       "func @main(%q: str) -> () {\n" + ops + "}\n"));
    EXPECT_NE(
        messages.find("two draws of a function have the name `\"x\"`; give each a name of its own, or omit "
                      "`draw` [duplicate-draw]"),
        std::string::npos)
        << messages;
  }
  // In two functions they are two.
  EXPECT_TRUE(parse("func @f() -> () {\n  %a = random.float {draw = \"x\"} : f64\n}\n"
                    "func @g() -> () {\n  %a = random.float {draw = \"x\"} : f64\n}\n"))
      << messages;
}

/// What no pass may do to the draws of the first function.
template <int kind> class DrawBreaker : public Pass {
public:
  Result<Change> run(Module &module, PassContext &) override {
    ComputationGraph &graph = module.functions[0]->graph;
    std::vector<OpId> body = graph.region(module.functions[0]->body).body;
    if (kind == 0)
      graph.setDrawName(body[0], StringId());
    else if (kind == 1)
      graph.setDrawName(body[0], module.pool.intern("another"));
    else {
      graph.erase(body[0]);
      body.erase(body.begin());
      graph.setBody(module.functions[0]->body, body);
    }
    return Change::Program;
  }
};
template <int kind>
constexpr PassRow breakerRow{"breaker", "", [] { return std::unique_ptr<Pass>(new DrawBreaker<kind>); }, ""};

TEST_F(DrawsTest, APassThatChangesDrawsIsFound) {
  const std::string text = "func @main(%q: str) -> () {\n  %a = file.write(%q, %q) : none\n}\n";
  const std::pair<const PassRow *, const char *> cases[] = {{&breakerRow<0>, "a `file.write` has no name"},
                                                            {&breakerRow<1>, "`another` is new"},
                                                            {&breakerRow<2>, ":0` is gone"}};
  for (const auto &[row, what] : cases) {
    messages.clear();
    std::unique_ptr<Module> module = named(text);
    EXPECT_FALSE(runPipeline(*module, {{row, ""}}, options, context)) << what;
    EXPECT_NE(messages.find("the pass `breaker` changed the draws of `@main`: "), std::string::npos)
        << messages;
    EXPECT_NE(messages.find(what), std::string::npos) << messages;
    EXPECT_NE(messages.find("continue with `--disable-pass=breaker` [pass-changed-draws]"),
              std::string::npos);
    messages.clear();
    module = parse(text); // without names there is nothing to compare
    EXPECT_TRUE(runPipeline(*module, {{row, ""}}, options, context)) << messages;
  }
}

/// Samples may go when nobody uses them, anything in a branch that is never taken, and calls give way.
TEST_F(DrawsTest, WhatPassesMayDoIsNoChange) {
  std::unique_ptr<Module> module = named(
      std::string("func private @w(%q: str) -> () {\n  %x = file.write(%q, %q) : none\n}\n"
                  "func private @ww(%q: str) -> () {\n  call @w(%q)\n  call @w(%q)\n}\n") +
      "func @main(%q: str) -> () {\n  %s = random.float : f64\n  %no = const {value = false} : bool\n"
      "  if(%no) : () {\n    call @ww(%q)\n    %y = file.write(%q, %q) : none\n  }\n  call @ww(%q)\n}\n");
  ASSERT_TRUE(module) << messages;
  EXPECT_TRUE(run(*module, "inline,canonicalize,dce,cse,schedule")) << messages;
  EXPECT_EQ(countIn(*module), 2u);
}

/// The names of all draws in the order of the text.
std::vector<std::string> drawsInOrder(const Module &module) {
  struct Visitor {
    const Module &module;
    const ComputationGraph &graph;
    std::vector<std::string> &names;
    void beginRegion(RegionId) {}
    void endRegion(RegionId) {}
    void endOp(OpId) {}
    bool beginOp(OpId op) {
      if (const StringId name = graph.drawName(op))
        names.emplace_back(module.pool.text(name));
      return true;
    }
  };
  std::vector<std::string> names;
  for (const auto &function : module.functions) {
    Visitor visitor{module, function->graph, names};
    walk(function->graph, function->body, visitor);
  }
  return names;
}

/// Literals in place, names of types and constants, and functions in the place of regions change no draw.
TEST_F(DrawsTest, APrintedProgramHasTheSameDraws) {
  size_t draws = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Module module;
    RandomModule random(module, seed, 60);
    std::string text;
    llvm::raw_string_ostream stream(text);
    print(module, stream);
    std::unique_ptr<Module> again = parse(text);
    ASSERT_NE(again, nullptr) << "seed " << seed << messages;
    assignDraws(module);
    assignDraws(*again);
    const std::vector<std::string> names = drawsInOrder(module);
    draws += names.size();
    ASSERT_EQ(drawsInOrder(*again), names) << "seed " << seed << "\n" << text;
  }
  EXPECT_GT(draws, 100u);
}

} // namespace
