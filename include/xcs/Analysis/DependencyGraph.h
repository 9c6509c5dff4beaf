#pragma once
#include "xcs/Analysis/Effects.h"
#include <span>
#include <vector>

namespace xcs {

/// Why one operation comes after another.
enum class EdgeKind : uint8_t { Data, Order };

/// The dependency graph of one region: a node per operation of its body without the terminator, in program order; edges go
/// forward. Data edges are operands (a region operation uses what its regions capture); order edges come from conflicting
/// effects, from guards to later writes, and from `after`. Redundant order edges along one resource are left out (the last
/// writer and the readers since), so edges stay linear in operations and operands. Duplicate edges are merged; a data edge
/// wins.
class DependencyGraph {
public:
  DependencyGraph(const Module &module, const Function &function, RegionId region, const EffectAnalysis &effects);

  size_t size() const { return nodes.size(); }
  OpId operation(uint32_t node) const { return nodes[node]; }
  std::span<const uint32_t> successors(uint32_t node) const;
  EdgeKind edgeKind(uint32_t node, size_t successor) const { return kinds[firstSuccessor[node] + successor]; }
  uint32_t predecessorCount(uint32_t node) const { return predecessors[node]; }
  size_t edgeCount() const { return targets.size(); }

private:
  std::vector<OpId> nodes;
  std::vector<uint32_t> firstSuccessor, targets, predecessors;
  std::vector<EdgeKind> kinds;
};

/// Cost of each operation in nanoseconds: `hint.latency` when given, else the row's; regions add their critical paths (a
/// `map` counts its body once), calls their callee's.
std::vector<double> operationCosts(const Module &module, const Function &function, const DependencyGraph &graph);

/// Levels of a dependency graph. asap: longest way from a root counted in operations; alap: from the end; slack: their
/// difference. earliest/latest: the same in nanoseconds of cost; critical path: the length of the longest way.
struct Levels {
  std::vector<uint32_t> asap, alap;
  std::vector<double> earliestStart, remaining; // remaining: this operation's cost and the longest way after it
  uint32_t depth = 0;                           // number of levels
  double criticalPath = 0;                      // nanoseconds
  std::vector<uint32_t> criticalNodes;          // one longest way, first to last
  uint32_t slack(uint32_t node) const { return alap[node] - asap[node]; }
};
Levels computeLevels(const DependencyGraph &graph, std::span<const double> costs);

} // namespace xcs
