#pragma once
#include "xcs/Analysis/DependencyGraph.h"
#include <array>

namespace xcs {

/// Finds which small operations wait for exactly the same slow ones: operations of one class have equal sets
/// of slow operations before them. They become ready together, except for the time that small ones take, so
/// clustering them delays nothing that could have started earlier. A path between two operations of a class
/// stays within it (a slow operation on the path would make the classes differ), so any contiguous cut of a
/// class in topological order gives an acyclic graph.
///
/// Sets of up to `exact` slow operations are distinguished exactly; a larger set may get two classes, but two
/// sets never share one. Linear in edges.
class WaitClasses {
public:
  static constexpr size_t exact = 8, crowd = 16;
  static constexpr uint32_t nothing = 0; // the class that waits for no slow operation

  /// Finds the classes of a region; `small[node]` says which nodes are small. The classes of slow nodes are
  /// meaningless.
  void compute(const DependencyGraph &graph, const std::vector<uint8_t> &small);
  uint32_t of(uint32_t node) const { return classes[node]; }
  /// All classes are below this.
  uint32_t count() const { return static_cast<uint32_t>(sets.size()); }

private:
  /// Atoms in ascending order. An atom is a slow node, or represents a set of more than `exact`.
  struct Set {
    uint32_t size = 0;
    std::array<uint32_t, exact> atoms{};
    bool operator==(const Set &) const = default;
  };
  uint32_t join(uint32_t a, uint32_t b);
  uint32_t classOfAtom(uint32_t atom);
  uint32_t intern(const Set &set);

  std::vector<uint32_t> classes;
  std::vector<uint8_t> joined; // by node: how often its class grew, up to `crowd`
  std::vector<Set> sets;       // by class
  InternIndex setIndex;
  struct Joined {
    uint32_t a, b, result;
  };
  std::vector<Joined> joins; // memo
  InternIndex joinIndex;
  uint32_t nextAtom = 0;
};

} // namespace xcs
