// A run whose input is a result of another run that is not finished yet.
#include "Api/SessionTest.h"
#include <chrono>
#include <mutex>
#include <thread>

using namespace xcs;
using Clock = std::chrono::steady_clock;

namespace {

/// A session whose log lines can be read.
struct Logged {
  std::shared_ptr<FakeHost> host = std::make_shared<FakeHost>();
  Session session;
  ProgramRef slowly = loaded(session, slow, nullptr);

  explicit Logged(unsigned workers = 2) : session(options(host, workers)) {}
  static SessionOptions options(const std::shared_ptr<FakeHost> &host, unsigned workers) {
    SessionOptions out = jobs(workers);
    out.world.host = host;
    return out;
  }
  /// Gives twice the number after so many milliseconds.
  RunRef later(int64_t number, int64_t milliseconds, RunSettings settings = {}) {
    return session.submit(slowly, 0,
                          {RunInput(Value::i64(number)), RunInput(Value::duration(milliseconds * ms))},
                          std::move(settings));
  }
  /// Waits until the log has a line; whether it came.
  bool logs(const std::string &line) const {
    for (int i = 0; i < 3000 && host->logged().find(line) == std::string::npos; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return host->logged().find(line) != std::string::npos;
  }
};

} // namespace

/// Fails if the number is 0.
static const char *const checked = R"(
func @main(%n: i64) -> i64 {
  %ten = const {value = 10} : i64
  %r = i64.div(%ten, %n) : i64
  return(%r)
}
)";

/// Logs what it knows; two operations need the inputs.
static const char *const logging = R"(
func @main(%name: str, %a: i64, %b: i64) -> i64, str {
  %hello = str.format(%name) {template = "{0} has begun"} : str
  %l0 = log.print(%hello) : none
  %sum = i64.add(%a, %b) : i64
  %shown = str.from(%a) : str
  %got = str.format(%name, %shown) {template = "{0} got {1}"} : str
  %l = log.print(%got) : none
  return(%sum, %shown)
}
)";

TEST(PendingInput, RunsPassResultsOn) {
  for (unsigned workers : {1u, 3u}) {
    Logged at(workers);
    ProgramRef twice = loaded(at.session, doubled);
    RunRef last = at.later(1, 50);
    for (int i = 0; i < 40; ++i)
      last = at.session.submit(twice, 0, {RunInput(last)});
    at.session.wait(last);
    ASSERT_TRUE(last.report().ok) << last.report().failure.message;
    EXPECT_EQ(last.report().results[0].asI64(), int64_t(1) << 41);
    EXPECT_GE(at.session.stats().pendingInputs, 1u);
  }
}

TEST(PendingInput, OneProducerServesMany) {
  Logged at;
  ProgramRef twice = loaded(at.session, doubled);
  RunRef first = at.later(3, 20);
  std::vector<RunRef> runs;
  for (int i = 0; i < 100; ++i)
    runs.push_back(at.session.submit(twice, 0, {RunInput(first)}));
  for (const RunRef &run : runs) {
    at.session.wait(run);
    EXPECT_EQ(run.result(0)->asI64(), 12);
  }
  // One that is over has its results still.
  RunRef after = at.session.submit(twice, 0, {RunInput(first)});
  at.session.wait(after);
  EXPECT_EQ(after.result(0)->asI64(), 12);
}

/// At level 2 small operations are gathered: those of one input may not wait for those of another.
TEST(PendingInput, OnlyWhatNeedsItWaits) {
  for (unsigned level : {0u, 2u}) {
    Logged at;
    DiagnosticEngine diagnostics;
    ProgramRef program = *at.session.load(planOf(logging, level), "test", diagnostics);
    RunRef soon = at.later(1, 100), never = at.later(1, 600'000);
    RunRef run = at.session.submit(program, 0, {RunInput(Value::str("it")), RunInput(soon), RunInput(never)});
    EXPECT_TRUE(at.logs("it has begun\n")) << level;
    EXPECT_TRUE(at.logs("it got 2\n")) << level;
    EXPECT_FALSE(never.done());
    EXPECT_FALSE(run.done());
    // Whoever cancels the consumer does not wait for the producer.
    at.session.cancel(run);
    EXPECT_TRUE(at.session.waitFor(run, 30'000 * ms));
    EXPECT_EQ(run.report().failure.id, Diag::RunCancelled);
    EXPECT_FALSE(never.done());
  }
}

TEST(PendingInput, AParameterMayBeAResultOrUnused) {
  Logged at;
  ProgramRef program = loaded(at.session, R"(
func @main(%same: i64, %unused: i64) -> i64, str {
  %one = const {value = "one"} : str
  return(%same, %one)
}
)");
  RunRef run = at.session.submit(program, 0, {RunInput(at.later(21, 10)), RunInput(at.later(1, 20))});
  at.session.wait(run);
  ASSERT_TRUE(run.report().ok) << run.report().failure.message;
  EXPECT_EQ(run.result(0)->asI64(), 42);
  EXPECT_EQ(run.result(1)->text(), "one");
}

TEST(PendingInput, RegionsCaptureIt) {
  Logged at;
  ProgramRef program = loaded(at.session, R"(
func @main(%xs: list<i64>, %add: i64, %is: bool) -> list<i64> {
  %r = if(%is) : list<i64> {
    %ys = map(%xs) : list<i64> {
    ^(%x: i64)
      %y = i64.add(%x, %add) : i64
      yield(%y)
    }
    yield(%ys)
  } {
    yield(%xs)
  }
  return(%r)
}
)");
  std::vector<Value> items{Value::i64(1), Value::i64(2)};
  RunRef run = at.session.submit(
      program, 0, {RunInput(Value::list(items)), RunInput(at.later(50, 20)), RunInput(Value::boolean(true))});
  at.session.wait(run);
  ASSERT_TRUE(run.report().ok) << run.report().failure.message;
  EXPECT_EQ(run.result(0)->items()[0].asI64(), 101);
  EXPECT_EQ(run.result(0)->items()[1].asI64(), 102);
}

TEST(PendingInput, AFailedProducerFailsItsConsumers) {
  Logged at;
  ProgramRef check = loaded(at.session, checked), twice = loaded(at.session, doubled);
  ProgramRef program = loaded(at.session, logging);
  RunRef zero = at.later(0, 30);
  RunRef failing = at.session.submit(check, 0, {RunInput(zero)});
  RunRef between = at.session.submit(twice, 0, {RunInput(failing)});
  RunRef run =
      at.session.submit(program, 0, {RunInput(Value::str("it")), RunInput(Value::i64(5)), RunInput(between)});
  at.session.wait(run);
  EXPECT_FALSE(run.report().ok);
  EXPECT_EQ(run.report().failure.id, Diag::DivisionByZero);
  EXPECT_EQ(run.report().failure.message, failing.report().failure.message);
  EXPECT_EQ(run.report().failure.op, UINT32_MAX);
  EXPECT_EQ(run.report().failure.input, 2u);
  EXPECT_EQ(run.failedRun(), failing);
  EXPECT_EQ(between.failedRun(), failing);
  EXPECT_EQ(failing.failedRun(), failing);
  EXPECT_NE(failing.report().failure.op, UINT32_MAX);
  EXPECT_TRUE(run.report().results.empty());
  // A run that gets a failure from the beginning starts nothing.
  RunRef late = at.session.submit(program, 0,
                                  {RunInput(Value::str("late")), RunInput(failing), RunInput(Value::i64(5))});
  at.session.wait(late);
  EXPECT_EQ(late.report().failure.input, 1u);
  EXPECT_EQ(late.failedRun(), failing);
  EXPECT_EQ(at.host->logged().find("late"), std::string::npos);
  // So does one whose producer could not even begin.
  RunRef bad = at.session.submit(twice, 0, {});
  RunRef after = at.session.submit(twice, 0, {RunInput(bad)});
  at.session.wait(after);
  EXPECT_EQ(after.report().failure.message, bad.report().failure.message);
}

/// Whatever the order in which they fail.
TEST(PendingInput, TheFirstFailedParameterIsReported) {
  for (bool isFirstLater : {false, true}) {
    Logged at;
    ProgramRef check = loaded(at.session, checked), program = loaded(at.session, logging);
    RunRef first = at.session.submit(check, 0, {RunInput(at.later(0, isFirstLater ? 60 : 10))});
    RunRef second = at.session.submit(check, 0, {RunInput(at.later(0, isFirstLater ? 10 : 60))});
    RunRef run =
        at.session.submit(program, 0, {RunInput(Value::str("it")), RunInput(first), RunInput(second)});
    at.session.wait(run);
    EXPECT_EQ(run.report().failure.input, 1u);
    EXPECT_EQ(run.failedRun(), first);
  }
}

TEST(PendingInput, ACancelledProducerFailsItsConsumers) {
  Logged at;
  ProgramRef twice = loaded(at.session, doubled);
  RunRef producer = at.later(1, 600'000);
  RunRef run = at.session.submit(twice, 0, {RunInput(producer)});
  EXPECT_FALSE(at.session.waitFor(run, 10 * ms));
  at.session.cancel(producer);
  EXPECT_TRUE(at.session.waitFor(run, 30'000 * ms));
  EXPECT_EQ(run.report().failure.id, Diag::RunCancelled);
  EXPECT_EQ(run.failedRun(), producer);
}

/// A slow and a quick result of one run.
static const char *const two = R"(
func @main(%n: i64, %time: duration, %is: bool) -> i64, i64 {
  %quick = i64.add(%n, %n) : i64
  %slow = if(%is) : i64 {
    %w = time.sleep(%time) : none
    %ten = const {value = 10} : i64
    %d = i64.div(%ten, %n) : i64
    yield(%d)
  } {
    yield(%n)
  }
  return(%quick, %slow)
}
)";

TEST(PendingInput, EarlyResultsLeaveBeforeTheRunIsOver) {
  for (bool isEarly : {true, false}) {
    Logged at;
    DiagnosticEngine diagnostics;
    ProgramRef program = *at.session.load(planOf(two), "test", diagnostics),
               twice = loaded(at.session, doubled);
    std::mutex mutex;
    std::vector<uint32_t> known;
    RunSettings settings;
    settings.earlyResults = isEarly;
    settings.queued = true;
    settings.resultKnown = [&](const RunRef &run, uint32_t result) {
      EXPECT_TRUE(run.result(result));
      std::lock_guard lock(mutex);
      known.push_back(result);
    };
    RunRef run =
        at.session.submit(program, 0,
                          {RunInput(Value::i64(5)), RunInput(Value::duration((isEarly ? 1'500 : 50) * ms)),
                           RunInput(Value::boolean(true))},
                          settings);
    RunRef consumer = at.session.submit(twice, 0, {RunInput(run, 0)});
    RunRef another = at.session.submit(twice, 0, {RunInput(run, 1)});
    at.session.wait(consumer);
    EXPECT_EQ(consumer.result(0)->asI64(), 20);
    if (isEarly) {
      EXPECT_FALSE(run.done());
      EXPECT_EQ(run.result(0)->asI64(), 10);
      EXPECT_FALSE(run.result(1));
    }
    at.session.wait(another);
    at.session.wait(run);
    EXPECT_EQ(another.result(0)->asI64(), 4);
    std::vector<RunEvent> events = at.session.takeCompleted();
    std::lock_guard lock(mutex);
    EXPECT_EQ(known, isEarly ? (std::vector<uint32_t>{0, 1}) : std::vector<uint32_t>());
    ASSERT_EQ(events.size(), isEarly ? 3u : 1u);
    EXPECT_EQ(events.back().result, RunEvent::wholeRun);
  }
}

TEST(PendingInput, AnEarlyResultCountsThoughTheRunFailsLater) {
  Logged at;
  ProgramRef program = loaded(at.session, two), twice = loaded(at.session, doubled);
  RunSettings settings;
  settings.earlyResults = true;
  RunRef run = at.session.submit(
      program, 0,
      {RunInput(Value::i64(0)), RunInput(Value::duration(20 * ms)), RunInput(Value::boolean(true))},
      settings);
  RunRef good = at.session.submit(twice, 0, {RunInput(run, 0)});
  RunRef bad = at.session.submit(twice, 0, {RunInput(run, 1)});
  at.session.wait(run);
  at.session.wait(good);
  at.session.wait(bad);
  EXPECT_FALSE(run.report().ok);
  EXPECT_TRUE(good.report().ok);
  EXPECT_EQ(bad.report().failure.message, run.report().failure.message);
  EXPECT_EQ(bad.failedRun(), run);
  EXPECT_EQ(run.result(0)->asI64(), 0);
  EXPECT_FALSE(run.result(1));
}

/// With inputs that come while the run begins, on several threads.
TEST(PendingInput, InputsMayComeAtAnyMoment) {
  Logged at(4);
  ProgramRef twice = loaded(at.session, doubled);
  ProgramRef sum = loaded(at.session, R"(
func @main(%a: i64, %b: i64, %c: i64, %d: i64) -> i64 {
  %x = i64.add(%a, %b) : i64
  %y = i64.add(%c, %d) : i64
  %r = i64.add(%x, %y) : i64
  return(%r)
}
)");
  RunSettings early;
  early.earlyResults = true;
  std::vector<RunRef> runs;
  for (int64_t i = 0; i < 500; ++i) {
    std::vector<RunInput> inputs;
    for (int64_t p = 0; p < 4; ++p)
      inputs.emplace_back(
          at.session.submit(twice, 0, {RunInput(Value::i64(i + p))}, p % 2 ? early : RunSettings()));
    runs.push_back(at.session.submit(sum, 0, std::move(inputs), early));
    if (i % 7 == 0)
      at.session.cancel(runs.back());
  }
  for (int64_t i = 0; i < 500; ++i) {
    const RunRef &run = runs[static_cast<size_t>(i)];
    at.session.wait(run);
    if (run.report().ok)
      EXPECT_EQ(run.result(0)->asI64(), 8 * i + 12);
    else
      EXPECT_TRUE(i % 7 == 0 && run.report().failure.id == Diag::RunCancelled)
          << run.report().failure.message;
  }
}
