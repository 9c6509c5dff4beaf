// The engine before a world without sockets: races, failures, cancellation and deadlines by a virtual clock.
#include "Runtime/Stage.h"

using namespace xcs;

namespace {

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
    void settled(std::span<const uint64_t> tokens) override { below->settled(tokens); }
    void reconsider() override { below->reconsider(); }
    void abandon() override { below->abandon(); }
    void onIdle() override { below->onIdle(); }
    std::optional<OpError> begin(const RunStart &start) override { return below->begin(start); }
    WorldReport end() override { return below->end(); }
    int64_t now() const override { return below->now(); }

  private:
    std::unique_ptr<World> below;
    WorldClient &client;
    std::vector<RequestPlace> &places;
  };
  FakeWorld *fake = nullptr;
  MakeWorld inner = FakeWorld::factory(stage.file->view(), FakeWorld::sleeps, fake);
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

namespace {

/// A chain of ten steps of 100 ms beside `others` single ones, all under the same gate of two slots: `step`
/// is one of them, with `$` for its name and `#` for what comes after its operands.
std::string chainBeside(const std::string &resource, const std::string &step, int others) {
  std::string text = resource + "\nfunc @main() -> i64 {\n  %t = const {value = 100ms} : duration\n"
                                "  %x = const {value = \"x\"} : str\n";
  std::string all;
  auto add = [&](const std::string &name, const std::string &after) {
    std::string line = step;
    line.replace(line.find('$'), 1, name);
    line.replace(line.find('#'), 1, after);
    text += line;
    all += (all.empty() ? "%" : ", %") + name;
  };
  for (int i = 0; i < others; ++i)
    add("s" + std::to_string(i), "");
  for (int i = 0; i < 10; ++i)
    add("c" + std::to_string(i), i ? " after(%c" + std::to_string(i - 1) + ")" : "");
  return text + "  %one = const {value = 1} : i64\n  return(%one) after(" + all + ")\n}\n";
}

FakeWorld::Answer answerOf(OpCode code) {
  FakeWorld::Answer answer = httpAnswer(100 * ms, 200);
  if (code == OpCode::model_chat)
    answer.value = Value::str("said");
  else if (code != OpCode::http_request)
    answer.value = Value::none();
  return answer;
}

} // namespace

/// Two slots, 30 steps of 100 ms: the chain never waits, whatever gate it is that has the slots.
TEST(AdmissionTest, AFreedSlotGoesToTheLongestPathOfAllThatAskThen) {
  struct Case {
    const char *resource, *step;
  };
  static constexpr Case cases[] = {
      {"limit @two {max_in_flight = 2}",
       "  %$ = time.sleep(%t)# {limit = @two, hint.latency = 100ms} : none\n"},
      {"http @two {url = \"http://a\", max_in_flight = 2}",
       "  %$ = http.request @two(%x)# {method = \"GET\", hint.latency = 100ms} : record<status: i64, "
       "headers: "
       "list<record<name: str, value: str>>, body: str>\n"},
      {"model @two {url = \"http://a\", model = \"m\", max_in_flight = 2}",
       "  %$ = model.chat @two(%x)# {hint.latency = 100ms} : str\n"},
      {"limit @two {max_in_flight = 2}\nhttp @many {url = \"http://a\", max_in_flight = 5}",
       "  %$ = http.request @many(%x)# {method = \"GET\", limit = @two, hint.latency = 100ms} : "
       "record<status: "
       "i64, headers: list<record<name: str, value: str>>, body: str>\n"},
  };
  for (const Case &at : cases) {
    Stage stage(chainBeside(at.resource, at.step, 20));
    ASSERT_TRUE(stage.file) << stage.messages;
    const PlanView &plan = stage.file->view();
    stage.script = [&](const WorldRequest &request) { return answerOf(plan.ops[request.op].code); };
    RunReport report = stage.run();
    ASSERT_TRUE(report.ok) << report.failure.message;
    EXPECT_EQ(report.stats.wallNanoseconds, 1500 * ms) << at.resource;
    EXPECT_EQ(report.stats.peakInFlight, 2u);
    stage.world->settlesFirst = false; // what happens without: the test can tell
    EXPECT_GT(stage.run().stats.wallNanoseconds, 1500 * ms) << at.resource;
  }
}

/// Computation between two steps does not lose the slot: the worker carries it out before it says so.
TEST(AdmissionTest, WhatIsComputedBetweenTwoStepsKeepsTheSlot) {
  std::string text =
      "limit @one {max_in_flight = 1}\nfunc @main() -> i64 {\n  %t = const {value = 100ms} : duration\n"
      "  %n0 = const {value = 1} : i64\n";
  for (int i = 0; i < 5; ++i) {
    std::string n = std::to_string(i);
    text += "  %s" + n + " = time.sleep(%t) {limit = @one, hint.latency = 100ms} : none\n";
  }
  for (int i = 0; i < 5; ++i) {
    std::string n = std::to_string(i), next = std::to_string(i + 1);
    text += "  %c" + n + " = time.sleep(%t)" + " after(%n" + n +
            ") {limit = @one, hint.latency = 100ms} : none\n" + "  %m" + n + " = i64.add(%n" + n +
            ", %n0) after(%c" + n + ") : i64\n  %n" + next + " = i64.mul(%m" + n + ", %n0) : i64\n";
  }
  text += "  return(%n5) after(%s0, %s1, %s2, %s3, %s4)\n}\n";
  Stage stage(text);
  RunReport report = stage.run();
  ASSERT_TRUE(report.ok) << report.failure.message;
  EXPECT_EQ(report.stats.wallNanoseconds, 1000 * ms);
  // The chain first, whose path is longer until its last step; the program has it behind the others.
  ASSERT_EQ(stage.world->entries().size(), 10u);
  for (uint32_t i = 0; i < 4; ++i)
    EXPECT_EQ(stage.file->view().ops[stage.world->entries()[i].op].order, 5 + 3 * i);
}

/// Nothing becomes ready, or what failed is caught: the slot goes on to whoever waits, in the same moment.
TEST(AdmissionTest, ASlotIsNeverKeptForNobody) {
  for (bool fails : {false, true}) {
    Stage stage(R"(
limit @three {max_in_flight = 3}
func @main(%n: i64) -> i64 {
  %zero = const {value = 0} : i64
  %one = const {value = 1} : i64
  %time = const {value = 10ms} : duration
  %xs = list.range(%zero, %n) : list<i64>
  %ys = map(%xs) : list<i64> {
  ^(%x: i64)
    %r = try : result<i64> {
      %waited = time.sleep(%time) {limit = @three} : none
      yield(%one) after(%waited)
    }
    %y = result.or(%r, %one) : i64
    yield(%y)
  }
  %sum = i64.sum(%ys) : i64
  return(%sum)
}
)",
                0, fails ? 1 : 3);
    stage.script = [=](const WorldRequest &) {
      return fails ? failure(10 * ms, Diag::HttpBroken, "gone")
                   : FakeWorld::Answer{10 * ms, Value::none(), {}};
    };
    RunReport report = stage.run({Value::i64(300)});
    ASSERT_TRUE(report.ok) << report.failure.message;
    EXPECT_EQ(report.results.at(0).asI64(), 300);
    EXPECT_EQ(report.stats.wallNanoseconds, 1000 * ms);
    EXPECT_EQ(report.stats.peakInFlight, 3u);
  }
}

/// Two gates of one slot each, taken in either order of urgency.
TEST(AdmissionTest, TwoGatesAtOnceLetEverybodyThrough) {
  Stage stage(R"(
limit @one {max_in_flight = 1}
http @here {url = "http://a", max_in_flight = 1}
func @main(%n: i64) -> i64 {
  %zero = const {value = 0} : i64
  %path = const {value = "x"} : str
  %time = const {value = 10ms} : duration
  %xs = list.range(%zero, %n) : list<i64>
  %ys = map(%xs) : list<i64> {
  ^(%x: i64)
    %a = http.request @here(%path) {method = "GET", limit = @one} : record<status: i64, headers: list<record<name: str, value: str>>, body: str>
    %b = time.sleep(%time) {limit = @one} : none
    %c = http.request @here(%path) {method = "GET"} : record<status: i64, headers: list<record<name: str, value: str>>, body: str>
    %s = record.get(%a) {field = "status"} : i64
    %t = record.get(%c) after(%b) {field = "status"} : i64
    %y = i64.min(%s, %t) : i64
    yield(%y)
  }
  %sum = i64.sum(%ys) : i64
  return(%sum)
}
)");
  stage.script = [](const WorldRequest &request) {
    return request.operands[0].kind() == ValueKind::Str ? httpAnswer(10 * ms, 1) : FakeWorld::sleeps(request);
  };
  RunReport report = stage.run({Value::i64(50)});
  ASSERT_TRUE(report.ok) << report.failure.message;
  EXPECT_EQ(report.results.at(0).asI64(), 50);
  // 50 that need both, 50 of each alone, of which one of either can be side by side.
  EXPECT_LE(report.stats.wallNanoseconds, 1500 * ms);
  EXPECT_GE(report.stats.wallNanoseconds, 1000 * ms);
}

/// A gate that paces has its own clock, and settles nothing.
TEST(AdmissionTest, APaceIsKept) {
  std::string text = "limit @paced {requests_per_minute = 60}\nfunc @main() -> i64 {\n  %t = const {value = "
                     "10ms} : duration\n";
  std::string all;
  for (int i = 0; i < 4; ++i) {
    std::string n = std::to_string(i);
    text += "  %s" + n + " = time.sleep(%t) {limit = @paced} : none\n";
    all += (i ? ", %s" : "%s") + n;
  }
  Stage stage(text + "  %one = const {value = 1} : i64\n  return(%one) after(" + all + ")\n}\n");
  RunReport report = stage.run();
  ASSERT_TRUE(report.ok) << report.failure.message;
  EXPECT_EQ(report.stats.wallNanoseconds / ms, 3010);
}
