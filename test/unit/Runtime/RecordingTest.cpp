// Runs that are recorded and replayed (lib/World/RecordingWorld.cpp, ReplayWorld.cpp).
#include "Runtime/Stage.h"
#include "Transforms/RandomProgram.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/World/Recordings.h"
#include <atomic>

using namespace xcs;

namespace {

struct HostWithLog final : ProcessHost {
  void log(std::string_view lines, const std::function<bool()> &) override {
    MutexLock lock(mutex);
    logged += lines;
  }
  Mutex mutex;
  std::string logged;
};

/// A program, compiled at a level.
struct Compiled {
  Stage stage;
  explicit Compiled(const std::string &text, unsigned level) : stage(text, level) {
    EXPECT_TRUE(stage.file) << stage.messages;
  }
  const PlanView &plan() const { return stage.file->view(); }

  RunReport record(const FakeWorld::Script &script, std::vector<Value> arguments, std::string &recording) {
    FakeWorld *world = nullptr;
    auto answers = std::make_shared<RecordedAnswers>();
    RunOptions options;
    options.jobs = 2;
    Executor executor(plan(), options,
                      recordingWorld(plan(), {}, FakeWorld::factory(plan(), script, world), answers));
    RunReport report = executor.run(0, std::move(arguments));
    std::optional<std::pair<std::string, std::string>> unwritable;
    recording = answers->text(plan(), report.secrets, unwritable);
    EXPECT_FALSE(unwritable);
    return report;
  }

  RunReport replay(const std::string &recording, std::vector<Value> arguments, unsigned jobs,
                   Schedule schedule = Schedule::Dataflow,
                   std::shared_ptr<Host> host = std::make_shared<HostWithLog>()) {
    std::string messages;
    llvm::raw_string_ostream stream(messages);
    DiagnosticEngine diagnostics(&stream);
    auto read = readRecording(recording, "recording.jsonl", {}, diagnostics);
    EXPECT_TRUE(read) << messages << recording;
    if (!read)
      return {};
    RunOptions options;
    options.jobs = jobs;
    options.schedule = schedule;
    Executor executor(
        plan(), options,
        replayWorld(plan(), {}, std::make_shared<const Recording>(std::move(*read)), std::move(host)));
    return executor.run(0, std::move(arguments));
  }
};

/// Texts that differ from each other; HTTP answers; now and then a failure. Each takes its own time.
FakeWorld::Script answers(const PlanView &plan, uint64_t seed) {
  auto count = std::make_shared<std::atomic<uint64_t>>(seed * 1000);
  return [&plan, count](const WorldRequest &request) {
    const uint64_t n = (*count)++;
    FakeWorld::Answer answer;
    // No two end at once: which of them is first would be up to the threads.
    answer.duration = static_cast<int64_t>(1 + n * 7919 % 97) * ms + static_cast<int64_t>(n);
    const PlanOp &op = plan.ops[request.op];
    if (op.code == OpCode::log_print)
      return FakeWorld::Answer{}; // as in a replay: printing takes no time
    if (op.code == OpCode::time_sleep)
      return answer;
    if (n % 9 == 4) {
      answer.error = OpError{Diag::HttpBroken, "broken " + std::to_string(n), 2};
      return answer;
    }
    answer.value = Value::str("answer " + std::to_string(n));
    if (op.code == OpCode::http_request) {
      Value fields[] = {Value::i64(200), Value::list({}), answer.value};
      answer.value = Value::record(fields);
    }
    return answer;
  };
}

std::vector<Value> programArguments() {
  Value numbers[] = {Value::i64(3), Value::i64(1), Value::i64(7)};
  return {Value::i64(2), Value::str("text"), Value::list(numbers)};
}

void expectEqual(const RunReport &replayed, const RunReport &recorded) {
  ASSERT_EQ(replayed.ok, recorded.ok) << replayed.failure.message << recorded.failure.message;
  if (!recorded.ok) {
    EXPECT_EQ(replayed.failure.id, recorded.failure.id);
    EXPECT_EQ(replayed.failure.message, recorded.failure.message);
    EXPECT_EQ(replayed.failure.place.size(), recorded.failure.place.size());
    return;
  }
  ASSERT_EQ(replayed.results.size(), recorded.results.size());
  for (size_t i = 0; i < recorded.results.size(); ++i)
    EXPECT_TRUE(equalValues(replayed.results[i], recorded.results[i])) << i;
}

} // namespace

/// Recorded with two workers, replayed on each schedule with one and four: the same results, or the same
/// failure. With the same plan, and with that of another level.
TEST(RecordingTest, AReplayGivesWhatTheRunGave) {
  size_t good = 0, failed = 0, answered = 0;
  for (uint64_t seed = 0; seed != 120; ++seed) {
    // Who wins a race of computations is up to the threads; races of waits have tests of their own.
    const std::string text = RandomProgram(seed, 10 + seed % 60).withoutRaces().text();
    Compiled plain(text, 0), optimised(text, 2);
    for (Compiled *program : {&plain, &optimised}) {
      std::string recording;
      const RunReport recorded =
          program->record(answers(program->plan(), seed), programArguments(), recording);
      (recorded.ok ? good : failed) += 1;
      answered += static_cast<size_t>(std::count(recording.begin(), recording.end(), '\n'));
      for (unsigned jobs : {1u, 4u})
        for (Schedule schedule : {Schedule::Dataflow, Schedule::Levels, Schedule::Serial})
          expectEqual(program->replay(recording, programArguments(), jobs, schedule), recorded);
      // A sample that is not used is dropped at -O2, and a failure of it too.
      if (program == &plain && recorded.ok)
        expectEqual(optimised.replay(recording, programArguments(), 4), recorded);
      if (::testing::Test::HasFailure())
        FAIL() << "seed " << seed << "\n" << text << recording;
    }
  }
  EXPECT_GT(good, 20u);
  EXPECT_GT(failed, 20u);
  EXPECT_GT(answered, 300u);
}

static const std::string hedge =
    "model @gpt { url = \"http://127.0.0.1:1/v1\", model = \"m\" }\n"
    "func @main(%q: str) -> list<str> {\n  %w = race : list<str> {\n"
    "  %a = model.chat @gpt(%q) {temperature = 0.5} : str\n  yield(%a)\n  } {\n" +
    sleepOf("patience", 200) + "  yield(\"too slow\") after(%patience)\n  }\n  return(%w)\n}\n";

/// Who wins a race is recorded, although the loser of the recording would be there at once in a replay.
TEST(RecordingTest, TheWinnerOfARaceIsThatOfTheRecording) {
  for (int64_t latency : {100 * ms, 300 * ms}) {
    Compiled program(hedge, 0);
    const auto script = [&](const WorldRequest &request) {
      FakeWorld::Answer answer = FakeWorld::sleeps(request);
      return answer.duration ? answer : FakeWorld::Answer{latency, Value::str("soon"), {}};
    };
    std::string recording;
    const RunReport recorded = program.record(script, {Value::str("q")}, recording);
    ASSERT_TRUE(recorded.ok) << recorded.failure.message;
    EXPECT_NE(recording.find("\"cancelled\":true"), recording.npos);
    for (unsigned jobs : {1u, 4u}) {
      const RunReport replayed = program.replay(recording, {Value::str("q")}, jobs);
      expectEqual(replayed, recorded);
      EXPECT_EQ(replayed.results[0].items()[0].text(), latency < 200 * ms ? "soon" : "too slow");
      EXPECT_EQ(replayed.stats.cancelled, 1u);
    }
  }
}

/// A draw that was cancelled never answers: where it is needed after all, that is an error.
TEST(RecordingTest, ACancelledDrawHasNoAnswer) {
  Compiled program(hedge, 0);
  std::string recording;
  const auto script = [&](const WorldRequest &request) {
    FakeWorld::Answer answer = FakeWorld::sleeps(request);
    return answer.duration ? answer : FakeWorld::Answer{300 * ms, Value::str("soon"), {}};
  };
  ASSERT_TRUE(program.record(script, {Value::str("q")}, recording).ok);
  // Someone says that the sleep was cancelled as well.
  const size_t sleep = recording.find("\"answer\":null", recording.find("{\"op\":\"time.sleep\""));
  ASSERT_NE(sleep, recording.npos);
  recording.replace(sleep, 13, "\"cancelled\":true");
  const RunReport replayed = program.replay(recording, {Value::str("q")}, 1);
  ASSERT_FALSE(replayed.ok);
  EXPECT_EQ(replayed.failure.id, Diag::ReplayCancelled);
  EXPECT_NE(replayed.failure.message.find("cancelled"), std::string::npos) << replayed.failure.message;
}

/// Equal reads with a write between them have their own answers, which another plan cannot tell apart: then
/// there is an error, and no wrong answer.
TEST(RecordingTest, ReadsAroundAWriteAreToldApart) {
  const std::string text = "func @main(%dead: i64) -> str, str {\n  %a = file.read_text(\"f\") : str\n"
                           "  %w = file.write(\"f\", \"new\") : none\n  %b = file.read_text(\"f\") : str\n"
                           "  %x = i64.add(%dead, 1) : i64\n  return(%a, %b)\n}\n";
  Compiled plain(text, 0), optimised(text, 2);
  std::atomic<int> reads{0};
  const auto script = [&](const WorldRequest &request) {
    const bool isRead = plain.plan().ops[request.op].code == OpCode::file_read_text;
    return FakeWorld::Answer{10 * ms, isRead ? Value::str(reads++ ? "new" : "old") : Value::none(), {}};
  };
  std::string recording;
  const RunReport recorded = plain.record(script, {Value::i64(1)}, recording);
  ASSERT_TRUE(recorded.ok) << recorded.failure.message;
  for (unsigned jobs : {1u, 4u})
    expectEqual(plain.replay(recording, {Value::i64(1)}, jobs), recorded);
  const RunReport other = optimised.replay(recording, {Value::i64(1)}, 1);
  ASSERT_FALSE(other.ok);
  EXPECT_EQ(other.failure.id, Diag::ReplayMiss);
}

TEST(RecordingTest, WhatAPersonWritesIsUsedOrRefusedWithItsLine) {
  Compiled program("model @gpt { url = \"http://127.0.0.1:1/v1\", model = \"m\" }\n"
                   "func @main(%q: str) -> i64 {\n"
                   "  %a = model.chat @gpt(%q) {temperature = 0.5} : i64\n  return(%a)\n}\n",
                   0);
  const auto script = [](const WorldRequest &) { return FakeWorld::Answer{ms, Value::i64(41), {}}; };
  std::string recording;
  ASSERT_TRUE(program.record(script, {Value::str("q")}, recording).ok);
  const auto replayWith = [&](const std::string &answer) {
    std::string edited = recording;
    edited.replace(edited.find("\"answer\":41"), 11, "\"answer\":" + answer);
    return program.replay(edited, {Value::str("q")}, 1);
  };
  EXPECT_EQ(replayWith("42").results.at(0).asI64(), 42);
  const RunReport bad = replayWith("\"many\"");
  EXPECT_EQ(bad.failure.id, Diag::RecordedAnswerUnfit);
  EXPECT_NE(bad.failure.message.find("line 2"), std::string::npos) << bad.failure.message;
}

/// Two calls of one function, whose equal reads are answered in the other order: told apart by the calls.
TEST(RecordingTest, EqualReadsOfTwoCallsAreToldApart) {
  const std::string text = "func @f() -> str {\n  %a = file.read_text(\"f\") : str\n  return(%a)\n}\n"
                           "func @main() -> str, str {\n  %a = call @f() : str\n  %b = call @f() : str\n"
                           "  return(%a, %b)\n}\n";
  Compiled plain(text, 0);
  std::atomic<int> reads{0};
  const auto script = [&](const WorldRequest &) {
    const bool isFirst = reads++ == 0;
    return FakeWorld::Answer{isFirst ? 200 * ms : 10 * ms, Value::str(isFirst ? "first" : "second"), {}};
  };
  std::string recording;
  const RunReport recorded = plain.record(script, {}, recording);
  ASSERT_TRUE(recorded.ok) << recorded.failure.message;
  for (unsigned jobs : {1u, 4u})
    expectEqual(plain.replay(recording, {}, jobs), recorded);
}

/// A wait of another level may be any of several equal ones; where the order matters, that is an error.
TEST(RecordingTest, EqualWaitsOfAnotherLevelAreNotGuessedInARace) {
  std::string text = "model @gpt { url = \"http://127.0.0.1:1/v1\", model = \"m\" }\n"
                     "func @main(%q: str) -> list<str>, list<str> {\n";
  for (const char *name : {"a", "b"})
    text += std::string("  %") + name + " = race : list<str> {\n    %c" + name +
            " = model.chat @gpt(%q) {temperature = 0.5} : str\n    yield(%c" + name + ")\n  } {\n" +
            sleepOf(std::string("s") + name, 50) + "    yield(\"late\") after(%s" + name + ")\n  }\n";
  text += "  return(%a, %b)\n}\n";
  Compiled plain(text, 0), optimised(text, 2);
  std::atomic<int> calls{0};
  const auto script = [&](const WorldRequest &request) {
    FakeWorld::Answer answer = FakeWorld::sleeps(request);
    return answer.duration ? answer : FakeWorld::Answer{calls++ ? 1 * ms : 200 * ms, Value::str("soon"), {}};
  };
  std::string recording;
  const RunReport recorded = plain.record(script, {Value::str("q")}, recording);
  ASSERT_TRUE(recorded.ok) << recorded.failure.message;
  expectEqual(plain.replay(recording, {Value::str("q")}, 2), recorded);
  const RunReport other = optimised.replay(recording, {Value::str("q")}, 2);
  if (other.ok)
    expectEqual(other, recorded);
  else
    EXPECT_TRUE(other.failure.id == Diag::ReplayMiss || other.failure.id == Diag::ReplayCancelled);
}

/// What was cancelled is no failure that a `try` of the program takes.
TEST(RecordingTest, ATryTakesNothingOfTheRecording) {
  Compiled program("func @main() -> result<str> {\n  %t = try : result<str> {\n"
                   "    %a = file.read_text(\"f\") : str\n    yield(%a)\n  }\n  return(%t)\n}\n",
                   0);
  const auto script = [](const WorldRequest &) { return FakeWorld::Answer{ms, Value::str("text"), {}}; };
  std::string recording;
  ASSERT_TRUE(program.record(script, {}, recording).ok);
  const size_t answer = recording.find("\"answer\":\"text\"");
  ASSERT_NE(answer, recording.npos);
  std::string cancelled = recording, none = printRecordingHead(0);
  cancelled.replace(answer, 15, "\"cancelled\":true");
  EXPECT_EQ(program.replay(cancelled, {}, 1).failure.id, Diag::ReplayCancelled);
  EXPECT_EQ(program.replay(none, {}, 1).failure.id, Diag::ReplayMiss);
}

/// Lines of a log are printed again; what else there is happens nowhere.
TEST(RecordingTest, LogLinesArePrintedAndNotRecorded) {
  Compiled program("func @main() -> none {\n  %l = log.print(\"a line\") : none\n  return(%l)\n}\n", 0);
  std::string recording;
  const auto script = [](const WorldRequest &) { return FakeWorld::Answer(); };
  ASSERT_TRUE(program.record(script, {}, recording).ok);
  EXPECT_EQ(std::count(recording.begin(), recording.end(), '\n'), 1);
  auto host = std::make_shared<HostWithLog>();
  ASSERT_TRUE(program.replay(recording, {}, 2, Schedule::Dataflow, host).ok);
  EXPECT_EQ(host->logged, "a line\n");
}
