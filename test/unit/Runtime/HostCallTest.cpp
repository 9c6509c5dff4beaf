// Functions of the host as operations, by the real world and its threads: values, failures, cancellation,
// order.
#include "xcs/Compiler/Compiler.h"
#include "xcs/Plan/PlanFile.h"
#include "xcs/Runtime/Executor.h"
#include "xcs/World/LiveWorld.h"
#include "llvm/Support/raw_ostream.h"
#include <condition_variable>
#include <gtest/gtest.h>
#include <map>
#include <mutex>
#include <thread>

using namespace xcs;

namespace {

/// Functions by name, with a note of what began and ended, in order.
struct Functions : HostCallables {
  using Function = std::function<Result<Value, HostFailure>(const HostCall &)>;
  std::map<std::string, Function, std::less<>> byName;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> notes;

  bool has(std::string_view name) const override { return byName.contains(name); }
  Result<Value, HostFailure> call(const HostCall &call) override {
    return byName.find(call.function)->second(call);
  }
  void note(std::string text) {
    std::lock_guard lock(mutex);
    notes.push_back(std::move(text));
    changed.notify_all();
  }
  /// Waits until so many notes say this; false after ten seconds.
  bool waitFor(std::string_view text, long count = 1) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(10),
                            [&] { return std::count(notes.begin(), notes.end(), text) >= count; });
  }
};

struct HostCallTest : testing::Test {
  std::shared_ptr<Functions> functions = std::make_shared<Functions>();
  std::string messages;
  llvm::raw_string_ostream stream{messages};
  DiagnosticEngine diagnostics{&stream};
  std::unique_ptr<PlanFile> file;
  WorldOptions world;
  RunOptions options;
  std::unique_ptr<Executor> executor;

  HostCallTest() {
    diagnostics.showRemarks(false);
    options.jobs = 2;
    options.timeoutNanoseconds = 60'000'000'000;
    world.callables = functions;
    functions->byName["echo"] = [](const HostCall &call) -> Result<Value, HostFailure> {
      return call.operands[0];
    };
  }
  void load(std::string_view text) {
    auto bytes = compile(std::make_shared<SourceBuffer>("test.xir", std::string(text)), {}, diagnostics);
    ASSERT_TRUE(bytes) << messages;
    auto opened = PlanFile::fromBytes(*bytes, "test", diagnostics, {});
    ASSERT_TRUE(opened) << messages;
    file = std::move(*opened);
    executor = std::make_unique<Executor>(file->view(), options, liveWorld(file->view(), world));
  }
  RunReport run(std::string_view text, std::vector<Value> arguments = {}) {
    load(text);
    return executor ? executor->run(0, std::move(arguments)) : RunReport();
  }
};

} // namespace

TEST_F(HostCallTest, AFunctionGetsValuesAndTypesAndGivesAValue) {
  functions->byName["pack"] = [](const HostCall &call) -> Result<Value, HostFailure> {
    EXPECT_EQ(call.function, "pack");
    EXPECT_TRUE(call.isWanted());
    EXPECT_EQ(call.operands.size(), 2u);
    EXPECT_EQ(call.constants.kind(call.operandTypes[0]), TypeKind::Str);
    EXPECT_EQ(call.constants.kind(call.operandTypes[1]), TypeKind::List);
    EXPECT_EQ(call.constants.kind(call.resultType), TypeKind::Record);
    Value fields[] = {call.operands[1], call.operands[0]};
    return Value::record(fields);
  };
  Value items[] = {Value::i64(1), Value::i64(2)};
  RunReport report = run(R"x(func @main(%s: str, %l: list<i64>) -> list<i64> {
    %r = host.call(%s, %l) {function = "pack", effect = "pure"} : record<l: list<i64>, s: str>
    %o = record.get(%r) {field = "l"} : list<i64>
    return(%o)
  })x",
                         {Value::str("a"), Value::list(items)});
  ASSERT_TRUE(report.ok) << report.failure.message;
  EXPECT_EQ(report.results.at(0).size(), 2u);
}

TEST_F(HostCallTest, AFailureIsTheFunctionsOwnAndATryCatchesIt) {
  functions->byName["fail"] = [](const HostCall &) -> Result<Value, HostFailure> {
    return HostFailure{"no such row"};
  };
  for (const char *effect : {"pure", "sample", "read(db)", "write(db)"}) {
    RunReport report =
        run("func @main(%s: str) -> str {\n  %r = host.call(%s) {function = \"fail\", effect = \"" +
                std::string(effect) + "\"} : str\n  return(%r)\n}",
            {Value::str("a")});
    EXPECT_FALSE(report.ok);
    EXPECT_EQ(report.failure.id, Diag::HostFailed) << "[host-failed] " << effect;
    EXPECT_EQ(report.failure.message, "`fail` failed: no such row");
    EXPECT_TRUE(report.unknown.empty()) << effect;
    EXPECT_TRUE(report.happened.empty()) << effect;
  }
  RunReport caught = run(R"x(func @main(%s: str) -> str {
    %t = try : result<str> {
      %r = host.call(%s) {function = "fail", effect = "write(db)"} : str
      yield(%r)
    }
    %o = result.or(%t, %s) : str
    return(%o)
  })x",
                         {Value::str("a")});
  ASSERT_TRUE(caught.ok) << caught.failure.message;
  EXPECT_EQ(caught.results.at(0).text(), "a");
}

TEST_F(HostCallTest, AValueOfAnotherTypeIsAnErrorAndOfAWriteAnUnknownOutcome) {
  functions->byName["odd"] = [](const HostCall &) -> Result<Value, HostFailure> { return Value::i64(3); };
  RunReport sample = run(R"x(func @main(%s: str) -> str {
    %r = host.call(%s) {function = "odd", effect = "sample"} : str
    return(%r)
  })x",
                         {Value::str("a")});
  EXPECT_EQ(sample.failure.id, Diag::HostResult) << "[host-result]";
  EXPECT_EQ(sample.failure.message,
            "`odd` returned a value that is not a `str`; return one, or write the type that it returns");
  RunReport write = run(R"x(func @main(%s: str) -> str {
    %r = host.call(%s) {function = "odd", effect = "write(db)"
} : str
    return(%r)
})x",
                        {Value::str("a")});
  EXPECT_FALSE(write.ok);
  ASSERT_EQ(write.unknown.size(), 1u);
  EXPECT_EQ(write.unknown[0].message,
            "the call of `odd` returned, but its answer cannot be used: it is not a "
            "str; check what it did before running it again");
}

TEST_F(HostCallTest, AFunctionThatIsMissingIsNamedBeforeAnythingRuns) {
  functions->byName["first"] = [this](const HostCall &) -> Result<Value, HostFailure> {
    functions->note("first");
    return Value::none();
  };
  constexpr std::string_view text = R"x(func @main() {
    host.call {function = "first"} : none
    host.call {function = "second"} : none
  })x";
  RunReport report = run(text);
  EXPECT_FALSE(report.ok);
  EXPECT_EQ(report.failure.id, Diag::HostMissing);
  EXPECT_NE(report.failure.message.find("`second`"), std::string::npos) << report.failure.message;
  EXPECT_TRUE(functions->notes.empty());
  world.callables = nullptr;
  report = run(text);
  EXPECT_EQ(report.failure.id, Diag::HostMissing);
  EXPECT_NE(report.failure.message.find("`first`"), std::string::npos) << report.failure.message;
}

TEST_F(HostCallTest, SamplesRunSideBySide) {
  functions->byName["meet"] = [this](const HostCall &) -> Result<Value, HostFailure> {
    functions->note("here");
    return functions->waitFor("here", 5) ? Result<Value, HostFailure>(Value::str("met"))
                                         : HostFailure{"the others never came"};
  };
  std::string text = "func @main(%s: str) -> str {\n", names;
  for (int i = 0; i < 5; ++i) {
    text +=
        "  %r" + std::to_string(i) + " = host.call(%s) {function = \"meet\", effect = \"sample\"} : str\n";
    names += (i ? ", %r" : "%r") + std::to_string(i);
  }
  RunReport report =
      run(text + "  %l = list.pack(" + names + ") : list<str>\n  %o = str.join(%l) : str\n  return(%o)\n}",
          {Value::str("a")});
  ASSERT_TRUE(report.ok) << report.failure.message;
  EXPECT_EQ(report.results.at(0).text(), "metmetmetmetmet");
}

TEST_F(HostCallTest, WritesOfOneThingKeepTheirOrderAndOthersDoNotWait) {
  functions->byName["slow"] = [this](const HostCall &call) -> Result<Value, HostFailure> {
    const std::string name(call.operands[0].text());
    functions->note("begin " + name);
    if (name == "a1" && !functions->waitFor("end b")) // which would wait for ever if it came after
      return HostFailure{"the write of another thing waited"};
    functions->note("end " + name);
    return Value::none();
  };
  RunReport report = run(R"x(func @main(%a1: str, %a2: str, %a3: str, %b: str) {
    host.call(%a1) {function = "slow", effect = "write(a)"
} : none
    host.call(%a2) {function = "slow", effect = "read(a)", keep} : none
    host.call(%a3) {function = "slow", effect = "write(a)"} : none
    host.call(%b) {function = "slow", effect = "write(b)"} : none
})x",
                         {Value::str("a1"), Value::str("a2"), Value::str("a3"), Value::str("b")});
  ASSERT_TRUE(report.ok) << report.failure.message;
  auto at = [&](const char *text) {
    return std::find(functions->notes.begin(), functions->notes.end(), text) - functions->notes.begin();
  };
  EXPECT_LT(at("end a1"), at("begin a2"));
  EXPECT_LT(at("end a2"), at("begin a3"));
  EXPECT_LT(at("end b"), at("end a1"));
}

TEST_F(HostCallTest, MoreCallsThanThreadsWaitForTheirTurn) {
  world.hostThreads = 2;
  std::atomic<int> running = 0, most = 0;
  functions->byName["count"] = [&](const HostCall &) -> Result<Value, HostFailure> {
    const int now = ++running;
    for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    --running;
    return Value::i64(1);
  };
  RunReport report = run(R"x(func @main(%n: i64) -> i64 {
    %zero = const {value = 0} : i64
    %l = list.range(%zero, %n) : list<i64>
    %m = map(%l) : list<i64> {
    ^(%x: i64)
      %r = host.call(%x) {function = "count", effect = "sample"} : i64
      yield(%r)
    }
    %s = i64.sum(%m) : i64
    return(%s)
  })x",
                         {Value::i64(20)});
  ASSERT_TRUE(report.ok) << report.failure.message;
  EXPECT_EQ(report.results.at(0).asI64(), 20);
  EXPECT_LE(most.load(), 2);
}

TEST_F(HostCallTest, ACallThatHasNotBegunIsDroppedAndOneThatHasIsLeftToFinish) {
  world.hostThreads = 1;
  functions->byName["hold"] = [this](const HostCall &call) -> Result<Value, HostFailure> {
    functions->note("begun");
    const bool told = functions->waitFor("let go");
    functions->note(told && !call.isWanted() ? "unwanted" : "wanted");
    return Value::none();
  };
  load(R"x(func @main() {
    host.call {function = "hold", effect = "sample", keep} : none
    host.call {function = "hold", effect = "sample", keep} : none
  })x");
  RunReport report;
  std::thread runs([&] { report = executor->run(0, {}); });
  EXPECT_TRUE(functions->waitFor("begun"));
  executor->interrupt();
  runs.join(); // before the function has returned
  EXPECT_EQ(report.failure.id, Diag::Interrupted);
  EXPECT_TRUE(report.unknown.empty()) << "a sample changes nothing";
  functions->note("let go");
  executor->shutdown(); // waits for the call that has begun
  EXPECT_EQ(functions->notes, (std::vector<std::string>{"begun", "let go", "unwanted"}));
}

TEST_F(HostCallTest, AWriteThatHasBegunFinishesAfterAnInterrupt) {
  functions->byName["write"] = [this](const HostCall &call) -> Result<Value, HostFailure> {
    functions->note("begun");
    (void)functions->waitFor("let go");
    functions->note(call.isWanted() ? "wanted" : "unwanted");
    return Value::none();
  };
  load(R"x(func @main() {
    host.call {function = "write", effect = "write(db)"
} : none
    host.call {function = "write", effect = "write(db)"} : none
})x");
  RunReport report;
  std::thread runs([&] { report = executor->run(0, {}); });
  EXPECT_TRUE(functions->waitFor("begun"));
  executor->interrupt();
  functions->note("let go");
  runs.join();
  EXPECT_EQ(report.failure.id, Diag::Interrupted);
  EXPECT_TRUE(report.unknown.empty());
  EXPECT_EQ(report.happened.size(), 1u) << "the first is told, the second never began";
  EXPECT_EQ(functions->notes, (std::vector<std::string>{"begun", "let go", "wanted"}));
}

TEST_F(HostCallTest, AWriteThatIsGivenUpMayHaveHappened) {
  functions->byName["write"] = [this](const HostCall &) -> Result<Value, HostFailure> {
    functions->note("begun");
    (void)functions->waitFor("let go");
    return Value::none();
  };
  constexpr std::string_view text = R"x(func @main() {
    host.call {function = "write", effect = "write(db)",
                             timeout = 20ms
} : none
})x";
  RunReport timedOut = run(text);
  EXPECT_FALSE(timedOut.ok);
  ASSERT_EQ(timedOut.unknown.size(), 1u);
  EXPECT_EQ(timedOut.unknown[0].message,
            "the call of `write` may or may not have taken effect (it did not finish within "
            "its timeout of 20ms); check before running it again");
  functions->note("let go");
  executor->shutdown();
  functions->notes.clear();

  load(R"x(func @main() {
    host.call {function = "write", effect = "write(db)"
  } : none
  })x");
  RunReport abandoned;
  std::thread runs([&] { abandoned = executor->run(0, {}); });
  EXPECT_TRUE(functions->waitFor("begun"));
  executor->interrupt();
  executor->abandon();
  runs.join();
  EXPECT_FALSE(abandoned.ok);
  EXPECT_EQ(abandoned.unknown.size(), 1u);
  functions->note("let go");
  executor->shutdown();
}
