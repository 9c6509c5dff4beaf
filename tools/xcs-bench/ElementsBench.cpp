// Computation with a million elements, compared with CPython; docs/performance.md, "Dictionaries" and
// "Loops".
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
/// One task, once as a program over `%xs` with a dictionary or a list as its result, and once in Python over
/// `xs` with its result in `d`.
struct Task {
  const char *name;
  bool ofTexts;
  int64_t keys; // of how many different ones
  const char *program, *python;
};
} // namespace

static constexpr Task loops[] = {
    {"map, two operations", false, elements,
     "func @main(%xs: list<i64>) -> list<i64> {\n"
     "  %ys = map(%xs) : list<i64> {\n"
     "  ^(%x: i64)\n"
     "    %square = i64.mul(%x, %x) : i64\n"
     "    %y = i64.add(%square, 1) : i64\n"
     "    yield(%y)\n"
     "  }\n"
     "  return(%ys)\n"
     "}\n",
     "d = [x * x + 1 for x in xs]"},
    {"map, texts", false, elements,
     "func @main(%xs: list<i64>) -> list<str> {\n"
     "  %ys = map(%xs) : list<str> {\n"
     "  ^(%x: i64)\n"
     "    %y = str.format(%x) {template = \"item {0}\"} : str\n"
     "    yield(%y)\n"
     "  }\n"
     "  return(%ys)\n"
     "}\n",
     "d = [f'item {x}' for x in xs]"},
    {"filter", false, elements,
     "func @main(%xs: list<i64>) -> list<i64> {\n"
     "  %ys = filter(%xs) : list<i64> {\n"
     "  ^(%x: i64)\n"
     "    %rest = i64.rem(%x, 3) : i64\n"
     "    %keep = i64.eq(%rest, 0) : bool\n"
     "    yield(%keep)\n"
     "  }\n"
     "  return(%ys)\n"
     "}\n",
     "d = [x for x in xs if x % 3 == 0]"},
    {"a loop with two sums", false, elements,
     "func @main(%xs: list<i64>) -> list<i64> {\n"
     "  %a, %b = for(%xs, 0, 1) : i64, i64 {\n"
     "  ^(%x: i64, %a: i64, %b: i64)\n"
     "    %sum = i64.add(%a, %x) : i64\n"
     "    %mixed = i64.sub(%x, %b) : i64\n"
     "    yield(%sum, %mixed)\n"
     "  }\n"
     "  %both = list.pack(%a, %b) : list<i64>\n"
     "  return(%both)\n"
     "}\n",
     "a, b = 0, 1\n"
     "for x in xs:\n"
     "  a = a + x\n"
     "  b = x - b\n"
     "d = [a, b]"},
};

static constexpr Task dicts[] = {
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
    return report.results[0].size() / (report.results[0].kind() == ValueKind::Dict ? 2 : 1);
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

static int runTasks(std::span<const Task> tasks) {
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

int bench::runDictBench() { return runTasks(dicts); }
int bench::runLoopBench() { return runTasks(loops); }
