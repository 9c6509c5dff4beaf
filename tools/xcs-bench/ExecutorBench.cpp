// Operations that do little through the executor, compared with a plain loop and with libraries that run task
// graphs; docs/performance.md, "The executor".
#include "xcs-bench/Bench.h"
#include "xcs-bench/Compile.h"
#include "xcs-bench/GraphPeers.h"
#include "xcs-bench/Table.h"
#include "xcs/Runtime/Executor.h"
#include "xcs/World/LiveWorld.h"
#include <algorithm>
#include <functional>
#include <memory>

using namespace xcs;
using namespace xcs::bench;

/// The turns of the loop that every body is; 0: empty.
static uint32_t turns = 0;

static void body() {
  asm volatile("" ::: "memory");
  for (uint32_t i = turns; i; --i)
    asm volatile("" : "+r"(i));
}

static bool bodyKernel(KernelCall &) {
  body();
  return true;
}

/// Sets the body to about so many nanoseconds.
static void setBody(double nanoseconds) {
  static const double perTurn = [] {
    turns = 1'000'000;
    std::vector<double> seconds;
    for (int i = 0; i < 9; ++i) {
      const double start = nowSeconds();
      body();
      seconds.push_back(nowSeconds() - start);
    }
    return *std::min_element(seconds.begin(), seconds.end()) * 1e9 / turns;
  }();
  turns = static_cast<uint32_t>(nanoseconds / perTurn);
}

namespace {

/// A graph in all the ways it can be run.
struct Contest {
  Graph graph;
  GraphPlan plan;
  PlanView view;
  std::unique_ptr<Executor> executor;
  std::vector<std::unique_ptr<GraphPeer>> peers;

  /// `cost`: the estimated nanoseconds of a body; 0: of an empty one.
  Contest(Graph given, unsigned threads, uint32_t cost = 0)
      : graph(std::move(given)), plan(planOf(graph)), view(plan.view()) {
    RunOptions options;
    options.jobs = threads;
    options.kernelOverride = bodyKernel;
    options.kernelNanoseconds = cost;
    executor = std::make_unique<Executor>(view, options, liveWorld(view, {}));
    peers = makePeers(graph, threads, body);
  }
  /// The bodies one after another in index order, which is topological: the lower bound.
  void loop() const {
    volatile Kernel kernel = bodyKernel; // opaque, so that the loop pays the same indirect call
    const Limits limits;
    KernelCall call(view.constants, limits);
    for (uint32_t i = 0; i < graph.size; ++i)
      kernel(call);
  }
  /// Median seconds of the loop, of ours, and of each peer.
  std::vector<double> seconds(int rounds) {
    std::vector<std::function<void()>> ways = {[this] { loop(); }, [this] { executor->run(0, {}); }};
    for (const auto &peer : peers)
      ways.push_back([&peer] { peer->run(); });
    return medianSecondsInTurn(rounds, ways);
  }
};

} // namespace

static int roundsOf(uint32_t size) { return size >= 1000000 ? 5 : size >= 100000 ? 11 : 101; }

static std::vector<std::string> headOf(std::vector<std::string> first) {
  for (std::string_view peer : peerNames())
    first.push_back(std::string(peer));
  return first;
}

static void emptyOperations(uint32_t mostOps) {
  Table table = [] {
    std::vector<std::string> head = headOf({"shape", "operations", "threads", "loop ns/op", "xcs"});
    head.push_back("xcs / better peer");
    return Table(std::move(head));
  }();
  setBody(0);
  for (GraphShape shape : allGraphShapes)
    for (uint32_t size = 100; size <= mostOps; size *= 10)
      for (unsigned threads : {1u, 2u}) {
        Contest contest(makeGraph(shape, size), threads);
        const std::vector<double> seconds = contest.seconds(roundsOf(size));
        std::vector<std::string> row = {std::string(nameOf(shape)), std::to_string(size),
                                        std::to_string(threads)};
        for (double s : seconds)
          row.push_back(fixed(s * 1e9 / contest.graph.size, 1));
        row.push_back(seconds.size() > 2
                          ? fixed(seconds[1] / *std::min_element(seconds.begin() + 2, seconds.end()), 2)
                          : "-");
        table.add(std::move(row));
      }
  table.print();
}

/// The smallest body with which the workers are at work for half of the time: METG(50 %) of Slaughter et al.,
/// "Task Bench", 2020.
static void smallestBodies() {
  static constexpr unsigned threads = 2;
  static constexpr uint32_t size = 10'000;
  Table table(headOf({"shape, 10^4 operations, 2 threads", "xcs ns"}));
  for (GraphShape shape : {GraphShape::Wavefront, GraphShape::Layered, GraphShape::Fan, GraphShape::Tree}) {
    std::vector<std::string> found(1 + peerNames().size());
    for (double nanoseconds = 4; nanoseconds < 1000; nanoseconds *= 1.25) {
      if (std::find(found.begin(), found.end(), "") == found.end())
        break;
      setBody(nanoseconds);
      Contest contest(makeGraph(shape, size), threads, static_cast<uint32_t>(nanoseconds));
      const std::vector<double> seconds = contest.seconds(21);
      for (size_t way = 0; way != found.size(); ++way)
        if (found[way].empty() && seconds[0] / threads >= 0.5 * seconds[1 + way])
          found[way] = fixed(seconds[0] * 1e9 / contest.graph.size, 0);
    }
    std::vector<std::string> row = {std::string(nameOf(shape))};
    row.insert(row.end(), found.begin(), found.end());
    table.add(std::move(row));
  }
  table.print();
}

/// Chains that have nothing to do with each other, their operations in turn in the plan.
static void independentChains() {
  static constexpr uint32_t size = 10'000;
  Table table(headOf({"chains, bodies of 1 us", "threads", "xcs speed-up"}));
  for (uint32_t count : {2u, 4u, 16u}) {
    setBody(1000);
    Contest contest(makeChains(size, count), 2, 990);
    const std::vector<double> seconds = contest.seconds(11);
    std::vector<std::string> row = {std::to_string(count), "2"};
    for (size_t way = 1; way != seconds.size(); ++way)
      row.push_back(fixed(seconds[0] / seconds[way], 2));
    table.add(std::move(row));
  }
  table.print();
}

/// Plans with real operations: `i64.add` after `i64.add`.
static void realOperations() {
  Table table(
      {"i64.add in a chain", "level", "threads", "us a run", "ns/op", "us, first run", "ns/op, first run"});
  for (uint32_t size : {1u, 10u, 100u, 1000u, 100'000u})
    for (unsigned level : {0u, 2u})
      for (unsigned threads : {1u, 2u}) {
        std::string text = "func @main(%n: i64) -> i64 {\n";
        for (uint32_t i = 0; i != size; ++i)
          text += "  %v" + std::to_string(i) + " = i64.add(%" + (i ? "v" + std::to_string(i - 1) : "n") +
                  ", %n) : i64\n";
        text += "  return(%v" + std::to_string(size - 1) + ")\n}\n";
        const std::string bytes = compileBytes(text, level);
        RunOptions options;
        options.jobs = threads;
        // As a process does that runs it once: read and verify the plan, prepare it, run it.
        std::vector<double> first;
        for (int i = 0; i != roundsOf(size); ++i) {
          const double start = nowSeconds();
          const auto file = openBytes(bytes);
          Executor(file->view(), options, liveWorld(file->view(), {})).run(0, {Value::i64(1)});
          first.push_back(nowSeconds() - start);
        }
        const auto file = openBytes(bytes);
        Executor executor(file->view(), options, liveWorld(file->view(), {}));
        const int runs = static_cast<int>(std::clamp(100'000 / size, 1u, 1000u));
        const double again = medianSecondsInTurn(101,
                                                 [&] {
                                                   for (int i = 0; i != runs; ++i)
                                                     executor.run(0, {Value::i64(1)});
                                                 })[0] /
                             runs;
        table.add({std::to_string(size), "-O" + std::to_string(level), std::to_string(threads),
                   fixed(again * 1e6, 2), fixed(again * 1e9 / size, 1), fixed(median(first) * 1e6, 1),
                   fixed(median(first) * 1e9 / size, 1)});
      }
  table.print();
}

int bench::runExecutorBench(uint32_t mostOps) {
  emptyOperations(mostOps);
  smallestBodies();
  independentChains();
  realOperations();
  return 0;
}
