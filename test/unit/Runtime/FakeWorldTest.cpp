// The engine before a world without sockets: races, failures, cancellation and deadlines by a virtual clock.
#include "xcs/World/FakeWorld.h"
#include "xcs/Compiler/Compiler.h"
#include "xcs/Ops/OpTable.h"
#include "xcs/Plan/PlanFile.h"
#include "xcs/Runtime/Executor.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>

using namespace xcs;

namespace {

constexpr int64_t ms = 1'000'000;

/// A program, carried out by an executor before a FakeWorld.
struct Stage {
  std::string messages;
  llvm::raw_string_ostream stream{messages};
  DiagnosticEngine diagnostics{&stream};
  std::unique_ptr<PlanFile> file;
  RunOptions options;
  FakeWorld::Script script = FakeWorld::sleeps;
  FakeWorld *world = nullptr;
  std::unique_ptr<Executor> executor;

  explicit Stage(const std::string &text, unsigned level = 0, unsigned jobs = 1) {
    diagnostics.showRemarks(false);
    options.jobs = jobs;
    CompileOptions asked;
    asked.level = level;
    auto bytes = compile(std::make_shared<SourceBuffer>("test.xir", text), asked, diagnostics);
    if (!bytes)
      return;
    auto opened = PlanFile::fromBytes(*bytes, "test", diagnostics, {});
    if (opened)
      file = std::move(*opened);
  }

  bool prepare() {
    EXPECT_TRUE(file) << messages;
    if (file && !executor)
      executor =
          std::make_unique<Executor>(file->view(), options, FakeWorld::making(file->view(), script, world));
    return executor != nullptr;
  }
  RunReport run(std::vector<Value> arguments = {}) {
    if (!prepare())
      return {};
    return executor->run(0, std::move(arguments));
  }
  OpCode codeOf(const FakeWorld::Entry &entry) const { return file->view().ops[entry.op].code; }
  size_t count(WorldOutcome::Kind kind) const {
    size_t found = 0;
    for (const FakeWorld::Entry &entry : world->entries())
      found += entry.kind == kind;
    return found;
  }
};

/// An HTTP answer of that status after a while.
FakeWorld::Answer httpAnswer(int64_t duration, int64_t status) {
  Value fields[] = {Value::i64(status), Value::list({}), Value::str("body")};
  FakeWorld::Answer answer;
  answer.duration = duration;
  answer.value = Value::record(fields);
  return answer;
}

FakeWorld::Answer failure(int64_t duration, Diag id, std::string message) {
  FakeWorld::Answer answer;
  answer.duration = duration;
  answer.error = OpError{id, std::move(message), 1};
  return answer;
}

/// A `time.sleep` of so many milliseconds as text.
std::string sleepOf(const std::string &name, int milliseconds) {
  return "  %t" + name + " = const {value = " + std::to_string(milliseconds) + "ms} : duration\n  %" + name +
         " = time.sleep(%t" + name + ") : none\n";
}

} // namespace

TEST(FakeWorldTest, WaitsSideBySideTakeAsLongAsTheLongest) {
  Stage stage("func @main() -> i64 {\n" + sleepOf("a", 30) + sleepOf("b", 70) + sleepOf("c", 50) +
              "  %one = const {value = 1} : i64\n  return(%one) after(%a, %b, %c)\n}\n");
  RunReport report = stage.run();
  ASSERT_TRUE(report.ok) << report.failure.message;
  EXPECT_EQ(report.stats.wallNanoseconds, 70 * ms);
  EXPECT_EQ(report.stats.peakInFlight, 3u);
  EXPECT_EQ(report.stats.worldOperations, 3u);
}

/// 10^5 waits of 100 ms, on one worker and on several: 100 ms by the clock of the world.
TEST(FakeWorldTest, AHundredThousandWaitsTakeAsLongAsOne) {
  for (unsigned jobs : {1u, 3u}) {
    Stage stage(R"(
func @main(%n: i64) -> i64 {
  %zero = const {value = 0} : i64
  %one = const {value = 1} : i64
  %time = const {value = 100ms} : duration
  %xs = list.range(%zero, %n) : list<i64>
  %ys = map(%xs) : list<i64> {
  ^(%x: i64)
    %waited = time.sleep(%time) : none
    %y = i64.add(%x, %one) after(%waited) : i64
    yield(%y)
  }
  %sum = i64.sum(%ys) : i64
  return(%sum)
}
)",
                2, jobs);
    RunReport report = stage.run({Value::i64(100'000)});
    ASSERT_TRUE(report.ok) << report.failure.message;
    EXPECT_EQ(report.results.at(0).asI64(), 100'000ll * 100'001 / 2);
    EXPECT_EQ(report.stats.worldOperations, 100'000u);
    EXPECT_EQ(
        report.stats.wallNanoseconds,
        100 * ms *
            static_cast<int64_t>((100'000 + report.stats.peakInFlight - 1) / report.stats.peakInFlight));
  }
}

TEST(FakeWorldTest, AMapWithinAMapWaitsOnce) {
  for (unsigned jobs : {1u, 4u}) {
    Stage stage(R"(
func @main(%n: i64) -> i64 {
  %zero = const {value = 0} : i64
  %time = const {value = 10ms} : duration
  %xs = list.range(%zero, %n) : list<i64>
  %ys = map(%xs) : list<i64> {
  ^(%x: i64)
    %zs = map(%xs) : list<i64> {
    ^(%z: i64)
      %waited = time.sleep(%time) : none
      %product = i64.mul(%x, %z) after(%waited) : i64
      yield(%product)
    }
    %sum = i64.sum(%zs) : i64
    %again = time.sleep(%time) after(%sum) : none
    %kept = i64.add(%sum, %zero) after(%again) : i64
    yield(%kept)
  }
  %total = i64.sum(%ys) : i64
  return(%total)
}
)",
                0, jobs);
    RunReport report = stage.run({Value::i64(20)});
    ASSERT_TRUE(report.ok) << report.failure.message;
    EXPECT_EQ(report.results.at(0).asI64(), 190 * 190);
    EXPECT_EQ(report.stats.wallNanoseconds, 20 * ms);
    EXPECT_EQ(report.stats.worldOperations, 420u);
  }
}

static const std::string raceOfTwo =
    "func @main() -> list<i64> {\n  %w = race : list<i64> {\n" + sleepOf("slow", 50) +
    "  %one = const {value = 1} : i64\n  yield(%one) after(%slow)\n  } {\n" + sleepOf("fast", 20) +
    "  %two = const {value = 2} : i64\n  yield(%two) after(%fast)\n  }\n  return(%w)\n}\n";

TEST(FakeWorldTest, TheFirstOfARaceWinsAndTheOtherIsCancelledThen) {
  Stage stage(raceOfTwo);
  RunReport report = stage.run();
  ASSERT_TRUE(report.ok) << report.failure.message;
  EXPECT_EQ(report.results.at(0).items()[0].asI64(), 2);
  EXPECT_EQ(report.stats.wallNanoseconds, 20 * ms);
  EXPECT_EQ(report.stats.cancelled, 1u);
  ASSERT_EQ(stage.world->entries().size(), 2u);
  EXPECT_EQ(stage.world->entries()[1].kind, WorldOutcome::Kind::Cancelled);
  EXPECT_EQ(stage.world->entries()[1].end, 20 * ms);
}

TEST(FakeWorldTest, ARaceGoesOnWithoutTheOneThatFails) {
  Stage stage(raceOfTwo);
  stage.script = [](const WorldRequest &request) {
    FakeWorld::Answer answer = FakeWorld::sleeps(request);
    return answer.duration == 20 * ms ? failure(20 * ms, Diag::HttpBroken, "gone") : answer;
  };
  RunReport report = stage.run();
  ASSERT_TRUE(report.ok) << report.failure.message;
  EXPECT_EQ(report.results.at(0).items()[0].asI64(), 1);
  EXPECT_EQ(report.stats.wallNanoseconds, 50 * ms);
  EXPECT_EQ(report.stats.cancelled, 0u);
}

/// The engine asks once: whether to try again is the world's business.
TEST(FakeWorldTest, WhatFailedIsNotAskedForAgain) {
  Stage stage("func @main() -> i64 {\n" + sleepOf("a", 10) + sleepOf("b", 30) + sleepOf("c", 90) +
              "  %one = const {value = 1} : i64\n  return(%one) after(%a, %b, %c)\n}\n");
  stage.script = [](const WorldRequest &request) {
    FakeWorld::Answer answer = FakeWorld::sleeps(request);
    return answer.duration == 30 * ms ? failure(30 * ms, Diag::HttpBroken, "no line") : answer;
  };
  RunReport report = stage.run();
  ASSERT_FALSE(report.ok);
  EXPECT_EQ(report.failure.id, Diag::HttpBroken);
  EXPECT_EQ(report.failure.message, "no line");
  EXPECT_EQ(stage.count(WorldOutcome::Kind::Done), 1u);
  EXPECT_EQ(stage.count(WorldOutcome::Kind::Failed), 1u);
  EXPECT_EQ(stage.count(WorldOutcome::Kind::Cancelled), 1u); // what comes after it in program order
  EXPECT_EQ(report.stats.wallNanoseconds, 30 * ms);
}

TEST(FakeWorldTest, WhatComesBeforeAFailureInProgramOrderIsWaitedFor) {
  Stage stage("func @main() -> i64 {\n" + sleepOf("a", 80) + sleepOf("b", 30) +
              "  %one = const {value = 1} : i64\n  return(%one) after(%a, %b)\n}\n");
  stage.script = [](const WorldRequest &request) {
    FakeWorld::Answer answer = FakeWorld::sleeps(request);
    return failure(answer.duration, Diag::HttpBroken, std::to_string(answer.duration / ms));
  };
  RunReport report = stage.run();
  ASSERT_FALSE(report.ok);
  EXPECT_EQ(report.failure.message, "80");
  EXPECT_EQ(report.stats.wallNanoseconds, 80 * ms);
}

TEST(FakeWorldTest, ATryMakesAValueOfAFailureAndGoesOn) {
  Stage stage("func @main() -> i64 {\n  %r = try : result<i64> {\n" + sleepOf("a", 30) +
              "  %one = const {value = 1} : i64\n  yield(%one) after(%a)\n  }\n" +
              "  %two = const {value = 2} : i64\n  %v = result.or(%r, %two) : i64\n  return(%v)\n}\n");
  stage.script = [](const WorldRequest &) { return failure(30 * ms, Diag::HttpBroken, "no line"); };
  RunReport report = stage.run();
  ASSERT_TRUE(report.ok) << report.failure.message;
  EXPECT_EQ(report.results.at(0).asI64(), 2);
  EXPECT_EQ(report.stats.wallNanoseconds, 30 * ms);
}

TEST(FakeWorldTest, ATryDoesNotCatchWhatIsUnknown) {
  Stage stage("func @main() -> i64 {\n  %r = try : result<i64> {\n" + sleepOf("a", 30) +
              "  %one = const {value = 1} : i64\n  yield(%one) after(%a)\n  }\n" +
              "  %two = const {value = 2} : i64\n  %v = result.or(%r, %two) : i64\n  return(%v)\n}\n");
  stage.script = [](const WorldRequest &) { return failure(30 * ms, Diag::OutcomeUnknown, "who knows"); };
  RunReport report = stage.run();
  ASSERT_FALSE(report.ok);
  EXPECT_EQ(report.failure.id, Diag::OutcomeUnknown);
  EXPECT_EQ(report.unknown.size(), 1u);
}

TEST(FakeWorldTest, TheDeadlineOfARunIsByTheClockOfTheWorld) {
  Stage stage("func @main() -> i64 {\n" + sleepOf("a", 10) + sleepOf("b", 3'600'000) +
              "  %one = const {value = 1} : i64\n  return(%one) after(%a, %b)\n}\n");
  stage.options.timeoutNanoseconds = 50 * ms;
  RunReport report = stage.run();
  ASSERT_FALSE(report.ok);
  EXPECT_EQ(report.failure.id, Diag::RunTimeout);
  EXPECT_EQ(report.stats.wallNanoseconds, 50 * ms);
  EXPECT_EQ(stage.count(WorldOutcome::Kind::Done), 1u);
  EXPECT_EQ(stage.count(WorldOutcome::Kind::Cancelled), 1u);
}

TEST(FakeWorldTest, ADeadlineThatIsNotMetLeavesTheNextRunAlone) {
  Stage stage(
      "func @main(%t: duration) -> i64 {\n  %a = time.sleep(%t) : none\n  %one = const {value = 1} : i64\n"
      "  return(%one) after(%a)\n}\n");
  stage.options.timeoutNanoseconds = 50 * ms;
  for (int64_t milliseconds : {49, 50, 51, 49}) {
    RunReport report = stage.run({Value::duration(milliseconds * ms)});
    EXPECT_EQ(report.ok, milliseconds <= 50) << milliseconds;
    EXPECT_EQ(report.stats.wallNanoseconds, std::min<int64_t>(milliseconds, 50) * ms);
  }
}

TEST(FakeWorldTest, AnInterruptCancelsWhatWaits) {
  Stage stage("func @main() -> i64 {\n" + sleepOf("a", 10) + sleepOf("b", 20) + sleepOf("c", 30) +
              "  %one = const {value = 1} : i64\n  return(%one) after(%a, %b, %c)\n}\n");
  Executor *running = nullptr;
  stage.script = [&](const WorldRequest &request) {
    FakeWorld::Answer answer = FakeWorld::sleeps(request);
    if (answer.duration == 30 * ms)
      running->interrupt();
    return answer;
  };
  ASSERT_TRUE(stage.prepare());
  running = stage.executor.get();
  RunReport report = stage.run();
  ASSERT_FALSE(report.ok);
  EXPECT_EQ(report.failure.id, Diag::Interrupted);
  EXPECT_EQ(report.stats.wallNanoseconds, 0);
  EXPECT_EQ(stage.count(WorldOutcome::Kind::Cancelled), 3u);
}

static const std::string postLines = R"(  %u = const {value = "http://a/"} : str
  %payload = const {value = "body"} : str
  %w = http.request(%u, %payload) {method = "POST"} : record<status: i64, headers: list<record<name: str, value: str>>, body: str>
  %s = record.get(%w) {field = "status"} : i64
)";
static const std::string onePost = "func @main() -> i64 {\n" + postLines + "  return(%s)\n}\n";

TEST(FakeWorldTest, AWriteThatHasBegunRunsToItsEnd) {
  Stage stage(onePost);
  stage.script = [](const WorldRequest &) { return httpAnswer(80 * ms, 200); };
  stage.options.timeoutNanoseconds = 50 * ms;
  RunReport report = stage.run();
  ASSERT_FALSE(report.ok);
  EXPECT_EQ(report.failure.id, Diag::RunTimeout);
  EXPECT_EQ(report.stats.wallNanoseconds, 80 * ms);
  EXPECT_EQ(report.happened.size(), 1u);
  EXPECT_EQ(stage.count(WorldOutcome::Kind::Cancelled), 0u);
}

TEST(FakeWorldTest, AbandonedWritesHaveAnUnknownOutcome) {
  Stage stage("func @main() -> i64 {\n" + sleepOf("a", 10) + "  %tb = const {value = 20ms} : duration\n" +
              "  %b = time.sleep(%tb) after(%a) : none\n" + postLines + "  return(%s) after(%b)\n}\n");
  Executor *running = nullptr;
  stage.script = [&](const WorldRequest &request) {
    if (request.operands[0].kind() == ValueKind::Str)
      return httpAnswer(80 * ms, 200);
    FakeWorld::Answer answer = FakeWorld::sleeps(request);
    if (answer.duration == 20 * ms) {
      running->interrupt();
      running->abandon();
    }
    return answer;
  };
  ASSERT_TRUE(stage.prepare());
  running = stage.executor.get();
  RunReport report = stage.run();
  ASSERT_FALSE(report.ok);
  EXPECT_EQ(exitCodeOf(report), ExitCode::OutcomeUnknown);
  EXPECT_EQ(report.unknown.size(), 1u);
  EXPECT_EQ(report.happened.size(), 0u);
  EXPECT_EQ(report.stats.wallNanoseconds, 10 * ms);
}

/// What takes no time comes back through the same door, and needs no turn of the clock.
TEST(FakeWorldTest, WhatTakesNoTimeIsThereAtOnce) {
  Stage stage(onePost);
  stage.script = [](const WorldRequest &) { return httpAnswer(0, 204); };
  RunReport report = stage.run();
  ASSERT_TRUE(report.ok) << report.failure.message;
  EXPECT_EQ(report.results.at(0).asI64(), 204);
  EXPECT_EQ(report.stats.wallNanoseconds, 0);
}

TEST(FakeWorldTest, ALongChainOfAnswersAtOnceDoesNotNest) {
  Stage stage(R"(
func @main(%n: i64) -> i64 {
  %zero = const {value = 0} : i64
  %xs = list.range(%zero, %n) : list<i64>
  %time = const {value = 1ms} : duration
  %last = for(%xs, %zero) : i64 {
  ^(%x: i64, %sum: i64)
    %waited = time.sleep(%time) : none
    %next = i64.add(%sum, %x) after(%waited) : i64
    yield(%next)
  }
  return(%last)
}
)");
  stage.script = [](const WorldRequest &) { return FakeWorld::Answer(); };
  RunReport report = stage.run({Value::i64(200'000)});
  ASSERT_TRUE(report.ok) << report.failure.message;
  EXPECT_EQ(report.results.at(0).asI64(), 199'999ll * 100'000);
}

/// What a request says of where it is carried out: calls and iterations from the outside in.
TEST(FakeWorldTest, APlaceNamesCallsAndIterations) {
  Stage stage(R"(
func @inner(%t: duration) -> i64 {
  %a = time.sleep(%t) : none
  %one = const {value = 1} : i64
  return(%one) after(%a)
}
func @main() -> i64 {
  %zero = const {value = 0} : i64
  %two = const {value = 2} : i64
  %time = const {value = 1ms} : duration
  %xs = list.range(%zero, %two) : list<i64>
  %ys = map(%xs) : list<i64> {
  ^(%x: i64)
    %y = call @inner(%time) : i64
    yield(%y)
  }
  %sum = i64.sum(%ys) : i64
  return(%sum)
}
)");
  ASSERT_TRUE(stage.file) << stage.messages;
  std::vector<RequestPlace> places;
  class Spy final : public World {
  public:
    Spy(std::unique_ptr<World> below, WorldClient &client, std::vector<RequestPlace> &places)
        : below(std::move(below)), client(client), places(places) {}
    void submit(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) override {
      for (const WorldRequest &request : requests)
        places.push_back(client.placeOf(request.ticket));
      below->submit(requests, atOnce);
    }
    void settled(size_t outcomes) override { below->settled(outcomes); }
    void reconsider() override { below->reconsider(); }
    void abandon() override { below->abandon(); }
    void quiet() override { below->quiet(); }
    std::optional<OpError> begin(const RunStart &start) override { return below->begin(start); }
    WorldReport end() override { return below->end(); }
    int64_t now() const override { return below->now(); }

  private:
    std::unique_ptr<World> below;
    WorldClient &client;
    std::vector<RequestPlace> &places;
  };
  FakeWorld *fake = nullptr;
  MakeWorld inner = FakeWorld::making(stage.file->view(), FakeWorld::sleeps, fake);
  const PlanView &plan = stage.file->view();
  uint32_t entry = plan.constants.text(plan.functions[0].symbol) == "main" ? 0 : 1;
  Executor executor(plan, stage.options, [&](WorldClient &client) -> std::unique_ptr<World> {
    return std::make_unique<Spy>(inner(client), client, places);
  });
  RunReport report = executor.run(entry, {});
  ASSERT_TRUE(report.ok) << report.failure.message;
  ASSERT_EQ(places.size(), 2u);
  for (uint32_t i = 0; i < 2; ++i) {
    ASSERT_EQ(places[i].steps.size(), 2u);
    EXPECT_EQ(plan.ops[places[i].steps[0].op].code, OpCode::core_map);
    EXPECT_EQ(places[i].steps[0].index, i);
    EXPECT_EQ(plan.ops[places[i].steps[1].op].code, OpCode::core_call);
    EXPECT_EQ(places[i].steps[1].index, UINT32_MAX);
  }
}
