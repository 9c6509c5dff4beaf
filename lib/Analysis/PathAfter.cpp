#include "xcs/Analysis/PathAfter.h"
#include "xcs/Analysis/CallOrder.h"
#include "xcs/IR/OpEffects.h"
#include <algorithm>

using namespace xcs;

/// The longest path after each node of a graph, excluding the node itself.
static void findAfter(const DependencyGraph &graph, const CostAnalysis &costs, size_t function,
                      std::vector<double> &after) {
  after.assign(graph.size(), 0);
  for (uint32_t node = static_cast<uint32_t>(graph.size()); node-- != 0;)
    for (uint32_t successor : graph.successors(node))
      after[node] =
          std::max(after[node], costs.cost(function, graph.operation(successor)) + after[successor]);
}

/// Whether an operation of a region passes its remaining path on: to its regions, or to a function.
static bool forwardsOperand(const ComputationGraph &operations, const DependencyGraph &graph) {
  for (uint32_t node = 0; node != graph.size(); ++node)
    if (const Operation &op = operations.operation(graph.operation(node));
        op.regionCount != 0 || op.code == OpCode::core_call)
      return true;
  return false;
}

PathAfter::PathAfter(const Module &module, std::span<const FunctionGraphs> graphs, const CostAnalysis &costs)
    : perRegion(module.functions.size()) {
  const ConstantView view = module.pool.view();
  auto isRecursive = [&](size_t f) {
    return flagAttr(view, module.functions[f]->attributes, Attribute::recursive);
  };
  for (size_t f = 0; f != module.functions.size(); ++f)
    perRegion[f].assign(module.functions[f]->graph.regionCount(), 0);
  std::vector<double> after;
  std::vector<uint32_t> order = calleesFirst(module);
  for (auto f = order.rbegin(); f != order.rend(); ++f) {
    const ComputationGraph &operations = module.functions[*f]->graph;
    for (RegionId region : graphs[*f].regions()) {
      const DependencyGraph graph = graphs[*f].of(region);
      if (!forwardsOperand(operations, graph))
        continue;
      findAfter(graph, costs, *f, after);
      for (uint32_t node = 0; node != graph.size(); ++node) {
        const Operation &op = operations.operation(graph.operation(node));
        const double way = after[node] + perRegion[*f][region.index];
        for (RegionId inner = op.firstRegion; inner; inner = operations.region(inner).next)
          perRegion[*f][inner.index] = way;
        const uint32_t callee = op.code == OpCode::core_call ? calledFunction(module, op) : UINT32_MAX;
        if (callee == UINT32_MAX || (isRecursive(*f) && isRecursive(callee)))
          continue;
        double &most = perRegion[callee][module.functions[callee]->body.index];
        most = std::max(most, way);
      }
    }
  }
}
