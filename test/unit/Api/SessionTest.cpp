#include "Api/SessionTest.h"
#include "xcs/Ops/ConstantPool.h"
#include <chrono>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <poll.h>
#include <random>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace xcs;
using Clock = std::chrono::steady_clock;

static std::vector<RunInput> of(int64_t number) { return {RunInput(Value::i64(number))}; }
static std::vector<RunInput> of(int64_t number, int64_t milliseconds) {
  return {RunInput(Value::i64(number)), RunInput(Value::duration(milliseconds * ms))};
}

TEST(Session, RunsAPlanAgainAndAgain) {
  Session session(jobs(2));
  ProgramRef program = loaded(session, doubled);
  for (int64_t i = 0; i < 100; ++i) {
    RunRef run = session.submit(program, 0, of(i));
    EXPECT_TRUE(session.wait(run));
    ASSERT_TRUE(run.done() && run.report().ok) << run.report().failure.message;
    EXPECT_EQ(run.report().results[0].asI64(), 2 * i);
    EXPECT_EQ(run.result(0)->asI64(), 2 * i);
    EXPECT_FALSE(run.result(1));
    EXPECT_EQ(run.report().stats.operations, 1u);
    EXPECT_EQ(run.report().stats.frames, 1u);
  }
  EXPECT_EQ(session.stats().submitted, 100u);
  EXPECT_EQ(session.stats().programs, 1u);
}

/// With 1, 2 and 4 workers: runs that only compute, that wait, that fail and that are cancelled, of plans
/// that come and go.
TEST(Session, ManySmallRunsFromEightThreads) {
  for (unsigned workers : {1u, 2u, 4u}) {
    Session session(jobs(workers));
    const std::string quick = planOf(doubled), waits = planOf(slow, 0);
    const std::string fails = planOf("func @main(%n: i64) -> i64 {\n  %z = const {value = 0} : i64\n"
                                     "  %r = i64.div(%n, %z) : i64\n  return(%r)\n}\n");
    std::atomic<int> completed{0}, wrong{0};
    auto load = [&](const std::string &bytes) {
      DiagnosticEngine diagnostics;
      return *session.load(bytes, "test", diagnostics);
    };
    auto work = [&](unsigned thread) {
      std::minstd_rand random(thread + 1);
      RunSettings settings;
      settings.completed = [&](const RunRef &run) { completed += run.done(); };
      ProgramRef own = load(quick);
      std::vector<std::pair<int64_t, RunRef>> runs;
      for (int64_t i = 0; i < 150; ++i) {
        switch (random() % 8) {
        case 0:
          runs.emplace_back(i, session.submit(load(waits), 0, of(i, random() % 3), settings));
          break;
        case 1:
          wrong += session.submit(load(fails), 0, of(i), settings) == RunRef();
          break;
        case 2:
          session.cancel(session.submit(own, 0, of(i), settings));
          break;
        case 3:
          runs.emplace_back(2 * i,
                            session.submit(own, 0, {RunInput(session.submit(own, 0, of(i)))}, settings));
          break;
        default:
          runs.emplace_back(i, session.submit(own, 0, of(i), settings));
          break;
        }
        if (random() % 4 == 0 && !runs.empty())
          session.wait(runs[random() % runs.size()].second);
        if (random() % 16 == 0)
          own = load(quick);
      }
      for (auto &[n, run] : runs) {
        session.wait(run);
        wrong += !run.report().ok || run.report().results[0].asI64() != 2 * n;
      }
    };
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < 8; ++t)
      threads.emplace_back(work, t);
    for (std::thread &thread : threads)
      thread.join();
    session.cancelAll();
    while (session.stats().succeeded + session.stats().failed < session.stats().submitted)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(completed, 8 * 150) << workers;
  }
}

TEST(Session, RunsThatWaitWaitTogether) {
  Session session(jobs(2));
  ProgramRef program = loaded(session, slow);
  const auto begun = Clock::now();
  std::vector<RunRef> runs;
  for (int64_t i = 0; i < 200; ++i)
    runs.push_back(session.submit(program, 0, of(i, 100)));
  for (int64_t i = 0; i < 200; ++i) {
    session.wait(runs[static_cast<size_t>(i)]);
    EXPECT_EQ(runs[static_cast<size_t>(i)].report().results[0].asI64(), 2 * i);
    EXPECT_EQ(runs[static_cast<size_t>(i)].report().stats.peakInFlight, 1u);
  }
  EXPECT_GE(Clock::now() - begun, std::chrono::milliseconds(100));
  EXPECT_LT(Clock::now() - begun, std::chrono::seconds(10)); // in turn, 20 s
}

TEST(Session, ACancelledRunEndsAtOnce) {
  Session session(jobs(2));
  ProgramRef program = loaded(session, slow);
  RunRef other = session.submit(program, 0, of(1, 50));
  RunRef run = session.submit(program, 0, of(1, 60'000));
  EXPECT_FALSE(session.waitFor(run, 5 * ms));
  session.cancel(run);
  EXPECT_TRUE(session.waitFor(run, 30'000 * ms));
  EXPECT_FALSE(run.report().ok);
  EXPECT_EQ(shown(run), "the run was cancelled [run-cancelled]");
  EXPECT_LE(run.report().stats.cancelled, 1u); // none, if the wait had not begun
  EXPECT_FALSE(run.result(0));
  session.wait(other);
  EXPECT_TRUE(other.report().ok);
  session.cancel(other); // it is over
  EXPECT_TRUE(other.report().ok);
}

TEST(Session, ARunEndsAtItsTimeout) {
  Session session(jobs(2));
  ProgramRef program = loaded(session, slow);
  RunSettings settings;
  settings.timeoutNanoseconds = 20 * ms;
  RunRef late = session.submit(program, 0, of(1, 60'000), settings);
  settings.timeoutNanoseconds = 60'000 * ms;
  RunRef inTime = session.submit(program, 0, of(1, 1), settings);
  session.wait(inTime);
  EXPECT_TRUE(inTime.report().ok);
  EXPECT_TRUE(session.waitFor(late, 30'000 * ms));
  EXPECT_EQ(late.report().failure.id, Diag::RunTimeout);
}

/// A write that has begun finishes though its run was cancelled; unless the process is about to exit.
TEST(Session, AWriteInFlightIsAbandoned) {
  SessionOptions options = jobs(2);
  ASSERT_TRUE(options.world.grants.programs().allow("sh"));
  Session session(options);
  const std::string begun = testing::TempDir() + "xcs-session-" + std::to_string(getpid());
  ProgramRef program = loaded(session, R"(
func @main(%command: list<str>) -> i64 {
  %r = exec.run(%command) {writes = ["x"]} : record<exit: i64, stdout: str, stderr: str>
  %exit = record.get(%r) {field = "exit"} : i64
  return(%exit)
}
)");
  Value words[] = {Value::str("sh"), Value::str("-c"), Value::str("touch " + begun + "; exec sleep 60")};
  RunRef run = session.submit(program, 0, {RunInput(Value::list(words))});
  for (int i = 0; i < 3000 && access(begun.c_str(), F_OK) != 0; ++i)
    session.waitFor(run, 10 * ms);
  EXPECT_EQ(unlink(begun.c_str()), 0);
  session.cancelAll();
  EXPECT_FALSE(session.waitFor(run, 100 * ms));
  session.abandonAll();
  EXPECT_TRUE(session.waitFor(run, 30'000 * ms));
  EXPECT_EQ(run.report().failure.id, Diag::RunCancelled);
  EXPECT_EQ(run.report().unknown.size(), 1u);
}

TEST(Session, TheSameSeedGivesTheSameDraws) {
  Session session(jobs(2));
  ProgramRef program =
      loaded(session, "func @main() -> f64 {\n  %r = random.float() : f64\n  return(%r)\n}\n");
  RunSettings settings;
  settings.seed = 7;
  RunRef first = session.submit(program, 0, {}, settings), second = session.submit(program, 0, {}, settings);
  RunRef other = session.submit(program, 0, {});
  for (const RunRef &run : {first, second, other})
    session.wait(run);
  EXPECT_EQ(first.result(0)->asF64(), second.result(0)->asF64());
  EXPECT_EQ(first.report().seed, 7u);
  EXPECT_NE(other.report().seed, 7u);
}

TEST(Session, TheDestructorCancelsWhatIsInFlight) {
  std::atomic<int> cancelled{0};
  RunRef kept;
  const auto begun = Clock::now();
  ProgramRef program; // used by callbacks while the session ends
  {
    Session session(jobs(2));
    program = loaded(session, slow);
    RunSettings settings;
    settings.completed = [&](const RunRef &run) {
      cancelled += run.report().failure.id == Diag::RunCancelled;
      // A run that is submitted now does not begin.
      EXPECT_EQ(session.submit(run ? program : ProgramRef(), 0, of(1, 1)).report().failure.id,
                Diag::BadSubmit);
    };
    for (int64_t i = 0; i < 20; ++i)
      kept = session.submit(program, 0, of(i, 60'000), settings);
    session.submit(program, 0, {RunInput(kept), RunInput(Value::duration(0))});
  }
  EXPECT_EQ(cancelled, 20);
  EXPECT_LT(Clock::now() - begun, std::chrono::seconds(30));
  EXPECT_TRUE(kept.done());
  EXPECT_EQ(kept.report().failure.id, Diag::RunCancelled);
}

TEST(Session, ReferencesOutliveTheSession) {
  ProgramRef program;
  RunRef run;
  {
    Session session(jobs(1));
    program = loaded(session, slow);
    run = session.submit(program, 0, of(4, 1));
    session.wait(run);
  }
  EXPECT_EQ(run.report().results[0].asI64(), 8);
  EXPECT_EQ(program.function("main"), 0u);
  Session another(jobs(1));
  RunRef refused = another.submit(program, 0, of(1, 1));
  EXPECT_EQ(refused.report().failure.message,
            "cannot start a run: the program was loaded by another session");
}

TEST(Session, WhatIsWrongWithInputsIsSaid) {
  Session session(jobs(1)), another(jobs(1));
  ProgramRef program = loaded(session, R"(
func @numbers(%ns: list<i64>, %more: json) -> list<i64>, json {
  return(%ns, %more)
}
)");
  ProgramRef other = loaded(another, doubled);
  auto why = [&](uint32_t function, std::vector<RunInput> inputs) {
    RunRef run = session.submit(program, function, std::move(inputs));
    EXPECT_TRUE(run.done());
    EXPECT_EQ(run.report().failure.id, Diag::BadSubmit);
    return run.report().failure.message;
  };
  auto list = [](std::initializer_list<Value> items) {
    std::vector<Value> copies(items);
    return Value::list(copies);
  };
  const Value numbers = list({Value::i64(1), Value::i64(2)});
  EXPECT_EQ(why(0, {}), "cannot start a run: `@numbers` takes 2 inputs, and 0 are given");
  EXPECT_EQ(why(1, {}), "cannot start a run: there is no function number 1");
  EXPECT_EQ(why(0, {RunInput(Value::i64(1)), RunInput(Value::none())}),
            "cannot start a run: the input `ns` of `@numbers` is to be `list<i64>`, but it is an i64");
  EXPECT_EQ(
      why(0, {RunInput(list({Value::i64(1), Value::str("2")})), RunInput(Value::none())}),
      "cannot start a run: the input `ns` of `@numbers` is to be `list<i64>`, but there is a str within it");
  EXPECT_EQ(
      why(0, {RunInput(numbers), RunInput(list({list({Value::bytes("x")})}))}),
      "cannot start a run: the input `more` of `@numbers` is to be `json`, but there is bytes within it");
  // Kernels rely on more than kinds: JSON that can be printed, texts in UTF-8.
  for (const Value &item : {Value::f64(std::numeric_limits<double>::quiet_NaN()),
                            Value::f64(std::numeric_limits<double>::infinity())})
    EXPECT_EQ(
        why(0, {RunInput(numbers), RunInput(list({item}))}),
        "cannot start a run: the input `more` of `@numbers` is to be `json`, but there is an f64 within it");
  EXPECT_EQ(
      why(0, {RunInput(numbers), RunInput(list({Value::str("\xff")}))}),
      "cannot start a run: the input `more` of `@numbers` is to be `json`, but there is a str within it");
  RunRef good = session.submit(program, 0, {RunInput(numbers), RunInput(list({Value::none()}))});
  session.wait(good);
  EXPECT_TRUE(good.report().ok) << good.report().failure.message;
  EXPECT_EQ(why(0, {RunInput(good, 1), RunInput(Value::none())}),
            "cannot start a run: the input `ns` of `@numbers` is to be `list<i64>`, but its producer gives a "
            "`json`");
  EXPECT_EQ(
      why(0, {RunInput(good, 2), RunInput(Value::none())}),
      "cannot start a run: the input `ns` of `@numbers` is to be `list<i64>`, but `@numbers`, its producer, "
      "has 2 results, and it is to be number 2, counted from 0");
  EXPECT_EQ(
      why(0, {RunInput(another.submit(other, 0, of(1))), RunInput(Value::none())}),
      "cannot start a run: the input `ns` of `@numbers` is to be `list<i64>`, but its producer is a run of "
      "another session");
  RunRef none = session.submit(ProgramRef(), 0, {});
  EXPECT_EQ(shown(none), "cannot start a run: no program is given [bad-submit]");
  EXPECT_EQ(session.stats().failed, 12u);
}

TEST(Session, APlanThatIsNoneIsRejected) {
  Session session(jobs(1));
  DiagnosticEngine diagnostics;
  EXPECT_FALSE(session.load("func @main()", "some.xplan", diagnostics));
  EXPECT_TRUE(diagnostics.hasErrors());
  EXPECT_EQ(session.stats().programs, 0u);
}

TEST(Session, GrantsAreFrozenByTheFirstPlan) {
  auto host = std::make_shared<FakeHost>();
  host->variables = {{"FIRST", "one"}, {"SECOND", "two"}};
  SessionOptions options = jobs(1);
  options.world.host = host;
  Session session(options);
  EXPECT_TRUE(session.grant([](Grants &grants) { grants.allowEnv("FIRST"); }));
  const std::string reads = "func @main(%name: str) -> option<str> {\n  %v = env.get(%name) : option<str>\n"
                            "  return(%v)\n}\n";
  ProgramRef program = loaded(session, reads);
  auto late = session.grant([](Grants &grants) { grants.allowEnv("SECOND"); });
  ASSERT_FALSE(late);
  EXPECT_EQ(
      shown(late.error().id, late.error().message),
      "the session has loaded a plan, so its grants cannot change; grant before the first plan is loaded, or "
      "for one plan when it is loaded [grants-frozen]");
  // What the calling code itself names is granted with its plan.
  Grants own;
  own.allowEnv("SECOND");
  ProgramRef granted = loaded(session, reads, &own);
  RunRef good = session.submit(program, 0, {RunInput(Value::str("FIRST"))}),
         bad = session.submit(program, 0, {RunInput(Value::str("SECOND"))}),
         both = session.submit(granted, 0, {RunInput(Value::str("SECOND"))});
  for (const RunRef &run : {good, bad, both})
    session.wait(run);
  ASSERT_TRUE(good.report().ok && both.report().ok);
  EXPECT_EQ(good.result(0)->items()[0].text(), "one");
  EXPECT_EQ(bad.report().failure.id, Diag::EnvNotGranted);
  EXPECT_EQ(both.result(0)->items()[0].text(), "two");
}

/// Whether the descriptor is readable.
static bool isReadable(int descriptor, int milliseconds = 0) {
  pollfd one{descriptor, POLLIN, 0};
  return poll(&one, 1, milliseconds) == 1;
}

TEST(Session, ADescriptorTellsOfManyCompletionsAtOnce) {
  Session session(jobs(2));
  ProgramRef program = loaded(session, slow);
  RunSettings queued;
  queued.queued = true;
  RunRef before = session.submit(program, 0, of(0, 0), queued);
  session.wait(before);
  const int descriptor = session.completedDescriptor();
  ASSERT_GE(descriptor, 0);
  EXPECT_TRUE(isReadable(descriptor, 10'000)); // of what had ended before it was asked for
  ASSERT_EQ(session.takeCompleted().size(), 1u);
  EXPECT_FALSE(isReadable(descriptor));
  EXPECT_TRUE(session.takeCompleted().empty());
  std::vector<RunRef> runs;
  for (int64_t i = 0; i < 50; ++i)
    runs.push_back(session.submit(program, 0, of(i, 20), queued));
  session.wait(session.submit(program, 0, of(0, 0))); // not queued
  size_t taken = 0, wakeUps = 0;
  while (taken < runs.size()) {
    ASSERT_TRUE(isReadable(descriptor, 10'000));
    ++wakeUps;
    for (const RunEvent &event : session.takeCompleted()) {
      EXPECT_EQ(event.result, RunEvent::wholeRun);
      EXPECT_TRUE(event.run.done());
      ++taken;
    }
  }
  EXPECT_EQ(taken, runs.size());
  EXPECT_LE(wakeUps, runs.size());
  EXPECT_FALSE(isReadable(descriptor));
}

TEST(Session, AForkedChildHasNoSession) {
  auto session = std::make_unique<Session>(jobs(2));
  ProgramRef program = loaded(*session, slow);
  RunRef inFlight = session->submit(program, 0, of(1, 60'000));
  const std::string bytes = planOf(slow);
  const pid_t child = fork();
  if (!child) {
    alarm(30); // should it hang
    int wrong = 0;
    RunRef run = session->submit(program, 0, of(1, 1));
    const std::string why = "this process was forked from the one that made the session, and has none of its "
                            "threads; make another session here [session-forked]";
    wrong |= run.done() && shown(run) == why ? 0 : 1;
    DiagnosticEngine diagnostics;
    wrong |= session->load(bytes, "test", diagnostics) ? 2 : 0;
    wrong |= diagnostics.all().size() == 1 && diagnostics.all()[0].id == Diag::SessionForked ? 0 : 4;
    wrong |= session->wait(inFlight) ? 8 : 0;
    session->cancel(inFlight);
    wrong |= session->completedDescriptor() == -1 ? 0 : 16;
    wrong |= session->grant([](Grants &) {}) ? 32 : 0;
    session.reset();
    _exit(wrong);
  }
  ASSERT_GT(child, 0);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_FALSE(inFlight.done());
}
