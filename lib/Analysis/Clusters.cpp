#include "Analysis/Clusters.h"
#include <algorithm>

using namespace xcs;

namespace {
// Figures from docs/performance.md, "The executor".
/// Less work than this is not worth waking a second thread for.
constexpr double parallelWork = 60000;
/// Work above that is cut into at least this many chunks per level (4 chunks a worker, 4 workers), ...
constexpr double chunksPerLevel = 16;
/// ... but no chunk is smaller than what amortizes its dispatch.
constexpr double finestChunk = 150;
} // namespace

static double costOf(const NodeFacts &node) { return node.cost + kernelOverheadNanoseconds; }

void Clusters::makeUnits(const DependencyGraph &graph, std::span<const NodeFacts> nodes,
                         const ClusterPolicy &policy) {
  units.clear();
  unitOf.assign(graph.size(), none);
  for (uint32_t node = 0; node != graph.size(); ++node) {
    if (nodes[node].constant)
      continue;
    if (unitOf[node] == none) {
      unitOf[node] = static_cast<uint32_t>(units.size());
      units.push_back({0, waitClasses.of(node), 0, small[node] != 0});
    }
    Unit &unit = units[unitOf[node]];
    unit.cost += costOf(nodes[node]);
    std::span<const uint32_t> successors = graph.successors(node);
    if (!unit.small || !nodes[node].written || successors.size() != 1)
      continue;
    uint32_t next = successors[0];
    if (small[next] && nodes[next].written == nodes[node].written && waitsFor[next] == 1 &&
        unit.cost + costOf(nodes[next]) <= policy.chainBound)
      unitOf[next] = unitOf[node];
  }
}

/// Only the head of a unit has predecessors outside it, and it comes first, so one sweep is enough.
void Clusters::findLevels(const DependencyGraph &graph) {
  for (uint32_t node = 0; node != graph.size(); ++node) {
    if (unitOf[node] == none || !units[unitOf[node]].small)
      continue;
    const Unit &unit = units[unitOf[node]];
    for (uint32_t successor : graph.successors(node)) {
      Unit &after = units[unitOf[successor]];
      if (unitOf[successor] != unitOf[node] && after.small && after.waitClass == unit.waitClass)
        after.level = std::max(after.level, unit.level + 1);
    }
  }
}

/// Counting sort, stable: `sorted` gets the small units by class, then level, then number.
void Clusters::sortByClassAndLevel() {
  auto sortBy = [&](auto key, uint32_t keys) {
    counts.assign(keys + 1, 0);
    for (uint32_t unit : sorted)
      ++counts[key(units[unit]) + 1];
    for (uint32_t i = 0; i != keys; ++i)
      counts[i + 1] += counts[i];
    buffer.resize(sorted.size());
    for (uint32_t unit : sorted)
      buffer[counts[key(units[unit])]++] = unit;
    sorted.swap(buffer);
  };
  sorted.clear();
  uint32_t levels = 0;
  for (uint32_t i = 0; i != units.size(); ++i)
    if (units[i].small) {
      sorted.push_back(i);
      levels = std::max(levels, units[i].level + 1);
    }
  sortBy([](const Unit &u) { return u.level; }, levels);
  sortBy([](const Unit &u) { return u.waitClass; }, waitClasses.count());
}

/// Cuts units of one class, in topological order, into clusters.
void Clusters::cutClass(std::span<const uint32_t> members, const ClusterPolicy &policy) {
  double total = 0;
  for (uint32_t unit : members)
    total += units[unit].cost;
  if (total > parallelWork)
    return cutWideClass(members, policy);
  double filled = policy.chunk + 1; // the first unit opens a cluster
  for (uint32_t unit : members) {
    if (filled + units[unit].cost > policy.chunk) {
      ++clusters;
      filled = 0;
    }
    filled += units[unit].cost;
    clusterOfUnit[unit] = clusters - 1;
  }
}

/// The same for work that is worth several threads: a wide level is cut on its own, into chunks fine enough
/// to share.
void Clusters::cutWideClass(std::span<const uint32_t> members, const ClusterPolicy &policy) {
  double filled = policy.chunk + 1;
  for (size_t begin = 0, end; begin != members.size(); begin = end) {
    double levelCost = 0;
    for (end = begin; end != members.size() && units[members[end]].level == units[members[begin]].level;
         ++end)
      levelCost += units[members[end]].cost;
    double bound = std::clamp(levelCost / chunksPerLevel, std::min(finestChunk, policy.chunk), policy.chunk);
    bool wide = levelCost > bound;
    if (wide)
      filled = policy.chunk + 1;
    for (size_t i = begin; i != end; ++i) {
      double cost = units[members[i]].cost;
      if (filled + cost > bound) {
        ++clusters;
        filled = 0;
      }
      filled += cost;
      clusterOfUnit[members[i]] = clusters - 1;
    }
    // A chunk over two levels would wait for both and delay the rest of the first.
    if (wide)
      filled = policy.chunk + 1;
  }
}

void Clusters::compute(const DependencyGraph &graph, std::span<const NodeFacts> nodes,
                       const ClusterPolicy &policy) {
  double smallBound = std::max(policy.chunk, policy.chainBound) / 2;
  small.assign(graph.size(), 0);
  waitsFor.resize(graph.size());
  for (uint32_t node = 0; node != graph.size(); ++node) {
    small[node] = nodes[node].constant || (nodes[node].pure && costOf(nodes[node]) <= smallBound);
    waitsFor[node] = graph.predecessorCount(node);
  }
  for (uint32_t node = 0; node != graph.size(); ++node)
    if (nodes[node].constant)
      for (uint32_t successor : graph.successors(node))
        --waitsFor[successor];
  waitClasses.compute(graph, small);
  makeUnits(graph, nodes, policy);
  clusters = 0;
  clusterOfUnit.assign(units.size(), none);
  for (uint32_t unit = 0; unit != units.size(); ++unit)
    if (!units[unit].small || policy.chunk == 0)
      clusterOfUnit[unit] = clusters++;
  if (policy.chunk != 0) {
    findLevels(graph);
    sortByClassAndLevel();
    for (size_t begin = 0, end; begin != sorted.size(); begin = end) {
      uint32_t waitClass = units[sorted[begin]].waitClass;
      for (end = begin; end != sorted.size() && units[sorted[end]].waitClass == waitClass;)
        ++end;
      cutClass({sorted.data() + begin, end - begin}, policy);
    }
  }
  clusterOf.resize(graph.size());
  for (uint32_t node = 0; node != graph.size(); ++node)
    clusterOf[node] = unitOf[node] == none ? none : clusterOfUnit[unitOf[node]];
}
