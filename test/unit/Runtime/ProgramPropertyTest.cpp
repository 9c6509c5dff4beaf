#include "Transforms/Interpreter.h"
#include "Transforms/PassTest.h"
#include "Transforms/RandomProgram.h"
#include "xcs/Compiler/Compiler.h"
#include "xcs/Plan/PlanFile.h"
#include "xcs/Runtime/Executor.h"
#include "xcs/Runtime/RunPool.h"
#include "xcs/World/LiveWorld.h"
#include <future>
#include <map>

using namespace xcs;

namespace {

/// A run whose parameters all come later, the last first, and whose results leave as soon as they are known.
class OpenRun final : public RunOwner {
public:
  RunReport run(RunPool &pool, const std::shared_ptr<PreparedPlan> &plan, uint32_t function,
                std::vector<Value> arguments) {
    RunSetup setup;
    setup.function = function;
    setup.isMissing.assign(arguments.size(), true);
    setup.arguments.resize(arguments.size());
    setup.earlyResults = true;
    pool.start(plan, std::move(setup), *this);
    for (size_t p = arguments.size(); p-- > 0;)
      inFlight->setInput(static_cast<uint32_t>(p), std::move(arguments[p]));
    RunReport out = report.get_future().get();
    EXPECT_TRUE(!out.ok || early.size() == out.results.size());
    for (const auto &[result, value] : early)
      EXPECT_TRUE(!out.ok || equalValues(value, out.results[result])) << result;
    return out;
  }

  void began(RunInFlight &run) override { inFlight = &run; }
  void resultKnown(uint32_t result, Value value) override {
    MutexLock lock(mutex);
    early.emplace(result, std::move(value));
  }
  void ended(RunReport given) override { report.set_value(std::move(given)); }

private:
  RunInFlight *inFlight = nullptr;
  std::promise<RunReport> report;
  Mutex mutex;
  std::map<uint32_t, Value> early; // read when the run is over
};

/// Random programs without a world, carried out and compared with the interpreter (conformance 14), which
/// runs line by line.
struct ProgramProperty : PassTest {
  ProgramProperty() {
    diagnostics.showRemarks(false);
    limits.set(Limit::ValueBytes, 1u << 16); // the interpreter's
  }

  std::vector<Value> arguments() const {
    Value numbers[] = {Value::i64(3), Value::i64(1), Value::i64(7), Value::i64(1), Value::i64(5)};
    return {Value::i64(2), Value::str("text"), Value::list(numbers)};
  }

  std::unique_ptr<PlanFile> planOf(Module &module, unsigned level) {
    CompileOptions asked;
    asked.level = level;
    Result<std::string> bytes = compile(module, asked, diagnostics);
    if (!bytes)
      return nullptr;
    Result<std::unique_ptr<PlanFile>> file = PlanFile::fromBytes(*bytes, "test", diagnostics, {});
    return file ? std::move(*file) : nullptr;
  }

  /// Runs each function in each of the ways; counts the runs that ended well and those that failed.
  void compare(const std::string &text, std::initializer_list<RunOptions> ways) {
    std::unique_ptr<Module> module = parse(text);
    ASSERT_TRUE(module) << messages;
    for (unsigned level : {0u, 2u}) {
      std::unique_ptr<Module> copy = parse(text);
      std::unique_ptr<PlanFile> file = planOf(*copy, level);
      ASSERT_TRUE(file) << messages;
      for (RunOptions way : ways) {
        way.limits = limits;
        Executor executor(file->view(), way, liveWorld(file->view(), {}));
        RunPool pool(way.jobs);
        auto loop = std::make_shared<SharedLoop>(WorldOptions());
        std::shared_ptr<PreparedPlan> prepared =
            pool.prepare(file->view(), way, liveWorld(file->view(), {}, loop), nullptr);
        for (size_t f = 0; f != module->functions.size(); ++f) {
          const auto function = static_cast<uint32_t>(f);
          compareFunction(*module, f, file->view(), [&] { return executor.run(function, arguments()); });
          compareFunction(*module, f, file->view(),
                          [&] { return OpenRun().run(pool, prepared, function, arguments()); });
        }
      }
    }
  }

  template <class Run> void compareFunction(const Module &module, size_t f, const PlanView &plan, Run run) {
    Interpreter interpreter(module);
    Interpreter::Outcome wanted = interpreter.call(f, arguments());
    if (interpreter.gaveUp)
      return;
    RunReport report = run();
    ++(report.ok ? good : failed);
    ASSERT_EQ(report.ok, wanted.error.empty()) << wanted.error << report.failure.message;
    if (!report.ok) {
      std::string_view op = rowOf(plan.ops[report.failure.op].code).name;
      ASSERT_TRUE(std::string_view(wanted.error).starts_with(op))
          << wanted.error << " but " << op << ": " << report.failure.message;
      return;
    }
    for (size_t i = 0; i != wanted.results.size(); ++i)
      ASSERT_TRUE(equalValues(report.results[i], wanted.results[i])) << "function " << f << ", result " << i;
  }

  size_t good = 0, failed = 0;
};

RunOptions way(unsigned jobs, Schedule schedule) {
  RunOptions o;
  o.jobs = jobs;
  o.schedule = schedule;
  return o;
}

} // namespace

TEST_F(ProgramProperty, ResultsAndTheFirstErrorAreThoseOfARunLineByLine) {
  for (uint64_t seed = 0; seed != 300; ++seed) {
    std::string text = RandomProgram(seed, 10 + seed % 90).withoutWorld().withoutRaces().text();
    compare(text, {way(1, Schedule::Dataflow), way(4, Schedule::Dataflow), way(2, Schedule::Levels)});
    if (HasFatalFailure())
      FAIL() << "seed " << seed << "\n" << text;
  }
  EXPECT_GT(good, 500u);
  EXPECT_GT(failed, 500u);
}

/// One region after the other, so that the first ones win.
TEST_F(ProgramProperty, SeriallyRacesAreDecidedInTheirOrder) {
  for (uint64_t seed = 1000; seed != 1300; ++seed) {
    std::string text = RandomProgram(seed, 10 + seed % 90).withoutWorld().text();
    compare(text, {way(1, Schedule::Serial), way(3, Schedule::Serial)});
    if (HasFatalFailure())
      FAIL() << "seed " << seed << "\n" << text;
  }
  EXPECT_GT(good, 300u);
  EXPECT_GT(failed, 300u);
}

/// Of three regions two are taken; the second fails for every other element, then it is the others.
constexpr const char *manyRaces = R"(
func @main(%n: i64) -> list<list<i64>>, list<i64> {
  %zero = const {value = 0} : i64
  %one = const {value = 1} : i64
  %two = const {value = 2} : i64
  %ten = const {value = 10} : i64
  %xs = list.range(%zero, %n) : list<i64>
  %all = map(%xs) : list<list<i64>> {
  ^(%x: i64)
    %base = i64.mul(%x, %ten) : i64
    %odd = i64.rem(%x, %two) : i64
    %won = race {take = 2} : list<i64> {
      yield(%base)
    } {
      %fine = i64.div(%one, %odd) : i64
      %b = i64.add(%base, %fine) : i64
      yield(%b)
    } {
      %c = i64.add(%base, %two) : i64
      yield(%c)
    }
    yield(%won)
  }
  %some = map(%xs) {take = 50} : list<i64> {
  ^(%x: i64)
    %odd = i64.rem(%x, %two) : i64
    %fine = i64.div(%x, %odd) : i64
    yield(%fine)
  }
  return(%all, %some)
})";

TEST_F(ProgramProperty, RacesGiveAsManyAsTheyTakeInTheirOrder) {
  std::unique_ptr<Module> module = parse(manyRaces);
  ASSERT_TRUE(module) << messages;
  std::unique_ptr<PlanFile> file = planOf(*module, 2);
  for (unsigned jobs : {1u, 2u, 4u}) {
    Executor executor(file->view(), way(jobs, Schedule::Dataflow), liveWorld(file->view(), {}));
    for (int again = 0; again != 5; ++again) {
      RunReport report = executor.run(0, {Value::i64(2000)});
      ASSERT_TRUE(report.ok) << report.failure.message;
      std::span<const Value> races = report.results[0].items();
      ASSERT_EQ(races.size(), 2000u);
      for (int64_t x = 0; x != 2000; ++x) {
        std::span<const Value> won = races[static_cast<size_t>(x)].items();
        ASSERT_EQ(won.size(), 2u) << x;
        int64_t first = won[0].asI64() - 10 * x, second = won[1].asI64() - 10 * x;
        ASSERT_TRUE(0 <= first && first < second && second <= 2) << x << ": " << first << ", " << second;
        ASSERT_TRUE(x % 2 == 1 || (first == 0 && second == 2)) << x;
      }
      std::span<const Value> some = report.results[1].items();
      ASSERT_EQ(some.size(), 50u);
      for (size_t i = 0; i != some.size(); ++i)
        ASSERT_TRUE(some[i].asI64() % 2 == 1 && (i == 0 || some[i - 1].asI64() < some[i].asI64()));
    }
  }
}

/// A race that is lost tells its first failure, whoever failed first; so does a `map` that takes some.
TEST_F(ProgramProperty, ALostRaceTellsItsFirstFailure) {
  std::unique_ptr<Module> module = parse(R"(
func @main(%n: i64) -> list<i64> {
  %zero = const {value = 0} : i64
  %xs = list.range(%zero, %n) : list<i64>
  %half = const {value = 500} : i64
  %some = map(%xs) {take = 600} : list<i64> {
  ^(%x: i64)
    %left = i64.sub(%half, %x) : i64
    %least = i64.max(%left, %zero) : i64
    %fine = i64.div(%x, %least) : i64
    yield(%fine)
  }
  return(%some)
})");
  ASSERT_TRUE(module) << messages;
  std::unique_ptr<PlanFile> file = planOf(*module, 0);
  for (unsigned jobs : {1u, 4u}) {
    Executor executor(file->view(), way(jobs, Schedule::Dataflow), liveWorld(file->view(), {}));
    RunReport report = executor.run(0, {Value::i64(1000)});
    ASSERT_FALSE(report.ok);
    EXPECT_EQ(report.failure.id, Diag::DivisionByZero);
    EXPECT_EQ(report.failure.indices, std::vector<uint32_t>{500});
  }
}
