#include "xcs/Analysis/DependencyGraph.h"
#include "Analysis/EffectOrder.h"
#include "Analysis/RegionOrder.h"

using namespace xcs;

/// Builds the graphs of one function, inner regions first: an operation uses what its regions capture.
class FunctionGraphs::Sweep {
public:
  Sweep(FunctionGraphs &result, const Module &module, size_t index, const EffectAnalysis &effects)
      : result(result), graph(result.function.graph), index(index), effects(effects),
        effectOrder(&module.pool) {}
  void run();

private:
  void runRegion(RegionId region);
  void use(ValueRef value, RegionId region, bool asData);
  void addEdges(uint32_t node, EdgeKind kind);
  void transpose(Extent &extent, uint32_t nodeCount);

  FunctionGraphs &result;
  const ComputationGraph &graph;
  size_t index;
  const EffectAnalysis &effects;
  EffectOrder effectOrder;

  // Values of enclosing regions that inner regions name in `after`: they order, but are not captured.
  std::vector<std::vector<ValueRef>> orderCaptures; // by region; mostly empty
  std::vector<uint32_t> captured;                   // by value: the last region that captured it, plus one
  std::vector<ValueRef> currentCaptures, currentOrderCaptures;

  // Predecessors of the nodes of the current region, by node; `lastUser` merges duplicates.
  std::vector<uint32_t> dataSources, orderSources;
  std::vector<uint32_t> firstSource, sources;
  std::vector<EdgeKind> sourceKinds;
  std::vector<uint32_t> lastUser;
};

/// Records that the current node uses a value: a predecessor if the value is the region's own, else a
/// capture.
void FunctionGraphs::Sweep::use(ValueRef value, RegionId region, bool asData) {
  const ValueInfo &info = graph.value(value);
  RegionId home = info.definedBy ? graph.operation(info.definedBy).parent : info.region;
  if (home == region) {
    if (info.definedBy)
      (asData ? dataSources : orderSources).push_back(result.positions[info.definedBy.index]);
    return;
  }
  if (!asData) {
    currentOrderCaptures.push_back(value);
  } else if (captured[value.index] != region.index + 1) {
    captured[value.index] = region.index + 1;
    currentCaptures.push_back(value);
  }
}

void FunctionGraphs::Sweep::addEdges(uint32_t node, EdgeKind kind) {
  for (uint32_t source : kind == EdgeKind::Data ? dataSources : orderSources) {
    if (lastUser[source] == node)
      continue;
    lastUser[source] = node;
    sources.push_back(source);
    sourceKinds.push_back(kind);
  }
}

/// Turns the predecessor lists of the region into the successor lists of the result.
void FunctionGraphs::Sweep::transpose(Extent &extent, uint32_t nodeCount) {
  extent.firstNode = static_cast<uint32_t>(result.first.size());
  uint32_t firstEdge = static_cast<uint32_t>(result.targets.size());
  result.first.resize(extent.firstNode + nodeCount + 1, 0);
  result.predecessors.resize(extent.firstNode + nodeCount + 1, 0);
  result.targets.resize(firstEdge + sources.size());
  result.kinds.resize(firstEdge + sources.size());

  uint32_t *first = result.first.data() + extent.firstNode;
  for (uint32_t source : sources)
    ++first[source + 1];
  first[0] = firstEdge;
  for (uint32_t node = 0; node != nodeCount; ++node)
    first[node + 1] += first[node];
  std::vector<uint32_t> &next = lastUser; // reused: the position of a node's next successor
  next.assign(first, first + nodeCount);
  for (uint32_t node = 0; node != nodeCount; ++node) {
    result.predecessors[extent.firstNode + node] = firstSource[node + 1] - firstSource[node];
    for (uint32_t i = firstSource[node]; i != firstSource[node + 1]; ++i) {
      uint32_t at = next[sources[i]]++;
      result.targets[at] = node;
      result.kinds[at] = sourceKinds[i];
    }
  }
}

void FunctionGraphs::Sweep::runRegion(RegionId region) {
  const std::vector<OpId> &body = graph.region(region).body;
  uint32_t nodeCount = static_cast<uint32_t>(body.size());
  if (nodeCount && isTerminator(graph.operation(body.back()).code))
    --nodeCount;
  effectOrder.clear();
  currentCaptures.clear();
  currentOrderCaptures.clear();
  sources.clear();
  sourceKinds.clear();
  firstSource.assign(1, 0);
  lastUser.assign(nodeCount, UINT32_MAX);

  for (uint32_t node = 0; node != body.size(); ++node) {
    OpId op = body[node];
    const Operation &o = graph.operation(op);
    dataSources.clear();
    orderSources.clear();
    for (ValueRef value : graph.operands(op))
      use(value, region, true);
    for (ValueRef value : graph.orderOperands(op))
      use(value, region, false);
    for (RegionId inner = o.firstRegion; inner; inner = graph.region(inner).next) {
      for (ValueRef value : result.captures(inner))
        use(value, region, true);
      for (ValueRef value : orderCaptures[inner.index])
        use(value, region, false);
    }
    if (node == nodeCount) // the terminator: its captures count, but it is not a node
      break;
    if (std::span<const EffectOn> on = effects.effects(index, op); !on.empty())
      effectOrder.add(node, on, rowOf(o.code).effect != Effect::Bodies, orderSources);
    addEdges(node, EdgeKind::Data);
    addEdges(node, EdgeKind::Order);
    firstSource.push_back(static_cast<uint32_t>(sources.size()));
  }

  Extent &extent = result.extents[region.index];
  extent.firstCapture = static_cast<uint32_t>(result.captureList.size());
  extent.captureCount = static_cast<uint32_t>(currentCaptures.size());
  result.captureList.insert(result.captureList.end(), currentCaptures.begin(), currentCaptures.end());
  orderCaptures[region.index] = currentOrderCaptures;
  transpose(extent, nodeCount);
}

void FunctionGraphs::Sweep::run() {
  result.order = regionsOutsideIn(graph, result.function.body);
  result.positions.resize(graph.operationCount());
  result.extents.resize(graph.regionCount());
  result.first.reserve(graph.operationCount() + result.order.size());
  result.predecessors.reserve(graph.operationCount() + result.order.size());
  orderCaptures.resize(graph.regionCount());
  captured.resize(graph.valueCount());
  for (RegionId region : result.order) {
    const std::vector<OpId> &body = graph.region(region).body;
    for (uint32_t i = 0; i != body.size(); ++i)
      result.positions[body[i].index] = i;
  }
  for (auto region = result.order.rbegin(); region != result.order.rend(); ++region)
    runRegion(*region);
}

FunctionGraphs::FunctionGraphs(const Module &module, size_t function, const EffectAnalysis &effects)
    : function(*module.functions[function]) {
  Sweep(*this, module, function, effects).run();
}

bool FunctionGraphs::operator==(const FunctionGraphs &other) const {
  return order == other.order && positions == other.positions && extents == other.extents &&
         first == other.first && predecessors == other.predecessors && targets == other.targets &&
         kinds == other.kinds && captureList == other.captureList;
}

DependencyGraph FunctionGraphs::of(RegionId region) const {
  const std::vector<OpId> &body = function.graph.region(region).body;
  size_t nodeCount = body.size();
  if (nodeCount && isTerminator(function.graph.operation(body.back()).code))
    --nodeCount;
  const Extent &extent = extents[region.index];
  DependencyGraph view;
  view.nodes = {body.data(), nodeCount};
  view.first = first.data() + extent.firstNode;
  view.targets = targets.data();
  view.kinds = kinds.data();
  view.predecessors = predecessors.data() + extent.firstNode;
  return view;
}

std::span<const ValueRef> FunctionGraphs::captures(RegionId region) const {
  const Extent &extent = extents[region.index];
  return {captureList.data() + extent.firstCapture, extent.captureCount};
}

std::vector<FunctionGraphs> xcs::buildGraphs(const Module &module, const EffectAnalysis &effects) {
  std::vector<FunctionGraphs> graphs;
  graphs.reserve(module.functions.size());
  for (size_t i = 0; i != module.functions.size(); ++i)
    graphs.emplace_back(module, i, effects);
  return graphs;
}
