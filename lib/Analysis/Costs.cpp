#include "xcs/Analysis/CallOrder.h"
#include "xcs/Analysis/Levels.h"
#include "xcs/IR/OpEffects.h"
#include "xcs/Ops/RegionForm.h"
#include <algorithm>
#include <cmath>
#include <optional>

using namespace xcs;

/// The longest path through a graph whose nodes cost `costs[operation]`.
static double criticalPath(const DependencyGraph &graph, const std::vector<float> &costs,
                           std::vector<double> &start) {
  double longest = 0;
  start.assign(graph.size(), 0);
  for (uint32_t node = 0; node != graph.size(); ++node) {
    double end = start[node] + costs[graph.operation(node).index];
    longest = std::max(longest, end);
    for (uint32_t successor : graph.successors(node))
      start[successor] = std::max(start[successor], end);
  }
  return longest;
}

/// The duration of a `time.sleep` whose operand is a constant.
static std::optional<double> constantSleep(const ConstantView &view, const ComputationGraph &graph, OpId id) {
  std::span<const ValueRef> operands = graph.operands(id);
  OpId source = operands.empty() ? OpId() : graph.value(operands[0]).definedBy;
  if (!source || graph.operation(source).code != OpCode::core_const)
    return std::nullopt;
  AttrId value = view.find(graph.operation(source).attributes, Attribute::value);
  if (!value || view.attr(value).kind != AttrKind::Duration)
    return std::nullopt;
  return static_cast<double>(std::max<int64_t>(0, view.intAttr(value)));
}

/// `hint.latency` in nanoseconds; without it, the duration of a constant sleep, or the row's cost.
static double ownCost(const ConstantView &view, StringId latencyKey, const ComputationGraph &graph, OpId id) {
  const Operation &op = graph.operation(id);
  for (const DictEntry &entry : view.entries(op.attributes))
    if (entry.key == latencyKey && view.attr(entry.value).kind == AttrKind::Duration)
      return static_cast<double>(std::max<int64_t>(0, view.intAttr(entry.value)));
  std::optional<double> sleep = op.code == OpCode::time_sleep ? constantSleep(view, graph, id) : std::nullopt;
  return sleep.value_or(rowOf(op.code).costNanoseconds);
}

/// The cost of an operation's regions: one run of the longest, since all or any of them may run. If the first
/// to succeed are enough, the longest of those that are waited for; for a vote, of more than half of them.
static double insideCost(const ConstantView &view, const ComputationGraph &graph, const Operation &op,
                         const std::vector<double> &regionCosts, std::vector<double> &scratch) {
  scratch.clear();
  for (RegionId inner = op.firstRegion; inner; inner = graph.region(inner).next)
    scratch.push_back(regionCosts[inner.index]);
  if (scratch.empty())
    return 0;
  if (scratch.size() == 1 || regionForm(op.code)->rule.runs != RegionRuns::FirstWins)
    return *std::max_element(scratch.begin(), scratch.end());
  AttrId take = view.find(op.attributes, Attribute::take);
  auto awaited = scratch.begin() + (take ? view.intAttr(take) - 1 : 0);
  if (flagAttr(view, op.attributes, Attribute::majority))
    awaited = scratch.begin() + static_cast<std::ptrdiff_t>(scratch.size() / 2);
  std::nth_element(scratch.begin(), awaited, scratch.end());
  return *awaited;
}

/// How many times the regions of an operation follow one another, by `hint.trips`: all of a loop's trips; of
/// iterations that run side by side, the waves that a `window` makes of them.
static double tripsInTurn(const ConstantView &view, const Operation &op) {
  const RegionForm *form = regionForm(op.code);
  const AttrId hint = form ? view.find(op.attributes, Attribute::hint_trips) : AttrId();
  if (!hint || view.attr(hint).kind != AttrKind::I64)
    return 1;
  const double trips = static_cast<double>(std::max<int64_t>(0, view.intAttr(hint)));
  if (form->rule.runs == RegionRuns::InTurn)
    return trips;
  if (form->rule.runs != RegionRuns::SideBySide)
    return 1;
  const AttrId window =
      hasAttr(op.code, Attribute::window) ? view.find(op.attributes, Attribute::window) : AttrId();
  const bool isBounded = window && view.attr(window).kind == AttrKind::I64 && view.intAttr(window) > 0;
  return isBounded ? std::ceil(trips / static_cast<double>(view.intAttr(window))) : std::min(trips, 1.0);
}

CostAnalysis::CostAnalysis(const Module &module, std::span<const FunctionGraphs> graphs)
    : perOp(module.functions.size()), perFunction(module.functions.size()) {
  ConstantView view = module.pool.view();
  StringId latencyKey = module.pool.lookup(nameOf(Attribute::hint_latency));
  std::vector<double> regionCosts, start, scratch;
  for (uint32_t index : calleesFirst(module)) {
    const Function &function = *module.functions[index];
    const ComputationGraph &graph = function.graph;
    std::vector<float> &costs = perOp[index];
    costs.resize(graph.operationCount());
    regionCosts.assign(graph.regionCount(), 0);
    std::span<const RegionId> regions = graphs[index].regions();
    for (size_t i = regions.size(); i-- != 0;) {
      for (OpId id : graph.region(regions[i]).body) {
        const Operation &op = graph.operation(id);
        double cost = ownCost(view, latencyKey, graph, id);
        double inside = insideCost(view, graph, op, regionCosts, scratch) * tripsInTurn(view, op);
        if (uint32_t callee;
            op.code == OpCode::core_call && (callee = calledFunction(module, op)) != UINT32_MAX)
          inside = perFunction[callee];
        costs[id.index] = static_cast<float>(cost + inside);
      }
      regionCosts[regions[i].index] = criticalPath(graphs[index].of(regions[i]), costs, start);
    }
    perFunction[index] = regionCosts[function.body.index];
  }
}

std::vector<double> CostAnalysis::costs(size_t function, const DependencyGraph &graph) const {
  std::vector<double> list(graph.size());
  for (uint32_t node = 0; node != graph.size(); ++node)
    list[node] = cost(function, graph.operation(node));
  return list;
}
