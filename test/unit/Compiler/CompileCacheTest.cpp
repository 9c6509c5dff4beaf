#include "xcs/Compiler/CompileCache.h"
#include "xcs/IR/Builder.h"
#include "xcs/Syntax/Parser.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>
#include <thread>

using namespace xcs;

namespace {

struct CompileCacheTest : testing::Test {
  CompileOptions options;
  std::string messages;
  llvm::raw_string_ostream stream{messages};
  DiagnosticEngine diagnostics{&stream};

  CompileCacheTest() { diagnostics.showRemarks(false); }

  std::unique_ptr<Module> parsed(std::string_view text, std::string name = "test.xir") {
    auto module = parseModule(std::make_shared<SourceBuffer>(name, std::string(text)), diagnostics,
                              options.limits, nullptr);
    EXPECT_TRUE(module) << messages;
    return module;
  }
  CompileCache::Plan planOf(CompileCache &cache, std::string_view text, std::string name = "test.xir") {
    auto module = parsed(text, name);
    Result<CompileCache::Plan> plan = cache.compile(*module, options, diagnostics);
    EXPECT_TRUE(plan) << messages;
    diagnostics.setLocations(nullptr);
    return plan ? *plan : nullptr;
  }
  std::string fresh(std::string_view text, std::string name = "test.xir") {
    auto module = parsed(text, name);
    Result<std::string> plan = compile(*module, options, diagnostics);
    EXPECT_TRUE(plan) << messages;
    diagnostics.setLocations(nullptr);
    return plan ? *plan : std::string();
  }
  /// The program number i.
  static std::string program(int i) {
    return "func @main(%s: str) -> i64 {\n  %r = const {value = " + std::to_string(i) +
           "} : i64\n  return(%r)\n}\n";
  }
};

constexpr std::string_view base = R"(
model @gpt {url = "http://127.0.0.1:1/v1", model = "m", headers = {A = "b", K = secret("KEY", prefix = "x ")}}
func private @part(%x: list<i64>) -> i64 {
  %n = list.len(%x) : i64
  return(%n)
}
func @main(%s: str, %o: option<record<a: i64, b: list<str>>>, %l: list<i64>) -> str {
  %c = const {value = [1, 2]} : list<i64>
  %n = call @part(%c) : i64
  %m = map(%l) : list<i64> {
  ^(%x: i64)
    %y = i64.add(%x, %n) : i64
    yield(%y)
  }
  %t = time.now : duration
  %a = model.chat @gpt(%s) after(%t) {temperature = 0.5, stop = ["a", "b"], system = "x"} : str
  %d = host.call(%m) {function = "f", effect = "read", keep} : json
  return(%a)
})";

/// Changes of that program, each of which is another program. What is replaced by what.
constexpr std::pair<std::string_view, std::string_view> changes[] = {
    {"value = [1, 2]", "value = [1, 3]"},
    {"value = [1, 2]} : list<i64>", "value = [1]} : list<i64>"},
    {"temperature = 0.5", "temperature = 0.25"},
    {"stop = [\"a\", \"b\"]", "stop = [\"ab\"]"},
    {"system = \"x\"", "system = \"y\""},
    {"effect = \"read\"", "effect = \"sample\""},
    {"function = \"f\"", "function = \"g\""},
    {", keep", ", keep = false"},
    {"prefix = \"x \"", "prefix = \"y \""},
    {"A = \"b\"", "B = \"b\""},
    {"secret(\"KEY\"", "secret(\"KEZ\""},
    {"model = \"m\"", "model = \"n\""},
    {"%o: option<record<a: i64, b: list<str>>>", "%o: option<record<a: i64, c: list<str>>>"},
    {"%o: option<record<a: i64, b: list<str>>>", "%o: option<record<a: i64, b: list<i64>>>"},
    {"%o: option<record<a: i64, b: list<str>>>", "%p: option<record<a: i64, b: list<str>>>"},
    {"i64.add(%x, %n)", "i64.add(%n, %x)"},
    {"i64.add(%x, %n)", "i64.mul(%x, %n)"},
    {"%a = model.chat @gpt(%s) after(%t)", "%a = model.chat @gpt(%s)"},
    {"{temperature", "{draw = \"mine\", temperature"},
    {"\n  %t = ", "\n\n  %t = "},
    {"  %t = ", "   %t = "},
    {"func private @part", "func @part"},
};

} // namespace

TEST_F(CompileCacheTest, AnEqualModuleIsCompiledOnce) {
  CompileCache cache;
  const CompileCache::Plan first = planOf(cache, base), second = planOf(cache, base);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first.get(), second.get());
  EXPECT_EQ(*first, fresh(base));
  EXPECT_EQ(cache.stats().hits, 1u);
  EXPECT_EQ(cache.stats().misses, 1u);
  EXPECT_EQ(cache.stats().entries, 1u);
}

TEST_F(CompileCacheTest, EveryPartOfAProgramIsInItsKey) {
  CompileCache cache;
  planOf(cache, base);
  uint64_t misses = 1;
  for (const auto &[from, to] : changes) {
    std::string text(base);
    ASSERT_NE(text.find(from), text.npos) << from;
    text.replace(text.find(from), from.size(), to);
    const CompileCache::Plan plan = planOf(cache, text);
    ASSERT_TRUE(plan);
    EXPECT_EQ(*plan, fresh(text)) << from << " -> " << to;
    EXPECT_EQ(cache.stats().misses, ++misses) << from << " -> " << to;
  }
  const CompileCache::Plan elsewhere = planOf(cache, base, "other.xir");
  EXPECT_EQ(*elsewhere, fresh(base, "other.xir")) << "messages name the file";
  EXPECT_EQ(cache.stats().hits, 0u);
}

TEST_F(CompileCacheTest, EveryOptionThatChangesAPlanIsInItsKey) {
  CompileCache cache;
  planOf(cache, base);
  auto isNew = [&](const char *what) {
    const uint64_t before = cache.stats().misses;
    const CompileCache::Plan plan = planOf(cache, base);
    ASSERT_TRUE(plan) << what;
    EXPECT_EQ(*plan, fresh(base)) << what;
    EXPECT_EQ(cache.stats().misses, before + 1) << what;
  };
  options.level = 0;
  isNew("level");
  options.rerolls = true;
  isNew("reroll");
  options.passes = PipelineSteps{{findPass("cse"), ""}};
  isNew("passes");
  options.passes = PipelineSteps{{findPass("dce"), ""}};
  isNew("other passes");
  options.passes.reset();
  options.manager.disabled = {"cse"};
  isNew("disabled");
  options.startDirectory = "/a";
  isNew("start directory");
  options.limits.set(Limit::NestingDepth, 100);
  isNew("limit");
  options.nameDraws = false;
  options.passes = PipelineSteps{};
  isNew("draws");
}

TEST_F(CompileCacheTest, WhatWasInternedInAnotherOrderMakesNoDifference) {
  CompileCache cache;
  auto plan = [&](bool first) {
    Module module;
    if (first) {
      module.pool.intern("something else");
      (void)module.pool.record({});
      (void)module.pool.list(module.pool.list(module.pool.scalar(TypeKind::F64)));
      (void)module.pool.intAttr(99);
    }
    const TypeId str = module.pool.scalar(TypeKind::Str);
    Function &main = addFunction(module, "main", {{"s", str}}, {str});
    Builder builder(module, main);
    const ValueRef upper = builder.value(OpCode::str_upper, str, {builder.argument(0)});
    builder.op(OpCode::core_return, {upper});
    Result<CompileCache::Plan> made = cache.compile(module, options, diagnostics);
    EXPECT_TRUE(made) << messages;
    return made ? *made : nullptr;
  };
  EXPECT_EQ(plan(false).get(), plan(true).get());
}

TEST_F(CompileCacheTest, TheLeastRecentlyUsedGoesFirst) {
  CompileCache cache({.bytes = 1u << 20, .entries = 3});
  for (int i : {0, 1, 2, 0, 3}) // 1 was not used for longest
    planOf(cache, program(i));
  EXPECT_EQ(cache.stats().entries, 3u);
  EXPECT_EQ(cache.stats().dropped, 1u);
  const uint64_t misses = cache.stats().misses;
  for (int i : {0, 2, 3})
    planOf(cache, program(i));
  EXPECT_EQ(cache.stats().misses, misses);
  planOf(cache, program(1));
  EXPECT_EQ(cache.stats().misses, misses + 1);
}

TEST_F(CompileCacheTest, BytesAreBoundedAndAHeldPlanStaysWithItsHolder) {
  CompileCache cache({.bytes = 20'000, .entries = 1000});
  const CompileCache::Plan held = planOf(cache, program(0));
  const std::string copy = *held;
  for (int i = 1; i < 100; ++i) {
    planOf(cache, program(i));
    EXPECT_LE(cache.stats().bytes, 20'000u);
  }
  EXPECT_GT(cache.stats().dropped, 10u);
  EXPECT_EQ(*held, copy);
  CompileCache small({.bytes = 1000, .entries = 1000});
  EXPECT_TRUE(planOf(small, program(0))) << "a plan that is not kept is given all the same";
  EXPECT_EQ(small.stats().entries, 0u);
  cache.clear();
  EXPECT_EQ(cache.stats().bytes, 0u);
  EXPECT_EQ(cache.stats().entries, 0u);
}

TEST_F(CompileCacheTest, KeysThatCollideArePlansOfTheirOwn) {
  CompileCache cache({.bytes = 1u << 20, .entries = 50}, [](std::string_view) { return uint64_t(7); });
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 20; ++i)
      EXPECT_EQ(*planOf(cache, program(i)), fresh(program(i)));
  EXPECT_EQ(cache.stats().hits, 20u);
  for (int i = 20; i < 80; ++i)
    planOf(cache, program(i));
  EXPECT_EQ(cache.stats().entries, 50u);
  EXPECT_EQ(*planOf(cache, program(79)), fresh(program(79)));
}

TEST_F(CompileCacheTest, WhatHasSomethingToTellIsToldEachTime) {
  CompileCache cache;
  constexpr std::string_view warns = R"(
model @gpt {url = "http://127.0.0.1:1/v1/chat/completions", model = "m"}
func @main(%s: str) -> str {
  %r = model.chat @gpt(%s) : str
  return(%r)
})";
  for (size_t round = 1; round <= 2; ++round) {
    EXPECT_TRUE(planOf(cache, warns));
    EXPECT_EQ(diagnostics.all().size(), round) << messages;
  }
  EXPECT_EQ(cache.stats().entries, 0u);
  Module wrong; // its result is missing
  const TypeId str = wrong.pool.scalar(TypeKind::Str);
  addFunction(wrong, "main", {}, {str});
  for (size_t round = 1; round <= 2; ++round) {
    const size_t before = diagnostics.errorCount();
    EXPECT_FALSE(cache.compile(wrong, options, diagnostics));
    EXPECT_GT(diagnostics.errorCount(), before);
  }
  EXPECT_EQ(cache.stats().entries, 0u);
}

TEST_F(CompileCacheTest, AWatchedCompilationIsCarriedOut) {
  CompileCache cache;
  planOf(cache, program(1));
  unsigned passes = 0;
  options.afterPass = [&](std::string_view, const Module &) { ++passes; };
  planOf(cache, program(1));
  EXPECT_GT(passes, 0u);
  options.afterPass = nullptr;
  diagnostics.showRemarks(true);
  planOf(cache, program(1));
  EXPECT_EQ(cache.stats().hits, 0u);
  diagnostics.showRemarks(false);
  planOf(cache, program(1));
  EXPECT_EQ(cache.stats().hits, 1u);
}

TEST_F(CompileCacheTest, ThreadsShareIt) {
  CompileCache cache({.bytes = 1u << 20, .entries = 6});
  std::vector<std::string> right;
  for (int i = 0; i < 10; ++i)
    right.push_back(fresh(program(i)));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      DiagnosticEngine own;
      own.showRemarks(false);
      for (int i = 0; i < 100; ++i) {
        const int which = (i * (t + 1)) % 10;
        auto module = parseModule(std::make_shared<SourceBuffer>("test.xir", program(which)), own,
                                  options.limits, nullptr);
        Result<CompileCache::Plan> plan = cache.compile(*module, options, own);
        own.setLocations(nullptr);
        ASSERT_TRUE(plan);
        EXPECT_EQ(**plan, right[static_cast<size_t>(which)]);
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(cache.stats().hits + cache.stats().misses, 400u);
  EXPECT_LE(cache.stats().entries, 6u);
}
