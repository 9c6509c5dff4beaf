// Functions that are compiled once and called many times.
#include "xcs/xcs.h"
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <thread>

using namespace xcs;

namespace {
struct Person {
  Str name;
  I64 age;
  XCS_RECORD(name, age)
};
struct Note {
  Json all;
  XCS_RECORD(all)
};
} // namespace

TEST(Compiled, CalledWithNewValues) {
  const auto greet = compile([](Str name, I64 times) { return str::repeat("Hello, " + name + "! ", times); });
  ASSERT_TRUE(greet) << greet.error().text;
  for (int i = 0; i < 3; ++i) {
    const Answer<std::string> answer = greet("Ada" + std::to_string(i), i);
    ASSERT_TRUE(answer) << answer.error().text;
    std::string wanted;
    for (int j = 0; j < i; ++j)
      wanted += "Hello, Ada" + std::to_string(i) + "! ";
    EXPECT_EQ(*answer, wanted);
  }
}

TEST(Compiled, EveryTypeInAndOut) {
  const auto same =
      compile([](Bool a, I64 b, F64 c, Str d, Bytes e, Json f, Duration g, List<I64> h, Dict<Str, I64> i,
                 Option<Str> j, Person k) { return std::tuple(a, b, c, d, e, f, g, h, i, j, k); });
  ASSERT_TRUE(same) << same.error().text;
  const auto answer =
      same(true, -3, 0.5, "x", std::vector<std::byte>{std::byte{7}}, JsonText{"{\"k\":[1,null]}"},
           std::chrono::milliseconds(5), std::vector<int64_t>{1, 2}, Dict<Str, I64>{{"a", 1}, {"b", 2}},
           "there", Person{"Ada", 36});
  ASSERT_TRUE(answer) << answer.error().text;
  const auto &[a, b, c, d, e, f, g, h, i, j, k] = *answer;
  EXPECT_TRUE(a);
  EXPECT_EQ(b, -3);
  EXPECT_EQ(c, 0.5);
  EXPECT_EQ(d, "x");
  EXPECT_EQ(e, std::vector<std::byte>{std::byte{7}});
  EXPECT_EQ(f.text, "{\"k\":[1,null]}");
  EXPECT_EQ(g, std::chrono::milliseconds(5));
  EXPECT_EQ(h, (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(i, (std::vector<std::pair<std::string, int64_t>>{{"a", 1}, {"b", 2}}));
  EXPECT_EQ(j, "there");
  EXPECT_EQ(hostValue(k.name), "Ada");
  EXPECT_EQ(hostValue(k.age), 36);
}

TEST(Compiled, ZeroesAndAbsentValues) {
  const auto same =
      compile([](I64 a, Option<Str> b, List<Str> c, Person d) { return std::tuple(a, b, c, d); });
  const auto answer = same(I64(), Option<Str>(), List<Str>(), Person());
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_EQ(std::get<0>(*answer), 0);
  EXPECT_EQ(std::get<1>(*answer), std::nullopt);
  EXPECT_TRUE(std::get<2>(*answer).empty());
  EXPECT_EQ(hostValue(std::get<3>(*answer).name), "");
}

TEST(Compiled, BranchesAtRunTime) {
  const auto sign =
      compile([](I64 n) { return cond(n < 0, [] { return "negative"; }, [] { return "positive"; }); });
  EXPECT_EQ(*sign(-1), "negative");
  EXPECT_EQ(*sign(1), "positive");
}

TEST(Compiled, AFailureHasThePlaceInTheHostProgram) {
  const auto divide = compile([](I64 a, I64 b) { return a / b; }); // here
  const auto answer = divide(1, 0);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().id, Diag::DivisionByZero);
  EXPECT_EQ(answer.error().file, __FILE__);
  EXPECT_EQ(answer.error().line, static_cast<uint32_t>(__LINE__ - 5));
  EXPECT_EQ(*divide(6, 3), 2);
}

TEST(Compiled, AFunctionThatDoesNotCompile) {
  const auto wrong =
      compile([](Str a) { return model::chat(Model("m", {.url = "no url", .model = "x"}), a); });
  ASSERT_FALSE(wrong);
  EXPECT_FALSE(wrong.error().text.empty());
  const auto answer = wrong("x");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message, wrong.error().message);
}

TEST(Compiled, AsyncCallsAndTheirAnswersAsArguments) {
  const auto twice = compile([](Str a) { return a + a; });
  std::vector<Future<Str>> futures;
  for (int i = 0; i < 20; ++i)
    futures.push_back(twice.async(std::to_string(i)));
  const Future<Str> four = twice.async(futures[3]);
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(*futures[static_cast<size_t>(i)].get(), std::to_string(i) + std::to_string(i));
  EXPECT_EQ(*four.get(), "3333");
  EXPECT_TRUE(four.ready());
}

TEST(Compiled, CancelledCalls) {
  const auto slow = compile([](Duration how) { return time::sleep(how); });
  const auto future = slow.async(std::chrono::hours(1));
  future.cancel();
  const auto answer = future.get();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().id, Diag::RunCancelled);
}

TEST(Compiled, TwoThreadsCallOne) {
  const auto add = compile([](I64 a, I64 b) { return a + b; });
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i)
        wrong += *add(t, i) != t + i;
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Compiled, EqualProgramsHaveEqualPlans) {
  auto made = [](int64_t n) { return compile([n](I64 a) { return a + n; }); };
  EXPECT_EQ(made(1).plan(), made(1).plan());
  EXPECT_NE(made(1).plan(), made(2).plan());
  EXPECT_EQ(*made(2)(1), 3);
}

TEST(Compiled, ATracedValueIsNoArgument) {
  const auto add = compile([](I64 a) { return a + 1; });
  const auto outer = compile([&](I64 a) {
    EXPECT_FALSE(add(a));
    return add.traced(a) * 2;
  });
  ASSERT_TRUE(outer) << outer.error().text;
  EXPECT_EQ(*outer(4), 10);
}

TEST(Compiled, HostOperations) {
  const auto shout =
      hostOp("shout", "pure", [](std::string text, int64_t n) { return text + std::string(n, '!'); });
  const auto half = hostOp("half", "pure", [](int64_t n) -> Result<int64_t, HostFailure> {
    if (n % 2 != 0)
      return HostFailure{"odd"};
    return n / 2;
  });
  const auto program = compile([&](Str a, I64 n) { return shout(a, half(n)); });
  ASSERT_TRUE(program) << program.error().text;
  EXPECT_EQ(*program("hi", 4), "hi!!");
  const auto failed = program("hi", 3);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().id, Diag::HostFailed);
  EXPECT_NE(failed.error().message.find("odd"), std::string::npos);
}

TEST(Compiled, AnArgumentThatIsNoValueOfItsType) {
  auto isRefused = [](const auto &answer) {
    return !answer && answer.error().message.find("no value") != std::string::npos;
  };
  const auto one = compile([](Json a) { return a; });
  EXPECT_TRUE(isRefused(one(JsonText{"not json"})));
  EXPECT_EQ(one(JsonText{"2"})->text, "2");
  const auto list = compile([](List<Json> a) { return a; });
  EXPECT_TRUE(isRefused(list(std::vector<JsonText>{{"nope"}, {"2"}})));
  EXPECT_EQ(list(std::vector<JsonText>{{"1"}, {"2"}})->size(), 2u);
  const auto dict = compile([](Dict<Str, Json> a) { return a; });
  EXPECT_TRUE(isRefused(dict(Dict<Str, Json>{{"a", JsonText{"["}}})));
  const auto option = compile([](Option<Json> a) { return a; });
  EXPECT_TRUE(isRefused(option(JsonText{""})));
  EXPECT_EQ((*option(JsonText{"2"}))->text, "2");
  const auto deep = compile([](List<Option<Json>> a) { return a; });
  EXPECT_TRUE(isRefused(deep(List<Option<Json>>{Json(JsonText{"1 2"})})));
  const auto note = compile([](Note a) { return a; });
  EXPECT_TRUE(isRefused(note(Note{JsonText{"}"}})));
  const auto how = compile([](Duration a) { return a; });
  EXPECT_TRUE(isRefused(how(std::chrono::hours(3000000))));
  EXPECT_TRUE(isRefused(how(std::chrono::hours(-3000000))));
  EXPECT_TRUE(isRefused(how(std::chrono::duration<double>(1e30))));
  EXPECT_TRUE(isRefused(how(std::chrono::duration<float>(std::numeric_limits<float>::quiet_NaN()))));
  EXPECT_EQ(*how(std::chrono::hours(-2000000)), std::chrono::hours(-2000000));
  EXPECT_EQ(*how(std::chrono::nanoseconds::min()), std::chrono::nanoseconds::min());
  EXPECT_EQ(*how(std::chrono::duration<int, std::pico>(-2999)), std::chrono::nanoseconds(-2));
  EXPECT_EQ(*how(std::chrono::duration<uint8_t, std::deci>(255)), std::chrono::milliseconds(25500));
  EXPECT_EQ(*how(std::chrono::duration<double>(1.5)), std::chrono::milliseconds(1500));
  const auto number = compile([](List<I64> a) { return a; });
  EXPECT_TRUE(isRefused(number(std::vector<uint64_t>{1, UINT64_MAX})));
}

namespace {
/// Why a host operation that returns something failed.
template <class F> std::string failureOf(F returns) {
  const auto made = hostOp("returns", "pure", std::move(returns));
  const auto program = compile([&](I64 n) { return made(n); });
  if (!program)
    return program.error().text;
  const auto answer = program(1);
  return answer ? "none" : answer.error().message;
}
} // namespace

TEST(Compiled, AHostResultThatIsNoValueOfItsType) {
  auto failsBy = [](auto returns, std::string_view why) {
    const std::string failure = failureOf(std::move(returns));
    EXPECT_NE(failure.find(why), failure.npos) << failure;
  };
  constexpr std::string_view noValue = "is no value of its type";
  failsBy([](int64_t) { return JsonText{"not json"}; }, noValue);
  failsBy([](int64_t) { return std::vector<JsonText>{{"nope"}, {"2"}}; }, noValue);
  failsBy([](int64_t) { return Dict<Str, Json>{{"a", JsonText{"{"}}}; }, noValue);
  failsBy([](int64_t) { return Option<Json>(JsonText{""}); }, noValue);
  failsBy([](int64_t) { return UINT64_MAX; }, "beyond 64 bits");
  failsBy([](int64_t) -> Result<uint64_t, HostFailure> { return UINT64_MAX; }, "beyond 64 bits");
  failsBy([](int64_t) { return Person{"Ada", UINT64_MAX}; }, "beyond 64 bits");
  failsBy([](int64_t) { return std::chrono::hours(3000000); }, "beyond 64 bits");
  failsBy([](int64_t) { return std::vector{std::chrono::duration<double>(1e30)}; }, "beyond 64 bits");
  failsBy([](int64_t) { return Str("a") + "b"; }, "only while a program runs");
  failsBy([](int64_t) { return Person{"Ada", I64(1) + 1}; }, "only while a program runs");
  failsBy([](int64_t) { return Outcome<Str>(); }, "nothing was assigned");
  EXPECT_EQ(failureOf([](int64_t) { return JsonText{"[1]"}; }), "none");
}

namespace {
/// What a host operation with one parameter of a type gives for a value: its error, or "none".
template <class X, class H> std::string narrowed(const H &value) {
  const auto made = hostOp("takes", "pure", [](X) { return true; });
  const auto program = compile([&](HandleOf<X> given) { return made(given); });
  if (!program)
    return program.error().text;
  const auto answer = program(value);
  return answer ? "none" : answer.error().message;
}
} // namespace

TEST(Compiled, ParametersOfHostOperationsAreNotNarrowed) {
  auto fails = [](const std::string &failure, std::string_view shown) {
    EXPECT_NE(failure.find("parameter 0 of the C++ function"), failure.npos) << failure;
    EXPECT_NE(failure.find("too narrow for " + std::string(shown) + ";"), failure.npos) << failure;
  };
  fails(narrowed<int8_t>(128), "128");
  fails(narrowed<int8_t>(-129), "-129");
  fails(narrowed<char>(300), "300");
  fails(narrowed<uint32_t>(-1), "-1");
  fails(narrowed<uint32_t>(int64_t(1) << 32), "4294967296");
  fails(narrowed<uint64_t>(-1), "-1");
  fails(narrowed<const int16_t &>(40000), "40000");
  fails(narrowed<std::optional<int8_t>>(300), "300");
  fails(narrowed<float>(1e39), "1e+39");
  fails(narrowed<std::chrono::duration<int32_t, std::nano>>(std::chrono::seconds(3)), "3000000000 ns");
  EXPECT_EQ(narrowed<int8_t>(-128), "none");
  EXPECT_EQ(narrowed<uint32_t>(UINT32_MAX), "none");
  EXPECT_EQ(narrowed<uint64_t>(INT64_MAX), "none");
  EXPECT_EQ(narrowed<int64_t>(INT64_MIN), "none");
  EXPECT_EQ(narrowed<float>(0.1), "none"); // rounded
  EXPECT_EQ(narrowed<float>(-3e38), "none");
  EXPECT_EQ(narrowed<long double>(1e300), "none");
  EXPECT_EQ(narrowed<std::optional<int8_t>>(Option<I64>()), "none");
  EXPECT_EQ(narrowed<std::string_view>("text"), "none");
  EXPECT_EQ(narrowed<std::chrono::duration<double>>(std::chrono::hours(9)), "none");
}

TEST(Compiled, AValueOfTheHostThatIsNone) {
  EXPECT_EQ(hostValue(Json(JsonText{"{"})), std::nullopt);
  EXPECT_EQ(hostValue(I64(UINT64_MAX)), std::nullopt);
  EXPECT_EQ(hostValue(Str("a") + "b"), std::nullopt);
  EXPECT_EQ(hostValue(Json())->text, "null");
}

TEST(Compiled, AHostOperationThatThrows) {
  const auto thrower = hostOp("thrower", "read(x)", [](Person one) -> Person {
    if (*hostValue(one.age) < 0)
      throw std::runtime_error("too young");
    return {one.name, *hostValue(one.age) + 1};
  });
  const auto program = compile([&](Person one) { return attempt([&] { return thrower(one).age; }); });
  ASSERT_TRUE(program) << program.error().text;
  EXPECT_EQ(**program(Person{"Ada", 36}), 37);
  const auto failed = program(Person{"Ada", -1});
  ASSERT_TRUE(failed);
  EXPECT_NE(failed->error().message.find("too young"), std::string::npos);
}

TEST(Compiled, TwoHostOperationsOfOneName) {
  const auto first = hostOp("named", "pure", [](int64_t n) { return n; });
  const auto second = hostOp("named", "pure", [](int64_t n) { return n + 1; });
  EXPECT_TRUE(compile([&](I64 n) { return first(n); }));
  const auto wrong = compile([&](I64 n) { return second(n); });
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().text.find("[trace-host-twice]"), std::string::npos) << wrong.error().text;
}

TEST(Compiled, WritesIfGranted) {
  const std::string path = testing::TempDir() + "xcs-compiled-test";
  ProgramSettings settings;
  auto write = [](Str path, Str text) {
    file::write(path, text);
    return file::readText(path);
  };
  EXPECT_EQ(compile(write, settings)(path, "x").error().id, Diag::WriteNotGranted);
  std::string why;
  ASSERT_TRUE(settings.grants.paths().allow(PathGrants::Access::Write, path, why)) << why;
  ASSERT_TRUE(settings.grants.paths().allow(PathGrants::Access::Read, path, why)) << why;
  EXPECT_EQ(*compile(write, settings)(path, "x"), "x");
  std::filesystem::remove(path);
}

TEST(Compiled, SavedAndExplained) {
  const std::string path = testing::TempDir() + "xcs-compiled-test.xplan";
  const auto program = compile([](Str a) { return a + "!"; }, {.parameters = {"a"}});
  EXPECT_FALSE(program.save(path));
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  EXPECT_EQ(bytes, program.plan());
  EXPECT_NE(program.explain().find("main"), std::string::npos);
  EXPECT_NE(program.xir().find("%a: str"), std::string::npos);
  EXPECT_TRUE(program.save("/nowhere/at/all.xplan"));
  std::filesystem::remove(path);
}
