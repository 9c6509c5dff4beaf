#include "xcs/Runtime/Border.h"
#include "xcs/Compiler/Compiler.h"
#include "xcs/Runtime/Executor.h"
#include "xcs/World/LiveWorld.h"
#include <gtest/gtest.h>

using namespace xcs;

namespace {

/// A program, the values that are given to it as text, and what comes out as text.
struct BorderTest : ::testing::Test {
  std::unique_ptr<PlanFile> file;
  DiagnosticEngine diagnostics;
  Limits limits;
  std::optional<Arguments> arguments;

  /// Compiles a program and enters its function.
  void enter(std::string_view program, std::string_view function = "main") {
    CompileOptions options;
    options.level = 0;
    auto bytes =
        compile(std::make_shared<SourceBuffer>("border.xir", std::string(program)), options, diagnostics);
    ASSERT_TRUE(bytes) << diagnostics.all()[0].message;
    auto opened = PlanFile::fromBytes(*bytes, "border.xplan", diagnostics, {});
    ASSERT_TRUE(opened);
    file = std::move(*opened);
    std::optional<uint32_t> entry = findEntry(plan(), function, "border.xplan", diagnostics);
    ASSERT_TRUE(entry);
    arguments.emplace(plan(), *entry, limits, "border.xplan", diagnostics);
  }
  const PlanView &plan() const { return file->view(); }

  bool set(std::string_view name, std::string_view text) {
    std::optional<uint32_t> parameter = arguments->find(name);
    return parameter && arguments->setFromText(*parameter, text);
  }
  /// Runs with what was set; the results as JSON, or the messages.
  std::string run() {
    auto values = arguments->take();
    if (!values)
      return messages();
    Executor executor(plan(), {}, liveWorld(plan(), {}));
    RunReport report = executor.run(0, std::move(*values));
    if (!report.ok) {
      reportFailure(plan(), report, "border.xplan", diagnostics);
      return messages();
    }
    auto text = resultsAsJson(plan(), 0, report, diagnostics);
    return text ? *text : messages();
  }
  std::string messages() const {
    std::string all;
    for (const Diagnostic &d : diagnostics.all())
      all += d.file + ":" + std::to_string(d.line) + ": " + d.message + " [" + std::string(d.kind) + "]\n";
    return all;
  }
};

/// A function that gives back what it is given.
std::string identity(std::string_view type) {
  return "func @main(%x: " + std::string(type) + ") -> " + std::string(type) + " {\n  return(%x)\n}\n";
}

struct Given {
  std::string_view type, text, result;
};

} // namespace

TEST_F(BorderTest, ATextGoesInAndTheValueComesOut) {
  const Given rows[] = {
      {"str", "as it is, \"quotes\" too", R"("as it is, \"quotes\" too")"},
      {"str", "", R"("")"},
      {"str", "12", R"("12")"},
      {"i64", "-9223372036854775808", "-9223372036854775808"},
      {"i64", "4.0", "4"},
      {"f64", "2", "2.0"},
      {"bool", " true ", "true"},
      {"duration", "\"250ms\"", "\"250ms\""},
      {"bytes", "\"AP8=\"", "\"AP8=\""},
      {"json", "{\"a\": [1, null]}", "{\"a\":[1,null]}"},
      {"json", "[18446744073709551615, -1000000000000000000000000000000]",
       "[18446744073709551615,-1000000000000000000000000000000]"},
      {"f64", "18446744073709551615", "18446744073709551616.0"},
      {"option<i64>", "null", "null"},
      {"list<option<str>>", "[\"a\", null]", "[\"a\",null]"},
      {"record<n: i64, o: option<str>>", "{\"n\": 1}", R"({"n":1,"o":null})"},
  };
  for (const Given &row : rows) {
    enter(identity(row.type));
    ASSERT_TRUE(set("x", row.text)) << row.type << messages();
    EXPECT_EQ(run(), std::string(row.result) + "\n") << row.type;
  }
}

TEST_F(BorderTest, WhatDoesNotFitIsRefusedWithItsName) {
  const Given rows[] = {
      {"i64", "1.5", "[bad-argument-value]"},
      {"i64", "9223372036854775808", "[bad-argument-value]"},
      {"i64", "9223372036854775808", "found a number beyond i64 (`9223372036854775808`)"},
      {"i64", "", "[bad-argument-value]"},
      {"str", "\xff", "byte 0 is not valid UTF-8"},
      {"bool", "1", "[bad-argument-value]"},
      {"list<i64>", "[1, \"2\"]", "[bad-argument-value]"},
      {"json", "{", "[bad-argument-value]"},
      {"record<n: i64>", "{\"m\": 1}", "[bad-argument-value]"},
      {"bytes", "\"?\"", "[bad-argument-value]"},
  };
  for (const Given &row : rows) {
    diagnostics = DiagnosticEngine();
    enter(identity(row.type));
    EXPECT_FALSE(set("x", row.text)) << row.type;
    EXPECT_NE(messages().find(row.result), std::string::npos) << messages();
    EXPECT_NE(messages().find("`x`"), std::string::npos) << messages();
  }
}

TEST_F(BorderTest, AFileGivesBytesAsTheyAre) {
  enter(identity("bytes"));
  ASSERT_TRUE(arguments->setFromContent(0, std::string_view("\0\xff", 2)));
  EXPECT_EQ(run(), "\"AP8=\"\n");
  enter(identity("i64"));
  ASSERT_TRUE(arguments->setFromContent(0, "7\n"));
  EXPECT_EQ(run(), "7\n");
}

TEST_F(BorderTest, AnObjectGivesSeveralAndALaterValueReplaces) {
  enter("func @main(%a: i64, %b: option<str>) -> i64, option<str> {\n  return(%a, %b)\n}\n");
  ASSERT_TRUE(arguments->setFromObject(R"({"a": 1, "b": "x"})", "args.json"));
  ASSERT_TRUE(set("a", "2"));
  EXPECT_EQ(run(), "[2,\"x\"]\n");
}

TEST_F(BorderTest, AnObjectThatIsNoneOrNamesOthersIsRefused) {
  for (auto [text, message] :
       {std::pair("[1]", "args.json:0: "), {"{", "args.json:0: "}, {R"({"c": 1})", "has no parameter `c`"}}) {
    diagnostics = DiagnosticEngine();
    enter("func @main(%a: i64, %b: i64) -> i64 {\n  return(%a)\n}\n");
    EXPECT_FALSE(arguments->setFromObject(text, "args.json"));
    EXPECT_NE(messages().find(message), std::string::npos) << messages();
  }
}

TEST_F(BorderTest, WhatIsMissingIsReportedUnlessItIsAnOption) {
  enter("func @main(%a: option<i64>, %b: i64) -> option<i64> {\n  return(%a)\n}\n");
  EXPECT_EQ(
      run(),
      "border.xplan:0: parameter `b: i64` has no value; give it with `--arg b=VALUE` [missing-argument]\n");
}

TEST_F(BorderTest, ALimitIsNamed) {
  limits.set(Limit::JsonBytes, 4);
  enter(identity("json"));
  EXPECT_FALSE(set("x", "\"longer\""));
  EXPECT_NE(messages().find("json-bytes"), std::string::npos) << messages();
  EXPECT_EQ(diagnostics.all()[0].id, Diag::LimitExceeded);
}

TEST_F(BorderTest, TheEntryIsMainOrTheOnlyOneOrTheOneThatIsNamed) {
  constexpr std::string_view two = "func @a() {\n  return\n}\nfunc @b() {\n  return\n}\n";
  enter(two, "b");
  EXPECT_FALSE(findEntry(plan(), "", "border.xplan", diagnostics));
  EXPECT_NE(messages().find("it has `@a`, `@b`"), std::string::npos) << messages();
  EXPECT_EQ(findEntry(plan(), "a", "border.xplan", diagnostics), 0u);
  enter("func @only(%x: i64) -> i64 {\n  %y = call @help(%x) : i64\n  return(%y)\n}\n"
        "func private @help(%x: i64) -> i64 {\n  return(%x)\n}\n",
        "");
  EXPECT_FALSE(findEntry(plan(), "help", "border.xplan", diagnostics)); // private
}

TEST_F(BorderTest, AFailureIsToldWhereItHappenedAndFromWhere) {
  enter("func @main(%x: i64) -> i64 {\n  %y = call @divide(%x) : i64\n  return(%y)\n}\n"
        "func private @divide(%x: i64) -> i64 {\n  %d = i64.div(%x, %x) : i64\n  return(%d)\n}\n");
  ASSERT_TRUE(set("x", "0"));
  std::string told = run();
  EXPECT_NE(told.find("border.xir:6: `i64.div` of `%d`: "), std::string::npos) << told;
  EXPECT_NE(told.find("border.xir:2: called from here [called-from]"), std::string::npos) << told;
}

TEST_F(BorderTest, AValueWithoutAJsonFormIsNoResult) {
  enter("func @main() -> f64 {\n  %inf = const {value = inf} : f64\n  return(%inf)\n}\n");
  EXPECT_NE(run().find("[not-json]"), std::string::npos) << messages();
}

TEST_F(BorderTest, SecretsOfTheRunAreRedactedOnTheWayOut) {
  enter(identity("str"));
  RunReport report;
  report.results = {Value::str("it is hunter22hunter22!")};
  report.secrets = {"hunter22hunter22"};
  auto text = resultsAsJson(plan(), 0, report, diagnostics);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "\"it is [redacted]!\"\n");
  report.failure = {Diag::Failed, "because of hunter22hunter22", UINT32_MAX, 1, {}, {}, {}};
  reportFailure(plan(), report, "border.xplan", diagnostics);
  EXPECT_NE(messages().find("because of [redacted]"), std::string::npos) << messages();
}
