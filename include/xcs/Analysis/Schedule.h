#pragma once
#include "xcs/Analysis/AnalysisCache.h"
#include <memory>

namespace xcs {

// The `schedule` pass decides how much work goes into one dispatch and records it as one attribute of each
// function (`sched.chunk`); `fuse-chains` writes `sched.cluster` on the members of a chain. The rest is
// computed here when the lowering asks for it: an attribute on each operation would cost more than the whole
// lowering.

/// The overhead of running one kernel (moving values, the call), in nanoseconds; measured in
/// docs/performance.md.
inline constexpr double kernelOverheadNanoseconds = 5;
/// The most work in one dispatch, in nanoseconds: enough to amortize the dispatch, too little to delay I/O.
inline constexpr double chunkNanoseconds = 2000;

/// Whether a node is a constant without predecessors: it is a value, not something to dispatch.
inline bool isPlainConstant(const ComputationGraph &operations, const DependencyGraph &graph, uint32_t node) {
  return operations.operation(graph.operation(node)).code == OpCode::core_const &&
         graph.predecessorCount(node) == 0;
}

/// How one region is dispatched. A dispatch (a PlanNode) is one operation, or a cluster of small pure ones
/// that run back to back. Dispatches are listed in execution order, which is topological: edges between them
/// only go forward. Plain constants belong to no dispatch and have no edges.
struct RegionSchedule {
  static constexpr uint32_t noDispatch = UINT32_MAX;
  DependencyGraph graph; // of the region
  std::vector<uint32_t>
      order; // graph nodes in execution order; the members of a dispatch together, in program order
  std::vector<uint32_t>
      firstMember; // dispatch d runs order[firstMember[d]] .. order[firstMember[d + 1] - 1]; has a sentinel
  std::vector<float> priority;      // by dispatch: remaining critical path in the region, in nanoseconds, the
                                    // dispatch included
  double after = 0;                 // the longest path after the region: PathAfter
  std::vector<uint32_t> dispatchOf; // by graph node; noDispatch for plain constants
  // Edges between dispatches, duplicates merged: successors[firstSuccessor[d]] .. ; ascending; has a
  // sentinel.
  std::vector<uint32_t> firstSuccessor, successors;
  std::vector<uint32_t> readyCount; // by dispatch: how many dispatches must finish first

  size_t size() const { return priority.size(); }
};

/// Schedules of all regions of a module. A member of a cluster that follows a failure in program order is
/// skipped; the cluster's other members still run. A cluster holds pure operations that wait for exactly the
/// same operations of the outside world, so that it delays no I/O by more than its own cost (2 us at most).
/// Without attributes: one operation per dispatch, in order of priority. Linear (except for sorting
/// siblings). Thread safety: none; the module must not change while this lives.
class ScheduleAnalysis {
public:
  /// `analyses` must outlive it.
  explicit ScheduleAnalysis(AnalysisCache &analyses);
  ~ScheduleAnalysis();

  const EffectAnalysis &effects() const;
  /// Graphs and captures of a function, by its index in Module::functions.
  const FunctionGraphs &graphs(size_t function) const;
  const CostAnalysis &costs() const;
  /// Computes the schedule of one region; `out`'s vectors are reused.
  void schedule(size_t function, RegionId region, RegionSchedule &out);

private:
  struct State;
  std::unique_ptr<State> state;
};

} // namespace xcs
