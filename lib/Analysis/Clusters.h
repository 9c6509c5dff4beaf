#pragma once
#include "Analysis/WaitClasses.h"
#include "xcs/Analysis/Schedule.h"

namespace xcs {

/// What may be gathered in one dispatch, in nanoseconds of cost. See docs of `sched.chunk` and
/// `sched.cluster`.
struct ClusterPolicy {
  double chunk = 0; // small operations of one wait class are gathered up to this; 0: not at all
  double chainBound = chunkNanoseconds; // members of one written cluster run together up to this
};

/// What is known of a node of the graph.
struct NodeFacts {
  double cost = 0;       // nanoseconds
  bool pure = false;     // a kernel that touches nothing
  bool constant = false; // a plain constant
  uint32_t written = 0;  // the number in `sched.cluster`; 0 without
};

/// Gathers the nodes of a region into clusters. The graph of the clusters is acyclic.
class Clusters {
public:
  /// A written cluster is followed as far as it is a chain: what is written changes no meaning.
  void compute(const DependencyGraph &graph, std::span<const NodeFacts> nodes, const ClusterPolicy &policy);
  /// `none` for plain constants, which are in no cluster.
  uint32_t of(uint32_t node) const { return clusterOf[node]; }
  static constexpr uint32_t none = UINT32_MAX;
  uint32_t count() const { return clusters; }
  /// Whether a node takes so little that gathering it pays.
  bool isSmall(uint32_t node) const { return small[node] != 0; }

private:
  /// A chain of nodes that stays together.
  struct Unit {
    double cost = 0;
    uint32_t waitClass = 0;
    uint32_t level = 0; // longest way to it within its class, in units
    bool small = false;
  };
  void makeUnits(const DependencyGraph &graph, std::span<const NodeFacts> nodes, const ClusterPolicy &policy);
  void findLevels(const DependencyGraph &graph);
  void cutClass(std::span<const uint32_t> members, const ClusterPolicy &policy);
  void cutWideClass(std::span<const uint32_t> members, const ClusterPolicy &policy);
  void sortByClassAndLevel();

  std::vector<uint8_t> small;
  std::vector<uint32_t> waitsFor;          // predecessors that are no constants
  std::vector<uint32_t> unitOf, clusterOf; // by node
  std::vector<Unit> units;
  std::vector<uint32_t> clusterOfUnit;
  std::vector<uint32_t> sorted, counts, buffer; // of units
  WaitClasses waitClasses;
  uint32_t clusters = 0;
};

} // namespace xcs
