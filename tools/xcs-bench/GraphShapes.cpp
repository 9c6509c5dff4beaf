#include "xcs-bench/GraphShapes.h"
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

using namespace xcs;
using namespace xcs::bench;

std::string_view bench::nameOf(GraphShape shape) {
  switch (shape) {
  case GraphShape::Chain:
    return "chain";
  case GraphShape::Fan:
    return "fan-out, fan-in";
  case GraphShape::Tree:
    return "binary tree";
  case GraphShape::Wavefront:
    return "wavefront";
  case GraphShape::Layered:
    return "layered random";
  }
  return {};
}

namespace {

/// Collects edges task by task, in the order of the tasks.
class GraphMaker {
public:
  explicit GraphMaker(uint32_t size) { graph.size = size; }
  void task() { graph.firstSuccessor.push_back(static_cast<uint32_t>(graph.successors.size())); }
  void edge(uint64_t to) {
    if (to < graph.size)
      graph.successors.push_back(static_cast<uint32_t>(to));
  }
  Graph finish() {
    task();
    graph.predecessorCount.assign(graph.size, 0);
    for (uint32_t to : graph.successors)
      ++graph.predecessorCount[to];
    return std::move(graph);
  }

private:
  Graph graph;
};

} // namespace

static Graph wavefront(uint32_t side) {
  GraphMaker maker(side * side);
  for (uint32_t i = 0; i < side * side; ++i) {
    maker.task();
    if (i % side + 1 < side)
      maker.edge(i + 1);
    maker.edge(uint64_t(i) + side);
  }
  return maker.finish();
}

static Graph layered(uint32_t side) {
  GraphMaker maker(side * side);
  std::mt19937 random(0);
  std::vector<uint32_t> order(side);
  std::iota(order.begin(), order.end(), 0);
  uint32_t at = side;
  for (uint32_t i = 0; i < side * side; ++i) {
    maker.task();
    uint32_t layer = i / side;
    if (at >= side || i % side == 0) {
      std::shuffle(order.begin(), order.end(), random);
      at = 0;
    }
    uint32_t end = std::min<uint32_t>(at + 1 + random() % 4, side);
    for (; at < end; ++at)
      if (layer + 1 < side)
        maker.edge(uint64_t(layer + 1) * side + order[at]);
  }
  return maker.finish();
}

Graph bench::makeGraph(GraphShape shape, uint32_t size) {
  uint32_t side = static_cast<uint32_t>(std::sqrt(static_cast<double>(size)));
  if (shape == GraphShape::Wavefront)
    return wavefront(side);
  if (shape == GraphShape::Layered)
    return layered(side);
  GraphMaker maker(size);
  for (uint32_t i = 0; i < size; ++i) {
    maker.task();
    if (shape == GraphShape::Chain) {
      maker.edge(uint64_t(i) + 1);
    } else if (shape == GraphShape::Tree) {
      maker.edge(2 * uint64_t(i) + 1);
      maker.edge(2 * uint64_t(i) + 2);
    } else if (i == 0) {
      for (uint32_t j = 1; j + 1 < size; ++j)
        maker.edge(j);
    } else if (i + 1 < size) {
      maker.edge(size - 1);
    }
  }
  return maker.finish();
}

Graph bench::makeChains(uint32_t size, uint32_t count) {
  GraphMaker maker(size);
  for (uint32_t i = 0; i < size; ++i) {
    maker.task();
    maker.edge(uint64_t(i) + count);
  }
  return maker.finish();
}

GraphPlan bench::planOf(const Graph &graph) {
  GraphPlan plan;
  PlanTables &t = plan.tables;
  for (uint32_t i = 0; i < graph.size; ++i) {
    t.nodes.push_back({i, graph.firstSuccessor[i], graph.predecessorCount[i], 0});
    PlanOp op{};
    op.code = OpCode::core_select; // any small pure operation: its kernel is replaced
    op.effect = Effect::Pure;
    op.order = i;
    op.firstRegion = op.target = op.location = UINT32_MAX;
    t.ops.push_back(op);
  }
  t.nodes.push_back({graph.size, static_cast<uint32_t>(graph.successors.size()), 0, 0});
  t.successors = graph.successors;
  PlanRegion region{};
  region.nodeCount = graph.size;
  for (uint32_t i = 0; i < graph.size; ++i)
    region.sinkCount += graph.firstSuccessor[i] == graph.firstSuccessor[i + 1];
  t.regions.push_back(region);
  t.functions.push_back({});
  return plan;
}

PlanView GraphPlan::view() const {
  PlanView view;
  view.functions = tables.functions;
  view.regions = tables.regions;
  view.nodes = tables.nodes;
  view.ops = tables.ops;
  view.successors = tables.successors;
  return view;
}
