#include "IR/RandomModule.h"
#include "Transforms/Interpreter.h"
#include "Transforms/PassTest.h"
#include "Transforms/RandomProgram.h"
#include "xcs/Lowering/Lowering.h"
#include "xcs/Transforms/Draws.h"
#include <algorithm>

using namespace xcs;

namespace {

struct PassPropertyTest : PassTest {
  PassPropertyTest() { diagnostics.showRemarks(false); }
  static constexpr uint64_t seeds = 400;

  /// Whether `part` can be had from `whole` by leaving something out, orders aside.
  static bool includes(std::vector<std::string> whole, std::vector<std::string> part) {
    std::sort(whole.begin(), whole.end());
    std::sort(part.begin(), part.end());
    return std::includes(whole.begin(), whole.end(), part.begin(), part.end());
  }

  void expectSameMeaning(const Module &before, const Module &after) {
    for (size_t f = 0; f != before.functions.size(); ++f)
      for (int64_t input : {0, 3}) {
        Interpreter one(before), other(after);
        Value numbers[] = {Value::i64(input), Value::i64(7)};
        std::vector<Value> arguments{Value::i64(input), Value::str(input ? "text" : ""),
                                     Value::list(numbers)};
        Interpreter::Outcome wanted = one.call(f, arguments), got = other.call(f, arguments);
        if (one.gaveUp || other.gaveUp)
          continue;
        ASSERT_EQ(got.error, wanted.error);
        ASSERT_EQ(got.results.size(), wanted.results.size());
        for (size_t i = 0; i != got.results.size() && wanted.error.empty(); ++i)
          ASSERT_TRUE(equalValues(got.results[i], wanted.results[i])) << "function " << f << ", result " << i;
        ASSERT_EQ(other.writes, one.writes);
        ASSERT_EQ(other.lines, one.lines);
        ASSERT_TRUE(includes(one.draws, other.draws));
        ASSERT_TRUE(includes(one.reads, other.reads));
      }
  }
};

constexpr const char *pipelines[] = {"canonicalize",
                                     "cse",
                                     "dce",
                                     "match-patterns",
                                     "fuse-chains",
                                     "schedule",
                                     "schedule(no-clusters,attributes)",
                                     "inline",
                                     "canonicalize,cse,dce",
                                     "dce,cse,canonicalize"};

/// The passes of a level as text; `last` in place of its last one.
std::string pipelineOf(unsigned level, std::string_view last = {}) {
  std::string text;
  PipelineSteps steps = defaultPipeline(level);
  for (const PipelineStep &step : steps) {
    text.append(text.empty() ? "" : ",");
    if (!last.empty() && &step == &steps.back())
      return text.append(last);
    text.append(step.row->name);
    if (!step.options.empty())
      text.append("(").append(step.options).append(")");
  }
  return text;
}

} // namespace

/// Results, errors, writes and log lines are the same as without the passes; draws and reads may become
/// fewer.
TEST_F(PassPropertyTest, MeaningStays) {
  size_t done = 0, failed = 0;
  for (uint64_t seed = 0; seed != seeds; ++seed) {
    std::string text = RandomProgram(seed, 10 + seed % 90).text();
    std::unique_ptr<Module> before = parse(text);
    ASSERT_TRUE(before) << "seed " << seed << "\n" << messages << text;
    Interpreter interpreter(*before);
    Value numbers[] = {Value::i64(1)};
    ++(interpreter.call(0, {Value::i64(1), Value::str("a"), Value::list(numbers)}).error.empty() ? done
                                                                                                 : failed);
    std::vector<std::string> all(std::begin(pipelines), std::end(pipelines));
    all.push_back(pipelineOf(2));
    for (const std::string &pipeline : all) {
      std::unique_ptr<Module> after = parse(text);
      ASSERT_TRUE(PassTest::run(*after, pipeline)) << "seed " << seed << ", " << pipeline << "\n" << messages;
      expectSameMeaning(*before, *after);
      if (HasFatalFailure())
        FAIL() << "seed " << seed << ", " << pipeline << "\n" << text << "\n" << show(*after);
    }
  }
  // The property is worth little when every program fails at once.
  EXPECT_GT(done, seeds / 4);
  EXPECT_GT(failed, seeds / 20);
}

/// What is printed after a pass can be read again and means the same module.
TEST_F(PassPropertyTest, PrintedProgramsReadBack) {
  for (uint64_t seed = 0; seed != seeds / 4; ++seed) {
    std::string text = after(pipelineOf(2), RandomProgram(seed, 80).text());
    std::unique_ptr<Module> again = parse(text);
    ASSERT_TRUE(again) << "seed " << seed << "\n" << messages << text;
    EXPECT_EQ(show(*again), text) << "seed " << seed;
  }
}

/// Doing it twice changes nothing more.
TEST_F(PassPropertyTest, PassesAreIdempotent) {
  for (uint64_t seed = 0; seed != seeds / 4; ++seed)
    for (const PipelineStep &step : defaultPipeline(2)) {
      std::string_view pipeline = step.row->name;
      std::unique_ptr<Module> module = parse(RandomProgram(seed, 80).text());
      ASSERT_TRUE(run(*module, pipeline));
      std::string once = show(*module);
      ASSERT_TRUE(run(*module, pipeline));
      EXPECT_EQ(show(*module), once) << "seed " << seed << ", " << pipeline;
    }
}

/// Every operation of the table, built at random: the verifier and the lowering have nothing to say after any
/// pass.
TEST_F(PassPropertyTest, EveryPassKeepsEveryModuleRight) {
  for (uint64_t seed = 0; seed != seeds; ++seed)
    for (unsigned level = 0; level != 4; ++level) {
      Module module;
      RandomModule(module, seed, 20 + seed % 200);
      DiagnosticEngine engine(&messageStream);
      engine.showRemarks(false);
      PassContext passes(engine, limits, printStream);
      ASSERT_TRUE(verify(module, engine)) << "seed " << seed << "\n" << messages;
      assignDraws(module); // as every compilation does: copies of a draw are told apart by the names of calls
      std::string before = show(module);
      ASSERT_TRUE(runPipeline(module, defaultPipeline(level), options, passes))
          << "seed " << seed << "\n"
          << messages << before << show(module);
      lower(module);
    }
}

/// The same program gives the same bytes, whatever ran before.
TEST_F(PassPropertyTest, OutputIsTheSameEveryTime) {
  std::string text = RandomProgram(11, 200).text();
  std::string first = after(pipelineOf(2, "schedule(attributes)"), text);
  EXPECT_NE(first, "");
  EXPECT_EQ(after(pipelineOf(2, "schedule(attributes)"), text), first);
}
