#pragma once
#include "xcs/Analysis/DependencyGraph.h"

namespace xcs {

/// The cost of every operation in nanoseconds: `hint.latency` if given, else the row's; a `time.sleep` of a
/// constant costs that constant. An operation with regions adds their longest critical path (a `map` counts
/// its body once), and a call adds its callee's (on a cycle of calls, one of them counts as 0). Callees and
/// inner regions first; linear.
class CostAnalysis {
public:
  CostAnalysis(const Module &module, std::span<const FunctionGraphs> graphs);
  double cost(size_t function, OpId op) const { return perOp[function][op.index]; }
  /// The critical path of a function's body.
  double cost(size_t function) const { return perFunction[function]; }
  /// The costs of a graph's nodes.
  std::vector<double> costs(size_t function, const DependencyGraph &graph) const;
  bool operator==(const CostAnalysis &) const = default;

private:
  std::vector<std::vector<float>> perOp;
  std::vector<double> perFunction;
};

/// Levels of a dependency graph. asap: the longest path from a root, counted in operations; alap: the last
/// level that delays nothing; slack: their difference. earliestStart and remaining: the same in nanoseconds
/// of cost. criticalPath: the length of the longest path.
struct Levels {
  std::vector<uint32_t> asap, alap;
  std::vector<double> earliestStart,
      remaining;                       // remaining: this operation's cost and the longest path after it
  uint32_t depth = 0;                  // number of levels
  double criticalPath = 0;             // nanoseconds
  std::vector<uint32_t> criticalNodes; // one longest path, first to last
  uint32_t slack(uint32_t node) const { return alap[node] - asap[node]; }
};
Levels computeLevels(const DependencyGraph &graph, std::span<const double> costs);

} // namespace xcs
