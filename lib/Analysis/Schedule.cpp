#include "xcs/Analysis/Schedule.h"
#include "Analysis/Clusters.h"
#include "Analysis/ExecutionOrder.h"
#include <algorithm>
#include <limits>

using namespace xcs;

/// A chain of calls that doubles each time exceeds what a plan can represent; priorities saturate.
static float asPriority(double remaining) {
  constexpr float longest = std::numeric_limits<float>::max();
  return remaining < static_cast<double>(longest) ? static_cast<float>(remaining) : longest;
}

struct ScheduleAnalysis::State {
  explicit State(AnalysisCache &analyses);
  void readFunction(size_t function);
  void describeNodes(size_t function, const DependencyGraph &graph);
  void findPriorities(const DependencyGraph &graph);
  void contract(const DependencyGraph &graph);
  void renumber(RegionSchedule &out);

  Module &module;
  const EffectAnalysis &effects;
  const std::vector<FunctionGraphs> &graphs;
  const CostAnalysis &costs;
  const PathAfter &pathAfter;
  StringId clusterKey, chunkKey;

  // Of the function requested last.
  size_t readFor = SIZE_MAX;
  bool prioritised = false;
  ClusterPolicy policy;

  // Of the current region, by node.
  std::vector<NodeFacts> nodes;
  std::vector<double> remaining;
  Clusters clusters;
  // By cluster, then by dispatch.
  std::vector<uint32_t> firstMember, members, executionOrder, newNumber, lastSource;
  DispatchGraph contracted;
  ExecutionOrder execution;
};

ScheduleAnalysis::State::State(AnalysisCache &analyses)
    : module(analyses.module()), effects(analyses.effects()), graphs(analyses.graphs()),
      costs(analyses.costs()), pathAfter(analyses.pathAfter()),
      clusterKey(module.pool.lookup("sched.cluster")), chunkKey(module.pool.lookup("sched.chunk")) {}

/// `sched.chunk` of a function: absent, program order and no clusters; 0ns, by priority; more, clusters up to
/// that cost.
void ScheduleAnalysis::State::readFunction(size_t function) {
  readFor = function;
  prioritised = false;
  policy = ClusterPolicy();
  ConstantView view = module.pool.view();
  if (!chunkKey)
    return;
  for (const DictEntry &entry : view.entries(module.functions[function]->attributes)) {
    if (entry.key != chunkKey || view.attr(entry.value).kind != AttrKind::Duration)
      continue;
    prioritised = true;
    policy.chunk = static_cast<double>(std::max<int64_t>(0, view.intAttr(entry.value)));
  }
}

void ScheduleAnalysis::State::describeNodes(size_t function, const DependencyGraph &graph) {
  const ComputationGraph &ops = module.functions[function]->graph;
  ConstantView view = module.pool.view();
  nodes.assign(graph.size(), {});
  for (uint32_t node = 0; node != graph.size(); ++node) {
    const Operation &op = ops.operation(graph.operation(node));
    nodes[node].cost = costs.cost(function, graph.operation(node));
    nodes[node].pure = rowOf(op.code).form == OpForm::Pure;
    nodes[node].constant = isPlainConstant(ops, graph, node);
    const DictId facts = clusterKey ? ops.facts(graph.operation(node)) : DictId();
    for (const DictEntry &entry : view.entries(facts))
      if (entry.key == clusterKey && view.attr(entry.value).kind == AttrKind::I64)
        nodes[node].written = static_cast<uint32_t>(view.intAttr(entry.value));
  }
}

void ScheduleAnalysis::State::findPriorities(const DependencyGraph &graph) {
  remaining.resize(graph.size());
  for (uint32_t node = static_cast<uint32_t>(graph.size()); node-- != 0;) {
    double after = 0;
    for (uint32_t successor : graph.successors(node))
      after = std::max(after, remaining[successor]);
    remaining[node] = nodes[node].cost + after;
  }
}

/// Builds the graph of the clusters, numbered as Clusters does, and the lists of their members in program
/// order.
void ScheduleAnalysis::State::contract(const DependencyGraph &graph) {
  uint32_t count = clusters.count();
  firstMember.assign(count + 1, 0);
  for (uint32_t node = 0; node != graph.size(); ++node)
    if (clusters.of(node) != Clusters::none)
      ++firstMember[clusters.of(node) + 1];
  for (uint32_t i = 0; i != count; ++i)
    firstMember[i + 1] += firstMember[i];
  members.resize(firstMember[count]);
  std::vector<uint32_t> &next = newNumber; // unused until renumber()
  next.assign(firstMember.begin(), firstMember.end() - 1);
  for (uint32_t node = 0; node != graph.size(); ++node)
    if (clusters.of(node) != Clusters::none)
      members[next[clusters.of(node)]++] = node;

  contracted.firstSuccessor.assign(1, 0);
  contracted.successors.clear();
  contracted.readyCount.assign(count, 0);
  contracted.priority.assign(count, 0);
  contracted.slow.assign(count, 0);
  lastSource.assign(count, UINT32_MAX);
  for (uint32_t cluster = 0; cluster != count; ++cluster) {
    lastSource[cluster] = cluster; // no edges within a cluster
    for (uint32_t i = firstMember[cluster]; i != firstMember[cluster + 1]; ++i) {
      uint32_t node = members[i];
      contracted.priority[cluster] = std::max(contracted.priority[cluster], asPriority(remaining[node]));
      contracted.slow[cluster] = !clusters.isSmall(node);
      for (uint32_t successor : graph.successors(node)) {
        uint32_t target = clusters.of(successor);
        if (lastSource[target] == cluster)
          continue;
        lastSource[target] = cluster;
        contracted.successors.push_back(target);
        ++contracted.readyCount[target];
      }
    }
    contracted.firstSuccessor.push_back(static_cast<uint32_t>(contracted.successors.size()));
  }
}

/// Writes the contracted graph out, numbered in execution order.
void ScheduleAnalysis::State::renumber(RegionSchedule &out) {
  uint32_t count = clusters.count();
  newNumber.resize(count);
  for (uint32_t d = 0; d != count; ++d)
    newNumber[executionOrder[d]] = d;
  out.order.clear();
  out.firstMember.assign(1, 0);
  out.priority.clear();
  out.readyCount.clear();
  out.successors.clear();
  out.firstSuccessor.assign(1, 0);
  out.dispatchOf.assign(out.graph.size(), RegionSchedule::noDispatch);
  for (uint32_t d = 0; d != count; ++d) {
    uint32_t cluster = executionOrder[d];
    for (uint32_t i = firstMember[cluster]; i != firstMember[cluster + 1]; ++i) {
      out.order.push_back(members[i]);
      out.dispatchOf[members[i]] = d;
    }
    out.firstMember.push_back(static_cast<uint32_t>(out.order.size()));
    out.priority.push_back(contracted.priority[cluster]);
    out.readyCount.push_back(contracted.readyCount[cluster]);
    size_t begin = out.successors.size();
    for (uint32_t i = contracted.firstSuccessor[cluster]; i != contracted.firstSuccessor[cluster + 1]; ++i)
      out.successors.push_back(newNumber[contracted.successors[i]]);
    if (!std::is_sorted(out.successors.begin() + static_cast<ptrdiff_t>(begin), out.successors.end()))
      std::sort(out.successors.begin() + static_cast<ptrdiff_t>(begin), out.successors.end());
    out.firstSuccessor.push_back(static_cast<uint32_t>(out.successors.size()));
  }
}

ScheduleAnalysis::ScheduleAnalysis(AnalysisCache &analyses) : state(std::make_unique<State>(analyses)) {}
ScheduleAnalysis::~ScheduleAnalysis() = default;

const EffectAnalysis &ScheduleAnalysis::effects() const { return state->effects; }
const FunctionGraphs &ScheduleAnalysis::graphs(size_t function) const { return state->graphs[function]; }
const CostAnalysis &ScheduleAnalysis::costs() const { return state->costs; }

void ScheduleAnalysis::schedule(size_t function, RegionId region, RegionSchedule &out) {
  State &s = *state;
  if (s.readFor != function)
    s.readFunction(function);
  out.graph = s.graphs[function].of(region);
  out.after = s.pathAfter.of(function, region);
  s.describeNodes(function, out.graph);
  s.findPriorities(out.graph);
  s.clusters.compute(out.graph, s.nodes, s.policy);
  s.contract(out.graph);
  if (s.prioritised) {
    s.execution.compute(s.contracted, s.executionOrder);
  } else {
    s.executionOrder.resize(s.clusters.count());
    for (uint32_t d = 0; d != s.clusters.count(); ++d)
      s.executionOrder[d] = d;
  }
  s.renumber(out);
}
