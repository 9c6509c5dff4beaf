// Runs with a result cache (lib/World/CachedWorld.cpp) in front of a world without sockets.
#include "xcs/World/ResultCaching.h"
#include "Runtime/Stage.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include <atomic>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

using namespace xcs;

namespace {

constexpr char endpoints[] = "model @gpt {url = \"http://127.0.0.1:9/v1\", model = \"small\"}\n";

struct ResultCachingTest : ::testing::Test {
  llvm::SmallString<128> folder;
  WorldOptions world;
  std::shared_ptr<ResultCache> cache;
  std::vector<std::string> asked; // the prompts that reached the world
  FakeWorld *fake = nullptr;
  unsigned jobs = 2;
  bool isResumed = false;

  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("xcs-caching", folder));
    ASSERT_TRUE(world.grants.allowNet("127.0.0.1:9"));
    reopen();
  }
  void TearDown() override {
    cache = nullptr;
    llvm::sys::fs::remove_directories(folder);
  }
  void reopen() {
    cache = nullptr;
    auto opened = ResultCache::open(folder.str().str(), {});
    ASSERT_TRUE(opened) << opened.error();
    cache = std::move(*opened);
  }

  /// Answers with the prompt and how often there was a question; the first `failures` fail.
  FakeWorld::Script answers(int64_t duration = 10 * ms, int failures = 0) {
    auto left = std::make_shared<std::atomic<int>>(failures);
    return [this, duration, left](const WorldRequest &request) {
      if (request.operands.empty() || request.operands[0].kind() != ValueKind::Str)
        return FakeWorld::sleeps(request);
      FakeWorld::Answer answer;
      answer.duration = duration;
      asked.emplace_back(request.operands[0].text());
      if (left->fetch_sub(1) > 0)
        answer.error = OpError{Diag::HttpBroken, "broken", 1};
      answer.value = Value::str("answer " + std::to_string(asked.size()) + " to " + asked.back());
      return answer;
    };
  }
  RunReport run(const std::string &text, const FakeWorld::Script &script, std::vector<Value> arguments = {},
                std::shared_ptr<CacheReasons> reasons = nullptr) {
    const Stage stage(endpoints + text, 0);
    EXPECT_TRUE(stage.file) << stage.messages;
    if (!stage.file)
      return {};
    RunOptions options;
    options.jobs = jobs;
    const PlanView &plan = stage.file->view();
    Executor executor(plan, options,
                      cachedWorld(plan, world, FakeWorld::factory(plan, script, fake), cache,
                                  std::move(reasons), isResumed));
    return executor.run(0, std::move(arguments));
  }
  static std::string textOf(const RunReport &report) {
    EXPECT_TRUE(report.ok) << report.failure.message;
    return report.ok && !report.results.empty() ? std::string(report.results[0].text()) : "";
  }
};

std::string chat(const std::string &attributes) {
  return "func @main(%q: str) -> str {\n  %a = model.chat @gpt(%q) {" + attributes +
         "} : str\n  return(%a)\n}\n";
}

/// Two equal calls at once; `other`: what only the second one has.
std::string twice(const std::string &attributes, const std::string &other = "meta.note = \"second\"") {
  return "func @main(%q: str) -> str {\n"
         "  %a = model.chat @gpt(%q) {keep, " +
         attributes +
         "} : str\n"
         "  %b = model.chat @gpt(%q) {keep, " +
         other + ", " + attributes +
         "} : str\n"
         "  %ab = str.concat(%a, \" and \", %b) : str\n  return(%ab)\n}\n";
}

} // namespace

TEST_F(ResultCachingTest, ADeterministicCallIsAskedOnceInAllRuns) {
  const RunReport first = run(chat("deterministic"), answers(), {Value::str("tea")});
  EXPECT_EQ(textOf(first), "answer 1 to tea");
  EXPECT_EQ(first.stats.world.cached, 0u);
  reopen();
  const RunReport second = run(chat("deterministic"), answers(), {Value::str("tea")});
  EXPECT_EQ(textOf(second), "answer 1 to tea");
  EXPECT_EQ(second.stats.world.cached, 1u);
  EXPECT_EQ(second.stats.world.models.savedCalls, 1u);
  EXPECT_EQ(asked.size(), 1u);
  EXPECT_EQ(textOf(run(chat("deterministic"), answers(), {Value::str("milk")})), "answer 2 to milk");
}

TEST_F(ResultCachingTest, WhatIsAskedForIsTheKey) {
  run(chat("deterministic"), answers(), {Value::str("tea")});
  run(chat("deterministic, temperature = 0.0"), answers(), {Value::str("tea")});
  run(chat("deterministic, temperature = 0.5"), answers(), {Value::str("tea")});
  EXPECT_EQ(asked.size(), 3u);
  // How, how long and what it costs is not.
  run(chat("deterministic, timeout = 3s, hint.cost = 2.0, meta.note = \"x\""), answers(),
      {Value::str("tea")});
  EXPECT_EQ(asked.size(), 3u);
}

TEST_F(ResultCachingTest, DrawsAreOnlyKeptIfTheirAuthorSaysSo) {
  for (int i = 0; i < 2; ++i)
    run(chat("temperature = 0.7"), answers(), {Value::str("tea")});
  EXPECT_EQ(asked.size(), 2u);
  for (int i = 0; i < 2; ++i)
    run(chat("temperature = 0.7, cache = \"sample\""), answers(), {Value::str("tea")});
  EXPECT_EQ(asked.size(), 3u);
  for (int i = 0; i < 2; ++i)
    run(chat("deterministic, cache = \"off\""), answers(), {Value::str("tea")});
  EXPECT_EQ(asked.size(), 5u);
}

// Equal draws are different ones: each has an entry.
TEST_F(ResultCachingTest, EachDrawHasItsOwnEntry) {
  jobs = 1;
  const std::string first = textOf(run(twice("cache = \"sample\""), answers(), {Value::str("tea")}));
  EXPECT_EQ(first, "answer 1 to tea and answer 2 to tea");
  EXPECT_EQ(textOf(run(twice("cache = \"sample\""), answers(), {Value::str("tea")})), first);
  EXPECT_EQ(asked.size(), 2u);
}

TEST_F(ResultCachingTest, OfEqualRequestsInFlightOneIsAsked) {
  const RunReport report = run(twice("deterministic"), answers(), {Value::str("tea")});
  EXPECT_EQ(textOf(report), "answer 1 to tea and answer 1 to tea");
  EXPECT_EQ(asked.size(), 1u);
  EXPECT_EQ(report.stats.world.cached, 1u);
}

// One that may last longer than another may is not waited for.
TEST_F(ResultCachingTest, ARequestWithAnotherTimeoutAsksByItself) {
  const RunReport report = run(twice("deterministic", "timeout = 9s"), answers(), {Value::str("tea")});
  EXPECT_EQ(textOf(report), "answer 1 to tea and answer 2 to tea");
  EXPECT_EQ(report.stats.world.cached, 0u);
  EXPECT_EQ(run(twice("deterministic, timeout = 9s"), answers(), {Value::str("milk")}).stats.world.cached,
            1u);
}

TEST_F(ResultCachingTest, AfterAWriteAServerIsAskedAnew) {
  const std::string answer = "record<status: i64, headers: list<record<name: str, value: str>>, body: str>";
  const std::string read = " = http.request(\"http://127.0.0.1:9/\") ";
  int gets = 0, posts = 0;
  auto ask = [&](const std::string &body, std::shared_ptr<CacheReasons> reasons = nullptr) {
    const RunReport report = run(
        "func @main() -> i64 {\n" + body +
            "  %s = record.get(%last) {field = \"status\"} : i64\n  return(%s)\n}\n",
        [&](const WorldRequest &request) {
          FakeWorld::Answer out;
          const bool isPost = request.operands[0].text().ends_with("/post");
          out.duration = isPost ? ms : 20 * ms;
          Value fields[] = {Value::i64(200 + (isPost ? 0 : gets++)), Value::list({}), Value::str("")};
          posts += isPost;
          out.value = Value::record(fields);
          return out;
        },
        {}, std::move(reasons));
    return report.ok ? report.results[0].asI64() : 0;
  };
  const std::string post = "  %p = http.request(\"http://127.0.0.1:9/post\") ";
  const std::string sent = "{method = \"POST\"} : " + answer + "\n";
  EXPECT_EQ(ask("  %last" + read + "{stable} : " + answer + "\n"), 200);
  EXPECT_EQ(ask("  %last" + read + "{stable} : " + answer + "\n"), 200);
  // Its own answer is kept, in the place of that from before.
  auto reasons = std::make_shared<CacheReasons>(std::set<uint32_t>{1});
  EXPECT_EQ(ask(post + sent + "  %last" + read + "after(%p) {stable} : " + answer + "\n", reasons), 201);
  ASSERT_FALSE(reasons->all().empty());
  EXPECT_EQ(reasons->all().at(1).front().text, "it is asked anew: this run has written to something before");
  EXPECT_EQ(ask("  %last" + read + "{stable} : " + answer + "\n"), 201);
  EXPECT_EQ(gets, 2);
  // So it is in a run that is resumed, as far as it may have written.
  isResumed = true;
  EXPECT_EQ(ask("  %last" + read + "{stable} : " + answer + "\n"), 201);
  EXPECT_EQ(ask("  %last" + read + "{stable} : " + answer + "\n" + post + "after(%last) " + sent), 202);
  isResumed = false;
  // One that is in flight while a write begins or ends is not kept, and not shared with one after the write.
  const std::string other = " = http.request(\"http://127.0.0.1:9/other\") ";
  EXPECT_EQ(ask("  %first" + other + "{stable, keep} : " + answer + "\n" + post + sent + "  %last" + other +
                "after(%p) {stable} : " + answer + "\n"),
            204);
  EXPECT_EQ(gets, 5);
  EXPECT_EQ(posts, 3);
}

TEST_F(ResultCachingTest, TheNextOneAsksByItselfAfterAFailure) {
  const RunReport report =
      run("func @main(%q: str) -> str {\n"
          "  %a = try : result<str> {\n    %x = model.chat @gpt(%q) {deterministic} : str\n"
          "    yield(%x)\n  }\n"
          "  %b = try : result<str> {\n    %y = model.chat @gpt(%q) {deterministic} : str\n"
          "    yield(%y)\n  }\n"
          "  %ta = result.or(%a, \"failed\") : str\n  %tb = result.or(%b, \"failed\") : str\n"
          "  %ab = str.concat(%ta, \" and \", %tb) : str\n  return(%ab)\n}\n",
          answers(10 * ms, 1), {Value::str("tea")});
  const std::string text = textOf(report);
  EXPECT_TRUE(text == "failed and answer 2 to tea" || text == "answer 2 to tea and failed") << text;
  EXPECT_EQ(asked.size(), 2u);
}

TEST_F(ResultCachingTest, AFailureIsNotKept) {
  EXPECT_FALSE(run(chat("deterministic"), answers(10 * ms, 1), {Value::str("tea")}).ok);
  EXPECT_EQ(textOf(run(chat("deterministic"), answers(), {Value::str("tea")})), "answer 2 to tea");
  EXPECT_EQ(textOf(run(chat("deterministic"), answers(), {Value::str("tea")})), "answer 2 to tea");
}

TEST_F(ResultCachingTest, AStatusThatSaysNoIsNotKept) {
  int64_t status = 503;
  int requests = 0;
  const std::string program = "func @main() -> i64 {\n"
                              "  %a = http.request(\"http://127.0.0.1:9/\") {stable} : record<status: i64, "
                              "headers: list<record<name: str, value: str>>, body: str>\n"
                              "  %s = record.get(%a) {field = \"status\"} : i64\n  return(%s)\n}\n";
  auto ask = [&] {
    const RunReport report = run(program, [&](const WorldRequest &) {
      ++requests;
      FakeWorld::Answer answer;
      answer.duration = ms;
      Value fields[] = {Value::i64(status), Value::list({}), Value::str("")};
      answer.value = Value::record(fields);
      return answer;
    });
    return report.ok ? report.results[0].asI64() : 0;
  };
  EXPECT_EQ(ask(), 503);
  status = 200;
  EXPECT_EQ(ask(), 200);
  EXPECT_EQ(ask(), 200);
  EXPECT_EQ(requests, 2);
}

// The first of two equal requests loses a race while both wait for one answer: it is cancelled at once, the
// other gets the answer.
TEST_F(ResultCachingTest, CancellingTheFirstDoesNotCancelTheOthers) {
  jobs = 1;
  const RunReport report = run(
      "func @main(%q: str) -> str {\n"
      "  %fast = race {take = 1} : list<str> {\n"
      "    %x = model.chat @gpt(%q) {deterministic} : str\n    yield(%x)\n  } {\n"
      "    %n = time.sleep(5ms) : none\n    %w = str.concat(\"slept\") after(%n) : str\n    yield(%w)\n  }\n"
      "  %b = model.chat @gpt(%q) {deterministic} : str\n"
      "  %f = str.join(%fast) {separator = \"\"} : str\n"
      "  %ab = str.concat(%f, \" and \", %b) : str\n  return(%ab)\n}\n",
      answers(50 * ms), {Value::str("tea")});
  EXPECT_EQ(textOf(report), "slept and answer 1 to tea");
  EXPECT_EQ(asked.size(), 1u);
  EXPECT_EQ(report.stats.cancelled, 0u) << "nothing was cancelled outside";
}

TEST_F(ResultCachingTest, ARequestThatNobodyWantsIsCancelled) {
  jobs = 1;
  const RunReport report = run(
      "func @main(%q: str) -> str {\n"
      "  %fast = race {take = 1} : list<str> {\n"
      "    %x = model.chat @gpt(%q) {deterministic} : str\n    yield(%x)\n  } {\n"
      "    %n = time.sleep(5ms) : none\n    %w = str.concat(\"slept\") after(%n) : str\n    yield(%w)\n  }\n"
      "  %f = str.join(%fast) {separator = \"\"} : str\n  return(%f)\n}\n",
      answers(50 * ms), {Value::str("tea")});
  EXPECT_EQ(textOf(report), "slept");
  EXPECT_EQ(report.stats.cancelled, 1u);
  EXPECT_EQ(textOf(run(chat("deterministic"), answers(), {Value::str("tea")})), "answer 2 to tea");
}

// A slot of a gate is for what is asked: what the cache answers does not wait for one (conformance 21).
TEST_F(ResultCachingTest, TheCacheIsAskedBeforeASlotIsTaken) {
  const std::string gate =
      "model @slow {url = \"http://127.0.0.1:9/v1\", model = \"small\", max_in_flight = 1}\n";
  run(gate + "func @main() -> str {\n  %a = model.chat @slow(\"known\") {deterministic} : str\n  "
             "return(%a)\n}\n",
      answers());
  jobs = 1;
  const RunReport report = run(gate + "func @main() -> str {\n"
                                      "  %a = model.chat @slow(\"new\") {deterministic} : str\n"
                                      "  %b = model.chat @slow(\"known\") {deterministic} : str\n"
                                      "  %ab = str.concat(%b, %a) : str\n  return(%ab)\n}\n",
                               answers(1000 * ms));
  EXPECT_EQ(textOf(report), "answer 1 to knownanswer 2 to new");
  EXPECT_EQ(report.stats.world.cached, 1u);
  EXPECT_EQ(asked.size(), 2u);
}

TEST_F(ResultCachingTest, OldAnswersDoNotCount) {
  struct Clock final : ProcessHost {
    int64_t time = 1'000'000'000'000'000'000;
    int64_t timeOfDay() const override { return time; }
  };
  auto clock = std::make_shared<Clock>();
  world.host = clock;
  const std::string program = chat("deterministic, cache_ttl = 1h");
  run(program, answers(), {Value::str("tea")});
  clock->time += 3'599'000'000'000;
  EXPECT_EQ(textOf(run(program, answers(), {Value::str("tea")})), "answer 1 to tea");
  clock->time += 2'000'000'000;
  EXPECT_EQ(textOf(run(program, answers(), {Value::str("tea")})), "answer 2 to tea");
  // Of its resource.
  const std::string resource =
      "model @old {url = \"http://127.0.0.1:9/v1\", model = \"small\", cache_ttl = 1s}\n"
      "func @main(%q: str) -> str {\n"
      "  %a = model.chat @old(%q) {deterministic} : str\n  return(%a)\n}\n";
  clock->time += 2'000'000'000;
  EXPECT_EQ(textOf(run(resource, answers(), {Value::str("tea")})), "answer 3 to tea");
}

// What may not be asked is not answered either: a cache is no way around the grants.
TEST_F(ResultCachingTest, AnAnswerNeedsTheGrantsOfItsRequest) {
  run(chat("deterministic"), answers(), {Value::str("tea")});
  world.grants = Grants();
  EXPECT_EQ(textOf(run(chat("deterministic"), answers(), {Value::str("tea")})), "answer 2 to tea")
      << "the fake world asks for no grants; the real one refuses";
}

TEST_F(ResultCachingTest, SecretsAndVariablesCountByValue) {
  struct Environment final : ProcessHost {
    std::map<std::string, std::string, std::less<>> values;
    std::optional<std::string> environment(std::string_view name) const override {
      const auto at = values.find(name);
      return at == values.end() ? std::nullopt : std::optional(at->second);
    }
  };
  auto host = std::make_shared<Environment>();
  host->values = {{"KEY", "first-secret-of-all"}, {"URL", "http://127.0.0.1:9/v1"}};
  world.host = host;
  world.grants.allowEnv("URL");
  ASSERT_TRUE(world.grants.allowSecret("KEY@127.0.0.1:9"));
  const std::string program = "model @mine {url = env(\"URL\"), model = \"small\", key = secret(\"KEY\")}\n"
                              "func @main(%q: str) -> str {\n"
                              "  %a = model.chat @mine(%q) {deterministic} : str\n  return(%a)\n}\n";
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(textOf(run(program, answers(), {Value::str("tea")})), "answer 1 to tea");
  host->values["KEY"] = "second-secret-of-all";
  EXPECT_EQ(textOf(run(program, answers(), {Value::str("tea")})), "answer 2 to tea");
  host->values["URL"] = "http://127.0.0.1:9/v2";
  EXPECT_EQ(textOf(run(program, answers(), {Value::str("tea")})), "answer 3 to tea");
  host->values["KEY"] = "first-secret-of-all";
  host->values["URL"] = "http://127.0.0.1:9/v1";
  EXPECT_EQ(textOf(run(program, answers(), {Value::str("tea")})), "answer 1 to tea");
  // An answer that was harmless then and now holds the secret is not given, and one that does is not kept.
  host->values["KEY"] = "answer 4 to milk";
  for (int i = 0; i < 2; ++i)
    run(program, answers(), {Value::str("milk")});
  EXPECT_EQ(asked.size(), 5u);
}

TEST_F(ResultCachingTest, WhyNamesWhatDiffers) {
  auto why = [&](const std::string &attributes, const char *prompt) {
    auto reasons = std::make_shared<CacheReasons>(std::set<uint32_t>{0});
    run(chat(attributes), answers(), {Value::str(prompt)}, reasons);
    const auto all = reasons->all();
    return all.empty() ? std::string() : all.at(0).front().text;
  };
  EXPECT_EQ(why("deterministic", "tea"), "the cache has no entry of this operation");
  EXPECT_EQ(why("deterministic", "tea"), "answered from the cache");
  EXPECT_EQ(why("deterministic", "milk"), "operand 0 is not that of the nearest entry");
  EXPECT_EQ(why("deterministic, temperature = 0.5", "tea"),
            "attribute `temperature` is not that of the nearest entry");
  EXPECT_EQ(why("temperature = 0.5", "tea"), "it is not for the cache: a draw, or it changes the world");
  EXPECT_EQ(why("deterministic, cache = \"off\"", "tea"), "its `cache` is \"off\"");
}

// Another process asks for the same: it is waited for. If it ends without an answer, this one asks.
TEST_F(ResultCachingTest, AnswersOfOtherProcessesAreWaitedFor) {
  const std::string program = chat("deterministic");
  auto other = ResultCache::open(folder.str().str(), {});
  ASSERT_TRUE(other);
  // The key of the request, from an entry: it is the only one.
  std::string key;
  run(program, answers(), {Value::str("tea")});
  ASSERT_EQ(asked.size(), 1u);
  std::atomic<bool> isHeld{false};
  // Whatever key is asked for, it is refused as long as the other one holds all bytes of `flights`.
  const int flights = ::open((folder + "/flights").str().c_str(), O_RDWR | O_CLOEXEC);
  struct flock all = {};
  all.l_type = F_WRLCK;
  all.l_whence = SEEK_SET;
  ASSERT_EQ(::fcntl(flights, F_OFD_SETLK, &all), 0);
  isHeld = true;
  std::thread frees([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    isHeld = false;
    ::close(flights);
  });
  FakeWorld::Script script = answers();
  const std::string text = textOf(run(program,
                                      [&](const WorldRequest &request) {
                                        EXPECT_FALSE(isHeld);
                                        return script(request);
                                      },
                                      {Value::str("milk")}));
  frees.join();
  EXPECT_EQ(text, "answer 2 to milk");
}

TEST_F(ResultCachingTest, ManyAtOnceAreOneRequestEach) {
  jobs = 4;
  const RunReport report = run("func @main() -> i64 {\n"
                               "  %many = list.range(0, 400) : list<i64>\n"
                               "  %answers = map(%many) : list<str> {\n  ^(%i: i64)\n"
                               "    %k = i64.rem(%i, 7) : i64\n    %q = i64.to_str(%k) : str\n"
                               "    %a = model.chat @gpt(%q) {deterministic} : str\n    yield(%a)\n  }\n"
                               "  %n = list.unique(%answers) : list<str>\n  %l = list.len(%n) : i64\n"
                               "  return(%l)\n}\n",
                               answers());
  ASSERT_TRUE(report.ok) << report.failure.message;
  EXPECT_EQ(report.results[0].asI64(), 7);
  EXPECT_EQ(asked.size(), 7u);
  EXPECT_EQ(report.stats.world.cached, 393u);
}
