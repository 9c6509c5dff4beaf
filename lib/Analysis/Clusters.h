#pragma once
#include "Analysis/WaitClasses.h"
#include "xcs/Analysis/Schedule.h"

namespace xcs {

/// How much may go into one dispatch, in nanoseconds of cost. See the docs of `sched.chunk` and
/// `sched.cluster`.
struct ClusterPolicy {
  double chunk = 0; // small operations of one wait class are gathered up to this; 0: not at all
  double chainBound = chunkNanoseconds; // members of one written cluster run together up to this
};

/// The properties of a node of the graph.
struct NodeFacts {
  double cost = 0;       // nanoseconds
  bool pure = false;     // a kernel that touches nothing
  bool constant = false; // a plain constant
  uint32_t written = 0;  // the number in `sched.cluster`; 0 if absent
};

/// Gathers the nodes of a region into clusters. The graph of the clusters is acyclic.
class Clusters {
public:
  /// A cluster written by a pass is followed as far as it is a chain; it cannot change the meaning.
  void compute(const DependencyGraph &graph, std::span<const NodeFacts> nodes, const ClusterPolicy &policy);
  /// `none` for plain constants, which are in no cluster.
  uint32_t of(uint32_t node) const { return clusterOf[node]; }
  static constexpr uint32_t none = UINT32_MAX;
  uint32_t count() const { return clusters; }
  /// Whether a node costs so little that clustering it pays.
  bool isSmall(uint32_t node) const { return small[node] != 0; }

private:
  /// A chain of nodes that stays together.
  struct Unit {
    double cost = 0;
    uint32_t waitClass = 0;
    uint32_t level = 0; // longest path to it within its class, in units
    bool small = false;
  };
  void makeUnits(const DependencyGraph &graph, std::span<const NodeFacts> nodes, const ClusterPolicy &policy);
  void findLevels(const DependencyGraph &graph);
  void cutClass(std::span<const uint32_t> members, const ClusterPolicy &policy);
  void cutWideClass(std::span<const uint32_t> members, const ClusterPolicy &policy);
  void sortByClassAndLevel();

  std::vector<uint8_t> small;
  std::vector<uint32_t> waitsFor;          // predecessors that are not constants
  std::vector<uint32_t> unitOf, clusterOf; // by node
  std::vector<Unit> units;
  std::vector<uint32_t> clusterOfUnit;
  std::vector<uint32_t> sorted, counts, buffer; // of units
  WaitClasses waitClasses;
  uint32_t clusters = 0;
};

} // namespace xcs
