#pragma once
#include "xcs/IR/Walk.h"

namespace xcs {

/// The regions reachable from `body`, each before those inside it, in program order. Reversed: inner first.
inline std::vector<RegionId> regionsOutsideIn(const ComputationGraph &graph, RegionId body) {
  struct Collector {
    std::vector<RegionId> regions;
    void beginRegion(RegionId region) { regions.push_back(region); }
    void endRegion(RegionId) {}
    bool beginOp(OpId) { return true; }
    void endOp(OpId) {}
  } collector;
  walk(graph, body, collector);
  return std::move(collector.regions);
}

} // namespace xcs
