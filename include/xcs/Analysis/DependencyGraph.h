#pragma once
#include "xcs/Analysis/Effects.h"
#include <span>
#include <vector>

namespace xcs {

/// Why one operation comes after another.
enum class EdgeKind : uint8_t { Data, Order };

/// The dependency graph of one region: a node per operation of its body except the terminator, numbered in
/// program order (node i is body[i]); edges go forward. Data edges are operands (an operation with regions
/// uses what its regions capture). Order edges come from conflicting effects, from guards to later writes,
/// from `after`, and between the log lines of one region. Each resource only needs edges to its last writer
/// and to the readers since, so edges stay linear in operations and operands. Duplicate edges are merged; a
/// data edge wins. A view: valid while its FunctionGraphs lives and the function is unchanged.
class DependencyGraph {
public:
  size_t size() const { return nodes.size(); }
  OpId operation(uint32_t node) const { return nodes[node]; }
  /// In ascending order.
  std::span<const uint32_t> successors(uint32_t node) const {
    return {targets + first[node], first[node + 1] - first[node]};
  }
  EdgeKind edgeKind(uint32_t node, size_t successor) const { return kinds[first[node] + successor]; }
  uint32_t predecessorCount(uint32_t node) const { return predecessors[node]; }
  size_t edgeCount() const { return first[nodes.size()] - first[0]; }

private:
  friend class FunctionGraphs;
  std::span<const OpId> nodes;
  const uint32_t *first = nullptr; // size() + 1 entries, into targets and kinds
  const uint32_t *targets = nullptr;
  const EdgeKind *kinds = nullptr;
  const uint32_t *predecessors = nullptr;
};

/// The dependency graphs of all regions of one function, built in one sweep from the inner regions outwards.
/// Linear in operations, operands and captures. Thread safety: immutable.
class FunctionGraphs {
public:
  /// `function` is an index into Module::functions.
  FunctionGraphs(const Module &module, size_t function, const EffectAnalysis &effects);

  DependencyGraph of(RegionId region) const;
  /// The node of an operation in the graph of its region: its index in the body.
  uint32_t nodeOf(OpId op) const { return positions[op.index]; }
  /// The values of enclosing regions that operations within a region use as operands (an `after` does not
  /// count), nested regions included, each once, in the order of first use. Empty for a function's body.
  std::span<const ValueRef> captures(RegionId region) const;
  /// All regions reachable from the body, each after the one around it, in program order.
  std::span<const RegionId> regions() const { return order; }
  /// Whether both have the same nodes, edges and captures.
  bool operator==(const FunctionGraphs &other) const;

private:
  class Sweep; // lib/Analysis/DependencyGraph.cpp
  struct Extent {
    uint32_t firstNode = 0, firstCapture = 0,
             captureCount = 0; // nodes: one more than the region has, as a sentinel
    bool operator==(const Extent &) const = default;
  };
  const Function &function;
  std::vector<RegionId> order;
  std::vector<uint32_t> positions;           // by operation
  std::vector<Extent> extents;               // by region
  std::vector<uint32_t> first, predecessors; // by Extent::firstNode + node
  std::vector<uint32_t> targets;
  std::vector<EdgeKind> kinds;
  std::vector<ValueRef> captureList;
};

/// The graphs of every function, by its index in Module::functions.
std::vector<FunctionGraphs> buildGraphs(const Module &module, const EffectAnalysis &effects);

} // namespace xcs
