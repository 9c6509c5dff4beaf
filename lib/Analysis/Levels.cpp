#include "xcs/Analysis/Levels.h"
#include <algorithm>

using namespace xcs;

/// One longest path: from the first node that starts it, always to the successor with the longest remaining
/// path.
static void findCriticalNodes(const DependencyGraph &graph, Levels &levels) {
  auto begin = levels.remaining.begin(), end = levels.remaining.end();
  uint32_t node = static_cast<uint32_t>(std::max_element(begin, end) - begin);
  while (node != graph.size()) {
    levels.criticalNodes.push_back(node);
    uint32_t next = static_cast<uint32_t>(graph.size());
    double longest = -1;
    for (uint32_t successor : graph.successors(node))
      if (levels.remaining[successor] > longest) {
        longest = levels.remaining[successor];
        next = successor;
      }
    node = next;
  }
}

Levels xcs::computeLevels(const DependencyGraph &graph, std::span<const double> costs) {
  uint32_t size = static_cast<uint32_t>(graph.size());
  Levels levels;
  levels.asap.assign(size, 0);
  levels.earliestStart.assign(size, 0);
  levels.remaining.assign(size, 0);
  // Program order is a topological order: one sweep forwards, one backwards.
  for (uint32_t node = 0; node != size; ++node) {
    levels.depth = std::max(levels.depth, levels.asap[node] + 1);
    double end = levels.earliestStart[node] + costs[node];
    for (uint32_t successor : graph.successors(node)) {
      levels.asap[successor] = std::max(levels.asap[successor], levels.asap[node] + 1);
      levels.earliestStart[successor] = std::max(levels.earliestStart[successor], end);
    }
  }
  levels.alap.assign(size, levels.depth ? levels.depth - 1 : 0);
  for (uint32_t node = size; node-- != 0;) {
    double after = 0;
    for (uint32_t successor : graph.successors(node)) {
      levels.alap[node] = std::min(levels.alap[node], levels.alap[successor] - 1);
      after = std::max(after, levels.remaining[successor]);
    }
    levels.remaining[node] = costs[node] + after;
    levels.criticalPath = std::max(levels.criticalPath, levels.remaining[node]);
  }
  findCriticalNodes(graph, levels);
  return levels;
}
