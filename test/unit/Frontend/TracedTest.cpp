// What a function of handles is traced to, and what is refused.
#include "xcs/Frontend/Combinators.h"
#include "xcs/IR/Printer.h"
#include "xcs/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>
#include <thread>

using namespace xcs;

namespace {

const Model gpt("gpt", {.url = "http://127.0.0.1:8080/v1", .model = "small"});

/// Places are at the ends of lines.
std::string withoutPlaces(std::string text) {
  for (size_t at = text.find(" loc("); at != text.npos; at = text.find(" loc("))
    text.erase(at, text.find('\n', at) - at);
  return text;
}

template <class F> std::string traced(F function) {
  const Traced made = traceFunction(function);
  if (!made.module)
    return "error: " + made.error.message;
  DiagnosticEngine diagnostics;
  if (!verify(*made.module, diagnostics, Limits()))
    return "does not verify: " + diagnostics.all()[0].message;
  std::string text;
  llvm::raw_string_ostream out(text);
  print(*made.module, out);
  return withoutPlaces(text.substr(text.find("func")));
}

template <class F> std::string kindOf(F function) {
  const Traced made = traceFunction(function);
  return made.module ? "none" : "[" + std::string(rowOf(made.error.id).kind) + "]";
}

struct Town {
  Str größe;
  XCS_RECORD(größe)
};

size_t count(const std::string &text, std::string_view part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

struct Passage {
  Str title, text;
  XCS_RECORD(title, text)
};

} // namespace

TEST(Traced, OperatorsAndLiterals) {
  EXPECT_EQ(traced([](Str a, I64 n) {
              Str letter = "Dear " + a + "!"; // C++ has no order among arguments
              Bool good = n * 2 + 1 > 3 && !(a == "x");
              return std::tuple(letter, good);
            }),
            R"(func @main(%p0: str, %p1: i64) -> str, bool {
  %0 = str.concat("Dear ", %p0) : str
  %1 = str.concat(%0, "!") : str
  %2 = i64.mul(%p1, 2) : i64
  %3 = i64.add(%2, 1) : i64
  %4 = i64.gt(%3, 3) : bool
  %5 = str.eq(%p0, "x") : bool
  %6 = bool.not(%5) : bool
  %7 = bool.and(%4, %6) : bool
  return(%1, %7)
}
)");
}

TEST(Traced, ConditionsWithBoolsOfTheHost) {
  const bool yes = true;
  EXPECT_EQ(traced([&](Bool a, Bool c) {
              Bool b = a && yes;
              b = yes && b;
              b = b || false;
              b = false || b;
              b = b && c;
              b = b == yes;
              b = yes != b;
              return b;
            }),
            R"(func @main(%p0: bool, %p1: bool) -> bool {
  %0 = bool.and(%p0, true) : bool
  %1 = bool.and(true, %0) : bool
  %2 = bool.or(%1, false) : bool
  %3 = bool.or(false, %2) : bool
  %4 = bool.and(%3, %p1) : bool
  %5 = bool.eq(%4, true) : bool
  %6 = bool.xor(true, %5) : bool
  return(%6)
}
)");
}

TEST(Traced, AValueThatIsPassedOn) {
  EXPECT_EQ(traced([](Str a) { return a; }), "func @main(%p0: str) -> str {\n  return(%p0)\n}\n");
  EXPECT_EQ(traced([](Str) { return "x"; }), "func @main(%p0: str) -> str {\n  return(\"x\")\n}\n");
}

TEST(Traced, ALongChainOfText) {
  const std::string text = traced([](Str a) {
    Str all = "";
    for (int i = 0; i < 1000; ++i)
      all += a;
    return all;
  });
  EXPECT_EQ(count(text, "str.concat"), 1000u);
}

TEST(Traced, EqualDrawsStaySeparate) {
  const std::string text = traced([](Str a) {
    std::vector<Str> all;
    for (int i = 0; i < 5; ++i)
      all.push_back(model::chat(gpt, a));
    return vote::majority(all);
  });
  EXPECT_EQ(count(text, "model.chat @gpt(%p0)"), 5u);
}

TEST(Traced, WritesKeepTheirOrder) {
  const std::string text = traced([](Str a) {
    file::write("x", a);
    file::append("x", "more");
    return file::readText("x");
  });
  EXPECT_LT(text.find("file.write"), text.find("file.append"));
  EXPECT_LT(text.find("file.append"), text.find("file.read_text"));
}

TEST(Traced, AVariableThatChangesIsTheNextValue) {
  EXPECT_EQ(traced([](I64 n) {
              I64 before = n;
              n = n + 1;
              return n - before;
            }),
            "func @main(%p0: i64) -> i64 {\n  %0 = i64.add(%p0, 1) : i64\n  %1 = i64.sub(%0, %p0) : i64\n"
            "  return(%1)\n}\n");
}

template <class... X> static Str joined(const X &...parts) {
  Str all = "";
  ((all = all + parts), ...);
  return all;
}

static I64 power(I64 n, int exponent) { return exponent == 0 ? I64(1) : n * power(n, exponent - 1); }

TEST(Traced, HostFunctionsRun) {
  EXPECT_EQ(count(traced([](Str a, Str b) { return joined(a, b, "c", a); }), "str.concat"), 4u);
  EXPECT_EQ(count(traced([](I64 n) { return power(n, 6); }), "i64.mul"), 6u);
}

TEST(Traced, RecordsByMembers) {
  EXPECT_EQ(traced([](Passage one) {
              Passage other = one;
              other.text = str::trim(one.text);
              return other;
            }),
            R"(func @main(%p0: record<title: str, text: str>) -> record<title: str, text: str> {
  %0 = record.get(%p0) {field = "text"} : str
  %1 = str.trim(%0) : str
  %2 = record.with(%p0, %1) {field = "text"} : record<title: str, text: str>
  return(%2)
}
)");
  EXPECT_EQ(traced([](Passage one) { return one; }),
            "func @main(%p0: record<title: str, text: str>) -> record<title: str, text: str> {\n  "
            "return(%p0)\n}\n");
}

TEST(Traced, AFieldIsGotAgainWhereItsValueCannotBeSeen) {
  const std::string text = traced([](Bool go, Passage one) {
    Str a = cond(go, [&] { return one.text + "a"; }, [&] { return one.text + "b"; });
    return a + one.text;
  });
  EXPECT_EQ(count(text, "record.get"), 3u) << text;
}

TEST(Traced, EveryCombinator) {
  const std::string text = traced([](List<Str> texts, I64 n, Bool go) {
    auto lengths = map(texts, [](Str text) { return str::length(text); }, {.window = 2});
    auto some = filter(texts, [](Str text) { return text != ""; });
    auto [yes, no] = partition(some, [](Str text) { return str::startsWith(text, "a"); });
    auto sorted = sortBy(yes, [](Str text) { return str::length(text); }, {.descending = true});
    auto groups = groupBy(no, [](Str text) { return str::length(text); });
    I64 sum = reduce(lengths, 0, [](I64 a, I64 b) { return a + b; }, {.associative = true});
    auto sums = scan(lengths, I64(0), [](I64 each, I64 before) { return before + each; });
    auto [last, times] = loop(texts, std::tuple("", 0),
                              [](Str each, Str all, I64 time) { return std::tuple(all + each, time + 1); });
    I64 down = loop(n, [](I64 now) { return continueIf(now > 0, now - 1); }, {.maxTrips = 9});
    Str word = choose(n, [] { return "many"; }, on(1, [] { return "one"; }), on(2, [] { return "two"; }));
    auto first = race({.take = 1}, [&] { return word; }, [&] { return last; });
    auto tried = attempt([&] { return sorted[0]; });
    cond(go, [&] { require(n > 0, "n must be positive"); });
    cond(!go, [] { xcs::fail("not to go"); });
    return std::tuple(groups.size() + sum + times + down, sums, first, tried.valueOr("none"));
  });
  for (const char *op :
       {"= map(", "window = 2", "= filter(", "= partition(", "= sort_by(", "{descending}", "= group_by(",
        "= reduce(", "{associative}", "= scan(", "= for(", "= while(", "max_trips = 9", "= switch(",
        "cases = [1, 2]", "= race {take = 1}", "= try :", "assert(", "fail("})
    EXPECT_NE(text.find(op), text.npos) << op << " in " << text;
}

TEST(Traced, FunctionsOfTheProgram) {
  const auto shout = function("shout", [](Str text) { return str::upper(text) + "!"; });
  const std::string text = traced([&](Str a, Str b) { return shout(a) + shout(b); });
  EXPECT_EQ(count(text, "func private @shout"), 1u) << text;
  EXPECT_EQ(count(text, "call @shout"), 2u);
}

TEST(Traced, FunctionsThatAreGoneAreStillOthers) {
  const std::string text = traced([](Str a) {
    for (int i = 0; i < 3; ++i)
      a = function("step", [i](Str b) { return b + std::to_string(i); })(a);
    return a;
  });
  EXPECT_EQ(count(text, "func private @step"), 3u) << text;
}

TEST(Traced, NamesThatTheTextCannotHave) {
  auto mistakeOf = [](const TraceSettings &settings) {
    const Traced made = traceFunction([](Str a, Str b) { return a + b; }, settings);
    EXPECT_TRUE(made.module || made.error.line != 0);
    return made.module ? "none" : made.error.message;
  };
  for (std::string_view name :
       {"", "my func", "1st", "$a", ".a", "a-b", "a@b", "stra\u00dfe", "\xff", "a\nb"}) {
    const std::string wrong = mistakeOf({.name = std::string(name)});
    EXPECT_NE(wrong.find("begins with a letter or `_`"), wrong.npos) << name << ": " << wrong;
    const std::string parameter = mistakeOf({.parameters = {"a", std::string(name)}});
    EXPECT_NE(parameter.find("begins with a letter or `_`"), parameter.npos) << name << ": " << parameter;
    EXPECT_EQ(kindOf([&](Str a) { return function(std::string(name), [](Str b) { return b; })(a); }),
              "[not-recorded]");
  }
  EXPECT_TRUE(mistakeOf({.name = "my func"}).starts_with("`my func` cannot be recorded: "));
  EXPECT_NE(mistakeOf({.parameters = {"a b\n) -> str {"}}), "none");
  EXPECT_NE(mistakeOf({.parameters = {"a", "a"}}).find("two parameters"), std::string::npos);
  EXPECT_NE(mistakeOf({.parameters = {"a", "b", "c"}}).find("names for 3"), std::string::npos);
  EXPECT_EQ(kindOf([](Town town) { return town; }), "[not-recorded]");
  EXPECT_EQ(mistakeOf({.name = "_a.b$2", .parameters = {"in"}}), "none");
}

TEST(Traced, AFunctionThatCallsItself) {
  NamedFunction<I64(I64)> factorial = function("factorial", [&factorial](I64 n) {
    return cond(n <= 1, [] { return I64(1); }, [&] { return n * factorial(n - 1); });
  });
  const std::string text = traced([&](I64 n) { return factorial(n); });
  EXPECT_NE(text.find("attributes {recursive}"), text.npos) << text;
}

TEST(Traced, ACycleThroughAFunctionThatIsRecordedAlready) {
  using Step = NamedFunction<I64(I64)>;
  const Step leaf = function("leaf", [](I64 n) { return n + 1; });
  Step a = leaf, b = leaf, c = leaf;
  auto unless = [](const Step &then) {
    return [&](I64 n) { return cond(n <= 0, [&] { return n; }, [&] { return then(n - 1); }); };
  };
  c = function("c", unless(a));
  b = function("b", unless(c));
  a = function("a",
               [&](I64 n) { return cond(n <= 0, [&] { return n; }, [&] { return c(n) + b(n) + leaf(n); }); });
  const std::string text = traced([&](I64 n) { return a(n); }); // verifies
  for (std::string_view name : {"@a", "@b", "@c"})
    EXPECT_NE(text.find("func private " + std::string(name) + "(%p0: i64) -> i64 attributes {recursive}"),
              text.npos)
        << text;
  EXPECT_EQ(count(text, "recursive"), 3u) << text;
  EXPECT_EQ(count(traced([&](I64 n) { return leaf(n) + leaf(n); }), "recursive"), 0u);
}

TEST(Traced, TracedWithinTraced) {
  std::string inner;
  const std::string outer = traced([&](Str a) {
    inner = traced([](Str b) { return b + "inner"; });
    return a + "outer";
  });
  EXPECT_EQ(count(inner, "str.concat"), 1u);
  EXPECT_EQ(count(outer, "str.concat"), 1u);
}

TEST(Traced, AttributesAndOrder) {
  const std::string text = traced([](Str a) {
    Str first = annotate(model::chat(gpt, a), "meta.stage", "draft");
    Str second = after(model::chat(gpt, a), {first});
    return first + second;
  });
  EXPECT_NE(text.find("meta.stage = \"draft\""), text.npos) << text;
  EXPECT_NE(text.find("after(%0)"), text.npos) << text;
}

TEST(Traced, LimitsAndHiddenText) {
  const SharedLimit slow("slow", {.maxInFlight = 2});
  const Model other("other", {.url = environment("URL"), .model = "m", .key = secret("KEY", "Token ")});
  const Traced made = traceFunction([&](Str a) { return model::chat(other, a, {.limit = slow}); });
  ASSERT_TRUE(made.module) << made.error.message;
  std::string text;
  llvm::raw_string_ostream out(text);
  print(*made.module, out);
  EXPECT_NE(text.find("secret(\"KEY\", prefix = \"Token \")"), text.npos) << text;
  EXPECT_NE(text.find("limit = @slow"), text.npos);
  EXPECT_NE(text.find("env(\"URL\")"), text.npos);
}

TEST(Traced, LiteralsWithoutAForm) {
  EXPECT_NE(traced([] { return Json(JsonText{"{\"a b\": null}"}); }).find("json.parse"), std::string::npos);
  EXPECT_NE(
      traced([] { return Bytes(std::vector<std::byte>{std::byte{0xff}}); }).find("bytes.from_hex(\"ff\")"),
      std::string::npos);
  EXPECT_EQ(kindOf([] { return Json(JsonText{"{"}); }), "[trace-literal]");
  EXPECT_EQ(kindOf([] { return Str("\xff"); }), "[trace-literal]");
  EXPECT_EQ(kindOf([] { return I64(UINT64_MAX); }), "[trace-literal]");
  EXPECT_EQ(kindOf([] { return Outcome<Str>(); }), "[trace-literal]");
  EXPECT_EQ(kindOf([] { return Duration(std::chrono::hours(3000000)); }), "[trace-literal]");
  EXPECT_EQ(Literal(std::chrono::hours(3000000)).kind, Literal::Kind::Str); // fits no attribute
  EXPECT_EQ(Literal(std::chrono::seconds(3)).number, 3000000000);
}

TEST(Traced, WhatIsMadeOfAMisfitIsOne) {
  const Json wrong(JsonText{"{"}); // outside of a trace
  EXPECT_EQ(kindOf([&] { return wrong; }), "[trace-literal]");
  EXPECT_EQ(kindOf([&] { return List<Json>{wrong, Json()}; }), "[trace-literal]");
  EXPECT_EQ(kindOf([&](Json a) { return List<Json>{a, wrong}; }), "[trace-literal]");
  EXPECT_EQ(kindOf([&] { return Dict<Str, Json>{{"a", wrong}}; }), "[trace-literal]");
  EXPECT_EQ(kindOf([&] { return Option<Json>(wrong); }), "[trace-literal]");
  const List<Option<Json>> within{wrong};
  EXPECT_EQ(kindOf([&] { return within; }), "[trace-literal]");
  EXPECT_EQ(kindOf([&] { return madeHandle<Passage>(Handle::misfit("why")).text; }), "[trace-literal]");
}

TEST(Traced, AnAttributeThatDoesNotFit) {
  const std::string text = traced([](F64 a) { return f64::format(a, UINT64_MAX); });
  EXPECT_NE(text.find("does not verify"), text.npos) << text;
  auto within = [](auto timeout) {
    return traced([&](Str a) { return model::chat(gpt, a, {.timeout = timeout}); });
  };
  EXPECT_NE(within(std::chrono::hours(3000000)).find("does not verify"), std::string::npos);
  EXPECT_NE(within(std::chrono::seconds(3)).find("timeout = 3s"), std::string::npos);
  EXPECT_NE(traced([](F64 a) { return f64::format(a, 2u); }).find("digits = 2"), std::string::npos);
}

TEST(Traced, AHandleOfAnotherTrace) {
  Str kept;
  (void)traced([&](Str a) { return kept = a + "x"; });
  EXPECT_EQ(kindOf([&](Str a) { return a + kept; }), "[trace-foreign]");
  EXPECT_EQ(kindOf([](Str a) {
              std::string within;
              (void)(within = kindOf([&](Str b) { return a + b; }));
              EXPECT_EQ(within, "[trace-foreign]");
              return a;
            }),
            "none");
}

TEST(Traced, AHandleOnAnotherThread) {
  std::string within;
  (void)traced([&](Str a) {
    std::thread([&] { within = kindOf([&] { return a + "x"; }); }).join();
    return a;
  });
  EXPECT_EQ(within, "[trace-foreign]");
}

TEST(Traced, OperationsOutsideOfATrace) {
  const Str outside = Str("a") + "b";
  EXPECT_EQ(kindOf([&] { return outside; }), "[trace-outside]");
  EXPECT_EQ(kindOf([&](Str a) { return map(List<Str>{a}, [&](Str) { return outside; }); }),
            "[trace-outside]");
}

TEST(Traced, AValueThatLeavesItsRegion) {
  Str leaked;
  EXPECT_EQ(kindOf([&](Bool go, Str a) {
              Str b = cond(go, [&] { return leaked = a + "x"; }, [&] { return a; });
              return b + leaked;
            }),
            "[trace-escaped]");
  EXPECT_EQ(kindOf([](Str a) { return function("f", [&](Str b) { return a + b; })(a); }), "[trace-capture]");
}

static Str untilContent(Str text) {
  return cond(text == "OK", [&] { return text; }, [&] { return untilContent(text + "."); });
}

TEST(Traced, RecursionWithoutAnEnd) { EXPECT_EQ(kindOf(&untilContent), "[trace-depth]"); }

TEST(Traced, AnExceptionOfTheHostProgram) {
  EXPECT_EQ(kindOf([](Str a) -> Str {
              throw std::runtime_error("no");
              return a;
            }),
            "[trace-threw]");
  EXPECT_EQ(kindOf([](Bool go, Str a) {
              try {
                return cond(go, [&]() -> Str { throw 1; }, [&] { return a; });
              } catch (int) {
                return a;
              }
            }),
            "[trace-threw]");
}

TEST(Traced, MistakesHaveAPlace) {
  const Traced made = traceFunction([](Str a) {
    Str kept = "x";
    (void)cond(
        a == "",
        [&] {
          kept = a + "y";
          return a;
        },
        [&] { return a; });
    return a + kept; // here
  });
  ASSERT_FALSE(made.module);
  EXPECT_EQ(made.error.file, __FILE__);
  EXPECT_EQ(made.error.line, static_cast<uint32_t>(__LINE__ - 4));
}

TEST(Traced, OneNameForTwoResources) {
  const Model other("gpt", {.url = "http://127.0.0.1:8080/v1", .model = "large"});
  const Model wrong("g p t", {.url = "http://127.0.0.1:8080/v1", .model = "large"});
  EXPECT_EQ(kindOf([&](Str a) { return model::chat(gpt, a) + model::chat(other, a); }), "[redefined-symbol]");
  EXPECT_EQ(kindOf([&](Str a) { return model::chat(wrong, a); }), "[not-recorded]");
}
