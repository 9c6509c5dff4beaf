// Empty operations through the executor, compared with oneTBB's flow graph and a plain loop;
// docs/performance.md, "The executor".
#include "xcs-bench/Bench.h"
#include "xcs-bench/GraphShapes.h"
#include "xcs-bench/Table.h"
#include "xcs/Runtime/Executor.h"
#include "xcs/World/LiveWorld.h"
#include <memory>
#if XCS_HAVE_TBB
#include <tbb/flow_graph.h>
#include <tbb/global_control.h>
#endif

using namespace xcs;
using namespace xcs::bench;

static bool emptyKernel(KernelCall &) {
  asm volatile("" ::: "memory");
  return true;
}

/// The bodies one after another in index order, which is topological: the lower bound.
static void plainLoop(const Graph &graph, KernelCall &call, Kernel body) {
  for (uint32_t i = 0; i < graph.size; ++i)
    body(call);
}

#if XCS_HAVE_TBB
namespace {

/// The graph as continue nodes, built once and run repeatedly.
class TbbGraph {
  using Node = tbb::flow::continue_node<tbb::flow::continue_msg>;

public:
  explicit TbbGraph(const Graph &shape) {
    for (uint32_t i = 0; i < shape.size; ++i)
      nodes.push_back(std::make_unique<Node>(graph, [](const tbb::flow::continue_msg &m) {
        asm volatile("" ::: "memory");
        return m;
      }));
    for (uint32_t i = 0; i < shape.size; ++i) {
      for (uint32_t e = shape.firstSuccessor[i]; e < shape.firstSuccessor[i + 1]; ++e)
        tbb::flow::make_edge(*nodes[i], *nodes[shape.successors[e]]);
      if (!shape.predecessorCount[i])
        roots.push_back(nodes[i].get());
    }
  }
  void run() {
    for (Node *root : roots)
      root->try_put({});
    graph.wait_for_all();
  }

private:
  tbb::flow::graph graph;
  std::vector<std::unique_ptr<Node>> nodes;
  std::vector<Node *> roots;
};

} // namespace
#endif

static void runShape(GraphShape shape, uint32_t size, unsigned threads, int rounds, Table &table) {
  Graph graph = makeGraph(shape, size);
  GraphPlan plan = planOf(graph);
  PlanView view = plan.view();
  RunOptions options;
  options.jobs = threads;
  options.kernelOverride = emptyKernel;
  Executor executor(view, options, liveWorld(view, {}));
  KernelCall call(view.constants, options.limits);
  volatile Kernel body = emptyKernel; // opaque, so that the loop pays the same indirect call
  auto loop = [&] { plainLoop(graph, call, body); };
  auto ours = [&] { executor.run(0, {}); };
  std::vector<double> seconds;
#if XCS_HAVE_TBB
  tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
  TbbGraph peer(graph);
  seconds = medianSecondsInTurn(rounds, loop, ours, [&] { peer.run(); });
#else
  seconds = medianSecondsInTurn(rounds, loop, ours);
#endif
  auto perOp = [&](size_t i) { return i < seconds.size() ? fixed(seconds[i] * 1e9 / graph.size, 1) : "-"; };
  table.add({std::string(nameOf(shape)), std::to_string(graph.size), std::to_string(threads), perOp(0),
             perOp(1), perOp(2), seconds.size() > 2 ? fixed(seconds[1] / seconds[2], 2) : "-"});
}

int bench::runExecutorBench(uint32_t mostOps) {
  Table table({"shape", "operations", "threads", "loop ns/op", "xcs ns/op", "oneTBB ns/op", "xcs / oneTBB"});
  for (GraphShape shape : allGraphShapes)
    for (uint32_t size = 100; size <= mostOps; size *= 10)
      for (unsigned threads : {1u, 2u})
        runShape(shape, size, threads, size >= 1000000 ? 5 : size >= 100000 ? 11 : 101, table);
  table.print();
  return 0;
}
