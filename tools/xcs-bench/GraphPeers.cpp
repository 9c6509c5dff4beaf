#include "xcs-bench/GraphPeers.h"
#ifdef XCS_HAVE_TBB
#include <tbb/flow_graph.h>
#include <tbb/global_control.h>
#endif
#ifdef XCS_HAVE_TASKFLOW
#include <taskflow/taskflow.hpp>
#endif

using namespace xcs::bench;

#ifdef XCS_HAVE_TBB
namespace {

/// Continue nodes of a flow graph.
class TbbGraph final : public GraphPeer {
  using Node = tbb::flow::continue_node<tbb::flow::continue_msg>;

public:
  TbbGraph(const Graph &shape, unsigned threads, TaskBody body)
      : limit(tbb::global_control::max_allowed_parallelism, threads) {
    for (uint32_t i = 0; i < shape.size; ++i)
      nodes.push_back(std::make_unique<Node>(graph, [body](const tbb::flow::continue_msg &m) {
        body();
        return m;
      }));
    for (uint32_t i = 0; i < shape.size; ++i) {
      for (uint32_t e = shape.firstSuccessor[i]; e < shape.firstSuccessor[i + 1]; ++e)
        tbb::flow::make_edge(*nodes[i], *nodes[shape.successors[e]]);
      if (!shape.predecessorCount[i])
        roots.push_back(nodes[i].get());
    }
  }
  void run() override {
    for (Node *root : roots)
      root->try_put({});
    graph.wait_for_all();
  }

private:
  tbb::global_control limit;
  tbb::flow::graph graph;
  std::vector<std::unique_ptr<Node>> nodes;
  std::vector<Node *> roots;
};

} // namespace
#endif

#ifdef XCS_HAVE_TASKFLOW
namespace {

class TaskflowGraph final : public GraphPeer {
public:
  TaskflowGraph(const Graph &shape, unsigned threads, TaskBody body) : executor(threads) {
    std::vector<tf::Task> tasks;
    for (uint32_t i = 0; i < shape.size; ++i)
      tasks.push_back(graph.emplace([body] { body(); }));
    for (uint32_t i = 0; i < shape.size; ++i)
      for (uint32_t e = shape.firstSuccessor[i]; e < shape.firstSuccessor[i + 1]; ++e)
        tasks[i].precede(tasks[shape.successors[e]]);
  }
  void run() override { executor.run(graph).wait(); }

private:
  tf::Executor executor;
  tf::Taskflow graph;
};

} // namespace
#endif

std::vector<std::string_view> xcs::bench::peerNames() {
  return {
#ifdef XCS_HAVE_TBB
      "oneTBB",
#endif
#ifdef XCS_HAVE_TASKFLOW
      "Taskflow",
#endif
  };
}

std::vector<std::unique_ptr<GraphPeer>> xcs::bench::makePeers([[maybe_unused]] const Graph &graph,
                                                              [[maybe_unused]] unsigned threads,
                                                              [[maybe_unused]] TaskBody body) {
  std::vector<std::unique_ptr<GraphPeer>> peers;
#ifdef XCS_HAVE_TBB
  peers.push_back(std::make_unique<TbbGraph>(graph, threads, body));
#endif
#ifdef XCS_HAVE_TASKFLOW
  peers.push_back(std::make_unique<TaskflowGraph>(graph, threads, body));
#endif
  return peers;
}
