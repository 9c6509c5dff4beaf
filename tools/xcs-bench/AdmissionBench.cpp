// Graphs of operations under a limit, on the virtual clock of a FakeWorld, compared with a list scheduler
// that knows every duration; docs/performance.md, "Order under limits".
#include "xcs-bench/Bench.h"
#include "xcs-bench/Compile.h"
#include "xcs-bench/Table.h"
#include "xcs/Runtime/Executor.h"
#include "xcs/World/FakeWorld.h"
#include <algorithm>
#include <cmath>
#include <queue>
#include <random>

using namespace xcs;
using namespace xcs::bench;

namespace {

/// Tasks in a topological order.
struct Graph {
  std::vector<int64_t> milliseconds;
  std::vector<std::vector<uint32_t>> before; // by task: those that must finish first

  uint32_t add(int64_t duration, std::vector<uint32_t> predecessors = {}) {
    milliseconds.push_back(duration);
    before.push_back(std::move(predecessors));
    return static_cast<uint32_t>(milliseconds.size() - 1);
  }
};

using Random = std::mt19937;

/// Ten milliseconds to a second, each order of magnitude equally likely.
int64_t anyDuration(Random &random) {
  return static_cast<int64_t>(std::pow(10.0, 1 + 2.0 * (random() % 1000) / 1000));
}

Graph layered(Random &random) {
  Graph graph;
  std::vector<uint32_t> above;
  for (uint32_t layer = 0; layer < 8; ++layer) {
    std::vector<uint32_t> here;
    for (uint32_t i = 4 + random() % 10; i-- > 0;) {
      std::vector<uint32_t> predecessors;
      for (uint32_t from : above)
        if (random() % 4 == 0)
          predecessors.push_back(from);
      here.push_back(graph.add(anyDuration(random), predecessors));
    }
    above = here;
  }
  return graph;
}

Graph anyEdges(Random &random) {
  Graph graph;
  for (uint32_t i = 0; i < 80; ++i) {
    std::vector<uint32_t> predecessors;
    for (uint32_t count = random() % 4; i && count-- > 0;)
      predecessors.push_back(random() % i);
    std::sort(predecessors.begin(), predecessors.end());
    predecessors.erase(std::unique(predecessors.begin(), predecessors.end()), predecessors.end());
    graph.add(anyDuration(random), predecessors);
  }
  return graph;
}

Graph forkJoin(Random &random) {
  Graph graph;
  uint32_t last = graph.add(anyDuration(random));
  for (uint32_t round = 0; round < 5; ++round) {
    std::vector<uint32_t> ends;
    for (uint32_t branch = 3 + random() % 8; branch-- > 0;) {
      uint32_t at = last;
      for (uint32_t length = 1 + random() % 3; length-- > 0;)
        at = graph.add(anyDuration(random), {at});
      ends.push_back(at);
    }
    last = graph.add(anyDuration(random), ends);
  }
  return graph;
}

/// A long chain and many short tasks that compete for the same slots.
Graph chainBesideMany(Random &random) {
  Graph graph;
  uint32_t last = UINT32_MAX;
  for (uint32_t i = 0; i < 30; ++i)
    last = graph.add(100, last == UINT32_MAX ? std::vector<uint32_t>() : std::vector<uint32_t>{last});
  for (uint32_t i = 0; i < 60; ++i)
    graph.add(20 + random() % 80);
  return graph;
}

/// The shape of a build: sources, objects, libraries of some of them, programs, and a test of each.
Graph build(Random &random) {
  Graph graph;
  uint32_t configured = graph.add(200);
  std::vector<uint32_t> libraries, generated;
  for (uint32_t i = 0; i < 3; ++i)
    generated.push_back(graph.add(anyDuration(random), {configured}));
  for (uint32_t library = 0; library < 6; ++library) {
    std::vector<uint32_t> objects;
    for (uint32_t i = 3 + random() % 9; i-- > 0;)
      objects.push_back(
          graph.add(anyDuration(random), {random() % 3 ? configured : generated[random() % 3]}));
    for (uint32_t other : libraries)
      if (random() % 3 == 0)
        objects.push_back(other);
    libraries.push_back(graph.add(50 + random() % 100, objects));
  }
  for (uint32_t program = 0; program < 4; ++program) {
    uint32_t linked = graph.add(100 + random() % 200, {libraries[random() % 6], libraries[random() % 6]});
    graph.add(anyDuration(random), {linked});
  }
  return graph;
}

/// The shape of a retrieval: questions, a search for each, its pages read and summarised, one answer.
Graph research(Random &random) {
  Graph graph;
  uint32_t plan = graph.add(800);
  std::vector<uint32_t> summaries;
  for (uint32_t question = 4 + random() % 4; question-- > 0;) {
    uint32_t search = graph.add(100 + random() % 300, {plan});
    std::vector<uint32_t> read;
    for (uint32_t page = 2 + random() % 6; page-- > 0;) {
      uint32_t fetched = graph.add(anyDuration(random), {search});
      read.push_back(graph.add(300 + random() % 900, {fetched}));
    }
    summaries.push_back(graph.add(500 + random() % 700, read));
  }
  graph.add(1500, summaries);
  return graph;
}

std::vector<int64_t> upwardRanks(const Graph &graph) {
  std::vector<int64_t> rank(graph.before.size(), 0);
  for (size_t task = rank.size(); task-- > 0;) {
    rank[task] += graph.milliseconds[task];
    for (uint32_t from : graph.before[task])
      rank[from] = std::max(rank[from], rank[task]);
  }
  return rank;
}

/// List scheduling (Graham 1969) on `slots` machines: whenever one is free, the ready task with the highest
/// upward rank (Topcuoglu, Hariri and Wu 2002) starts.
int64_t listSchedule(const Graph &graph, uint32_t slots) {
  std::vector<int64_t> rank = upwardRanks(graph);
  std::vector<size_t> missing(graph.before.size());
  std::vector<std::vector<uint32_t>> after(graph.before.size());
  using Ready = std::pair<int64_t, int64_t>; // rank, and the first of equals
  std::priority_queue<Ready> ready;
  for (uint32_t task = 0; task < missing.size(); ++task) {
    missing[task] = graph.before[task].size();
    for (uint32_t from : graph.before[task])
      after[from].push_back(task);
    if (!missing[task])
      ready.push({rank[task], -int64_t(task)});
  }
  using End = std::pair<int64_t, uint32_t>;
  std::priority_queue<End, std::vector<End>, std::greater<>> running;
  int64_t now = 0;
  while (!ready.empty() || !running.empty()) {
    for (; !ready.empty() && running.size() < slots; ready.pop()) {
      auto task = static_cast<uint32_t>(-ready.top().second);
      running.push({now + graph.milliseconds[task], task});
    }
    now = running.top().first;
    for (; !running.empty() && running.top().first == now; running.pop())
      for (uint32_t next : after[running.top().second])
        if (--missing[next] == 0)
          ready.push({rank[next], -int64_t(next)});
  }
  return now;
}

/// The position of a task's `time.sleep`.
enum class Within : uint8_t {
  Function, // in the function itself
  Regions,  // every third in an `if`, every third in a `map` of one element
};

/// What a task does, as the operation `%s<name>`.
std::string taskText(size_t task, Within within, const std::string &after, const std::string &attributes) {
  std::string name = std::to_string(task), sleep = " = time.sleep(%t" + name + ")";
  if (within == Within::Function || task % 3 == 0)
    return "  %s" + name + sleep + after + attributes + " : none\n";
  if (task % 3 == 1)
    return "  %s" + name + " = if(%yes)" + after + " : i64 {\n    %in" + name + sleep + attributes +
           " : none\n    yield(%one) after(%in" + name + ")\n  } {\n    yield(%one)\n  }\n";
  return "  %s" + name + " = map(%xs)" + after + " : list<none> {\n  ^(%x" + name + ": i64)\n    %in" + name +
         sleep + attributes + " : none\n    yield(%in" + name + ")\n  }\n";
}

/// Each task a `time.sleep` under one limit.
std::string textOf(const Graph &graph, uint32_t slots, Within within) {
  std::string text = "limit @slots {max_in_flight = " + std::to_string(slots) +
                     "}\nfunc @main(%yes: bool) -> i64 {\n  %one = const {value = 1} : i64\n"
                     "  %xs = list.pack(%one) : list<i64>\n";
  std::string all;
  for (size_t task = 0; task < graph.before.size(); ++task) {
    std::string name = std::to_string(task), length = std::to_string(graph.milliseconds[task]) + "ms", after;
    for (uint32_t from : graph.before[task])
      after += (after.empty() ? " after(%s" : ", %s") + std::to_string(from);
    text += "  %t" + name + " = const {value = " + length + "} : duration\n" +
            taskText(task, within, after.empty() ? "" : after + ")",
                     " {limit = @slots, hint.latency = " + length + "}");
    all += (all.empty() ? "%s" : ", %s") + name;
  }
  return text + "  return(%one) after(" + all + ")\n}\n";
}

/// The duration of the run in milliseconds of the virtual clock.
int64_t makespan(const PlanView &plan, bool settlesFirst) {
  FakeWorld *world = nullptr;
  RunOptions options;
  options.jobs = 1;
  Executor executor(plan, options, FakeWorld::factory(plan, FakeWorld::sleeps, world));
  world->settlesFirst = settlesFirst;
  RunReport report = executor.run(0, {Value::boolean(true)});
  return report.ok ? report.stats.wallNanoseconds / 1'000'000 : 0;
}

struct Ratios {
  double sum = 0, worst = 0;
  uint32_t count = 0;
  void add(double ratio) {
    sum += ratio;
    worst = std::max(worst, ratio);
    ++count;
  }
  double mean() const { return sum / count; }
};

} // namespace

int bench::runAdmissionBench() {
  struct Family {
    const char *name;
    Graph (*make)(Random &);
    Within within = Within::Function;
  };
  static constexpr Family families[] = {{"layered", layered},
                                        {"random", anyEdges},
                                        {"fork-join", forkJoin},
                                        {"chain beside many", chainBesideMany},
                                        {"build", build},
                                        {"research", research},
                                        {"layered, in regions", layered, Within::Regions},
                                        {"chain beside many, in regions", chainBesideMany, Within::Regions},
                                        {"build, in regions", build, Within::Regions}};
  static constexpr uint32_t graphsEach = 20;
  Table table({"family", "k", "at once, mean", "worst", "settled first, mean", "worst"});
  Ratios before, after;
  for (const Family &family : families)
    for (uint32_t slots : {2u, 4u, 8u, 16u}) {
      Ratios atOnce, settled;
      for (uint32_t seed = 0; seed < graphsEach; ++seed) {
        Random random(seed);
        Graph graph = family.make(random);
        auto best = static_cast<double>(listSchedule(graph, slots));
        auto plan = compileText(textOf(graph, slots, family.within));
        double ratios[] = {static_cast<double>(makespan(plan->view(), false)) / best,
                           static_cast<double>(makespan(plan->view(), true)) / best};
        atOnce.add(ratios[0]);
        before.add(ratios[0]);
        settled.add(ratios[1]);
        after.add(ratios[1]);
      }
      table.add({family.name, std::to_string(slots), fixed(atOnce.mean(), 3), fixed(atOnce.worst, 3),
                 fixed(settled.mean(), 3), fixed(settled.worst, 3)});
    }
  table.add({"all", "", fixed(before.mean(), 3), fixed(before.worst, 3), fixed(after.mean(), 3),
             fixed(after.worst, 3)});
  table.print();
  return 0;
}
