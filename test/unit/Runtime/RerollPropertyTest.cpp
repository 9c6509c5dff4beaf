// What `reroll` promises, on random programs as loops of a host language leave them.
#include "IR/RandomModule.h"
#include "Transforms/PassTest.h"
#include "xcs/Compiler/Compiler.h"
#include "xcs/Plan/PlanFile.h"
#include "xcs/Runtime/Executor.h"
#include "xcs/World/LiveWorld.h"
#include <algorithm>

using namespace xcs;

namespace {

/// Writes programs of blocks: the same few operations for each of some elements, whose results meet in one
/// operation. Some blocks have a flaw: an operation between, another attribute, a result used twice, another
/// order.
class LoopTexts {
public:
  explicit LoopTexts(uint64_t seed) : dice(seed) {}

  std::string text() {
    out = "func @main(%x: i64, %t: str, %l: list<i64>) -> list<i64>, str {\n";
    numbers = {"%x"};
    for (size_t blocks = 1 + dice.below(4); blocks--;)
      block();
    line("%all = list.pack(" + joined(numbers) + ") : list<i64>");
    line("%said = str.concat(\"\", " + joined(texts.empty() ? std::vector<std::string>{"%t"} : texts) +
         ") : str");
    return out + "  return(%all, %said)\n}\n";
  }

private:
  using Names = std::vector<std::string>;
  void line(const std::string &text) { out += "  " + text + "\n"; }
  std::string fresh() { return "%v" + std::to_string(names++); }
  static std::string joined(const Names &list) {
    std::string text;
    for (const std::string &name : list)
      text += (text.empty() ? "" : ", ") + name;
    return text;
  }

  /// An operand of every instance: a value of an earlier block, one for all, or, if `mayDiffer`, a number of
  /// its own.
  Names inputs(size_t count, bool mayDiffer) {
    Names list;
    const size_t kind = dice.below(mayDiffer ? 9 : 4);
    const std::string shared = dice.pick(numbers);
    for (size_t i = 0; i != count; ++i) {
      if (kind > 3)
        list.push_back(std::to_string(kind == 4 ? dice.below(9) : i + 1));
      else if (kind == 1 && i < earlier.size())
        list.push_back(earlier[i]);
      else if (kind == 2)
        list.push_back(dice.pick(numbers));
      else
        list.push_back(shared);
    }
    return list;
  }

  void block() {
    const size_t count = 3 + dice.below(5), steps = 1 + dice.below(4);
    const size_t flawed = dice.oneIn(6) ? dice.below(count) : count;
    const bool byStep = dice.oneIn(3); // step by step, or instance by instance
    std::vector<Names> lines(count);
    Names current = inputs(count, false);
    for (size_t s = 0; s != steps; ++s)
      step(lines, current, flawed);
    for (size_t k = 0; k != count * steps; ++k) {
      line(byStep ? lines[k % count][k / count] : lines[k / steps][k % steps]);
      if (dice.oneIn(150))
        interrupt();
    }
    gather(current);
    earlier = current;
  }

  /// One more operation for every instance.
  void step(std::vector<Names> &lines, Names &current, size_t flawed) {
    const size_t kind = dice.below(8);
    const Names other = inputs(current.size(), true);
    for (size_t i = 0; i != current.size(); ++i) {
      const std::string to = fresh(), &from = current[i];
      const size_t mine = i == flawed && dice.oneIn(3) ? dice.below(8) : kind;
      lines[i].push_back(to + " = " + operation(mine, from, other[i]) + " : i64");
      current[i] = to;
    }
  }

  std::string operation(size_t kind, const std::string &from, const std::string &other) {
    const std::string both = "(" + from + ", " + other + ")";
    switch (kind) {
    case 0:
      return "i64.div" + both; // may fail
    case 1:
      return "random.int(0, " + std::string(dice.oneIn(9) ? "-1" : "1000") + ")"; // and so may this
    case 2:
      return "list.get(%l, " + other + ")";
    case 3:
      return "i64.max" + both;
    case 4:
      return "i64.min" + both;
    case 5:
      return "select(true, " + from + ", " + other + ")";
    case 6:
      return "if(true) : i64 {\n    %in = i64.add" + both + " : i64\n    yield(%in)\n  } {\n    yield(" +
             from + ")\n  }\n  " + fresh() + " = i64.neg(" + from + ")";
    default:
      return "i64.sub" + both;
    }
  }

  void interrupt() {
    const std::string to = fresh();
    line(to + " = random.int(0, 9) : i64");
    numbers.push_back(to);
  }

  /// What all instances meet in.
  void gather(Names list) {
    if (dice.oneIn(8))
      std::reverse(list.begin(), list.end());
    if (dice.oneIn(6))
      list.insert(list.begin() + static_cast<std::ptrdiff_t>(dice.below(list.size())), "%x");
    if (dice.oneIn(6))
      numbers.push_back(dice.pick(list)); // used elsewhere as well
    const std::string to = fresh(), sum = fresh();
    if (dice.oneIn(4)) {
      line(to + " = str.format(" + joined(list) + ") {template = \"{0}, {1}, {2}\"} : str");
      texts.push_back(to);
      return;
    }
    line(to + " = list.pack(" + joined(list) + ") : list<i64>");
    line(sum + " = i64.sum(" + to + ") : i64");
    numbers.push_back(sum);
  }

  Dice dice;
  std::string out;
  size_t names = 0;
  Names numbers, texts, earlier;
};

struct RerollProperty : PassTest {
  RerollProperty() { diagnostics.showRemarks(false); }

  struct Ran {
    RunReport report;
    std::string op; // that failed
    std::vector<std::string> draws;
  };

  Ran run(const std::string &text, bool rerolls, unsigned level, unsigned jobs) {
    std::unique_ptr<Module> module = parse(text);
    CompileOptions asked;
    asked.level = level;
    asked.rerolls = rerolls;
    asked.manager.checkEach = asked.manager.verifyEach = true;
    AnalysisCache analyses(*module);
    Result<PassCounters> counters = optimize(analyses, asked, diagnostics);
    EXPECT_TRUE(counters) << messages;
    for (const PassContext::Counter &counter : *counters)
      rerolled += counter.pass == "reroll" && counter.what == "operations rerolled" ? counter.value : 0;
    Result<std::string> bytes = emitPlan(analyses, asked, diagnostics);
    EXPECT_TRUE(bytes) << messages;
    std::unique_ptr<PlanFile> file = std::move(*PlanFile::fromBytes(*bytes, "test", diagnostics, {}));
    RunOptions options;
    options.jobs = jobs;
    options.seed = 7;
    options.trace = true;
    Executor executor(file->view(), options, liveWorld(file->view(), {}));
    Value numbers[] = {Value::i64(3), Value::i64(0), Value::i64(7), Value::i64(1), Value::i64(5),
                       Value::i64(2), Value::i64(9), Value::i64(4), Value::i64(8)};
    Ran ran{executor.run(0, {Value::i64(6), Value::str("text"), Value::list(numbers)}), {}, {}};
    if (!ran.report.ok)
      ran.op = rowOf(file->view().ops[ran.report.failure.op].code).name;
    for (const TraceEvent &event : ran.report.trace)
      if (file->view().ops[event.op].effect == Effect::Sample)
        ran.draws.push_back(event.draw);
    std::sort(ran.draws.begin(), ran.draws.end());
    return ran;
  }

  uint64_t rerolled = 0;
};

} // namespace

/// Results, the first failure and the identity of each draw are those without `reroll`; a random number is a
/// function of that identity.
TEST_F(RerollProperty, ResultsFailuresAndDrawsStay) {
  size_t good = 0, failed = 0, withMaps = 0;
  for (uint64_t seed = 0; seed != 600; ++seed) {
    const std::string text = LoopTexts(seed).text();
    ASSERT_TRUE(parse(text)) << messages << text;
    const Ran wanted = run(text, false, 2, 1);
    for (unsigned jobs : {1u, 4u}) {
      const uint64_t before = rerolled;
      const Ran got = run(text, true, 2, jobs);
      withMaps += rerolled != before;
      ASSERT_EQ(got.report.ok, wanted.report.ok) << seed << got.report.failure.message << text;
      if (!wanted.report.ok) {
        ++failed;
        ASSERT_EQ(got.op + got.report.failure.message, wanted.op + wanted.report.failure.message)
            << seed << "\n"
            << text;
        continue;
      }
      ++good;
      for (size_t i = 0; i != wanted.report.results.size(); ++i)
        ASSERT_TRUE(equalValues(got.report.results[i], wanted.report.results[i])) << seed << "\n" << text;
      ASSERT_EQ(got.draws, wanted.draws) << seed << "\n" << text;
    }
  }
  // The property is worth little where nothing is rerolled, or everything fails.
  EXPECT_GT(withMaps, 300u);
  EXPECT_GT(good, 200u);
  EXPECT_GT(failed, 100u);
}

/// Printed and compiled again, a rerolled program has the same draws.
TEST_F(RerollProperty, WhatIsPrintedHasTheSameDraws) {
  size_t withMaps = 0;
  for (uint64_t seed = 0; seed != 200; ++seed) {
    const std::string text = LoopTexts(seed).text();
    const Ran wanted = run(text, false, 2, 1);
    std::unique_ptr<Module> module = parse(text);
    CompileOptions asked;
    asked.rerolls = true;
    ASSERT_TRUE(optimize(*module, asked, diagnostics)) << messages;
    const std::string printed = show(*module);
    withMaps += printed.find("places") != printed.npos;
    const Ran got = run(printed, false, 0, 1);
    ASSERT_EQ(got.report.ok, wanted.report.ok) << seed << "\n" << printed;
    if (wanted.report.ok) {
      ASSERT_EQ(got.draws, wanted.draws) << seed << "\n" << printed;
      for (size_t i = 0; i != wanted.report.results.size(); ++i)
        ASSERT_TRUE(equalValues(got.report.results[i], wanted.report.results[i])) << seed << "\n" << printed;
    }
  }
  EXPECT_GT(withMaps, 20u);
}
