// Dictionaries of a million entries compared with CPython's dict and Counter; docs/performance.md,
// "Dictionaries".
#include "xcs-bench/Bench.h"
#include "xcs-bench/Compile.h"
#include "xcs-bench/Table.h"
#include "xcs/Runtime/Executor.h"
#include "xcs/World/LiveWorld.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdio>
#include <cstdlib>

using namespace xcs;
using namespace xcs::bench;

static constexpr int64_t elements = 1'000'000;

namespace {
/// One task, once as a program over `%xs` with a dictionary as its result, and once in Python over `xs` with
/// its dictionary in `d`.
struct Task {
  const char *name;
  bool ofTexts;
  int64_t keys; // of how many different ones
  const char *program, *python;
};
} // namespace

static constexpr Task tasks[] = {
    {"count of words, 10^4 different", true, 10'000,
     "func @main(%xs: list<str>) -> dict<str, i64> {\n"
     "  %d = list.count(%xs) : dict<str, i64>\n"
     "  return(%d)\n"
     "}\n",
     "d = collections.Counter(xs)"},
    {"count of words, all different", true, elements,
     "func @main(%xs: list<str>) -> dict<str, i64> {\n"
     "  %d = list.count(%xs) : dict<str, i64>\n"
     "  return(%d)\n"
     "}\n",
     "d = collections.Counter(xs)"},
    {"count of integers, 10^4 different", false, 10'000,
     "func @main(%xs: list<i64>) -> dict<i64, i64> {\n"
     "  %d = list.count(%xs) : dict<i64, i64>\n"
     "  return(%d)\n"
     "}\n",
     "d = collections.Counter(xs)"},
    {"group_by of integers, 1000 groups", false, elements,
     "func @main(%xs: list<i64>) -> dict<i64, list<i64>> {\n"
     "  %n = const {value = 1000} : i64\n"
     "  %d = group_by(%xs) : dict<i64, list<i64>> {\n"
     "  ^(%x: i64)\n"
     "    %key = i64.rem(%x, %n) : i64\n"
     "    yield(%key)\n"
     "  }\n"
     "  return(%d)\n"
     "}\n",
     "d = {}\n"
     "key = lambda x: x % 1000\n"
     "for x in xs:\n"
     "  d.setdefault(key(x), []).append(x)"},
    {"a loop of get and put, 10^5 keys", false, 100'000,
     "func @main(%xs: list<i64>) -> dict<i64, i64> {\n"
     "  %zero = const {value = 0} : i64\n"
     "  %one = const {value = 1} : i64\n"
     "  %none = dict.make() : dict<i64, i64>\n"
     "  %d = for(%xs, %none) : dict<i64, i64> {\n"
     "  ^(%x: i64, %so_far: dict<i64, i64>)\n"
     "    %known = dict.get(%so_far, %x) : option<i64>\n"
     "    %old = option.or(%known, %zero) : i64\n"
     "    %new = i64.add(%old, %one) : i64\n"
     "    %put = dict.put(%so_far, %x, %new) : dict<i64, i64>\n"
     "    yield(%put)\n"
     "  }\n"
     "  return(%d)\n"
     "}\n",
     "d = {}\n"
     "for x in xs:\n"
     "  d[x] = d.get(x, 0) + 1"},
};

static constexpr int64_t step = 7919; // a prime: neighbours have different keys

static Value inputOf(const Task &task) {
  std::vector<Value> items;
  items.reserve(elements);
  for (int64_t i = 0; i < elements; ++i) {
    const int64_t key = i * step % task.keys;
    items.push_back(task.ofTexts ? Value::str("word" + std::to_string(key)) : Value::i64(key));
  }
  return Value::list(items);
}

static size_t run(const PlanFile &plan, const Value &input, unsigned jobs) {
  RunOptions options;
  options.jobs = jobs;
  Executor executor(plan.view(), options, liveWorld(plan.view(), {}));
  RunReport report = executor.run(0, {input});
  if (report.ok)
    return report.results[0].size() / 2;
  llvm::errs() << "the run failed: " << report.failure.message << '\n';
  std::exit(1);
}

/// The seconds that the task takes in a process of Python's, without its start and its input.
static double pythonSeconds(const Task &task, size_t keys) {
  const std::string item = std::string("i * ") + std::to_string(step) + " % " + std::to_string(task.keys);
  const std::string script =
      "import collections, time\n"
      "xs = [" +
      (task.ofTexts ? "f'word{" + item + "}'" : item) + " for i in range(" + std::to_string(elements) +
      ")]\n"
      "def work():\n  " +
      [&] {
        std::string body(task.python);
        for (size_t at = body.find('\n'); at != body.npos; at = body.find('\n', at + 3))
          body.replace(at, 1, "\n  ");
        return body;
      }() +
      "\n  return d\n"
      "start = time.perf_counter()\n"
      "d = work()\n"
      "print(time.perf_counter() - start, len(d))\n";
  FILE *out = popen(("python3 -c \"" + script + "\"").c_str(), "r");
  double seconds = 0;
  size_t found = 0;
  if (!out || std::fscanf(out, "%lf %zu", &seconds, &found) != 2 || pclose(out) != 0 || found != keys) {
    llvm::errs() << "xcs-bench: error: python3 did not do `" << task.name << "`\n";
    std::exit(1);
  }
  return seconds;
}

int bench::runDictBench() {
  Table table({"10^6 elements", "CPython ms", "xcs --jobs=1 ms", "xcs --jobs=2 ms", "xcs / CPython"});
  for (const Task &task : tasks) {
    const auto plan = compileText(task.program);
    const Value input = inputOf(task);
    std::vector<double> python, ours[2];
    for (int round = -1; round < 5; ++round) {
      size_t keys = 0;
      for (unsigned jobs : {1u, 2u}) {
        const double start = nowSeconds();
        keys = run(*plan, input, jobs);
        if (round >= 0)
          ours[jobs - 1].push_back(nowSeconds() - start);
      }
      const double seconds = pythonSeconds(task, keys);
      if (round >= 0)
        python.push_back(seconds);
    }
    table.add({task.name, fixed(median(python) * 1e3, 1), fixed(median(ours[0]) * 1e3, 1),
               fixed(median(ours[1]) * 1e3, 1), fixed(median(ours[0]) / median(python), 2)});
  }
  table.print();
  return 0;
}
