#include "Transforms/Interpreter.h"
#include "Transforms/PassTest.h"
#include "Transforms/RandomProgram.h"
#include "xcs/Lowering/Lowering.h"
#include "xcs/Plan/PlanFile.h"
#include "xcs/Runtime/Executor.h"

using namespace xcs;

namespace {

/// Random programs without a world, carried out and compared with the interpreter, which runs line by line.
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
    if (!runPipeline(module, defaultPipeline(level), options, context))
      return nullptr;
    Result<std::string> bytes = writePlan(lower(module), "test", diagnostics, {});
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
        Executor executor(file->view(), way);
        for (size_t f = 0; f != module->functions.size(); ++f)
          compareFunction(*module, f, executor, file->view());
      }
    }
  }

  void compareFunction(const Module &module, size_t f, Executor &executor, const PlanView &plan) {
    Interpreter interpreter(module);
    Interpreter::Outcome wanted = interpreter.call(f, arguments());
    if (interpreter.gaveUp)
      return;
    RunReport report = executor.run(static_cast<uint32_t>(f), arguments());
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
