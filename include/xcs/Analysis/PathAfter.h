#pragma once
#include "xcs/Analysis/Levels.h"

namespace xcs {

/// The longest path that remains once a region has finished, in nanoseconds: what follows the operation that
/// owns the region, and what follows everything around that. For a function's body: what follows the call
/// with the longest remaining path. This makes the remaining paths of operations in different regions
/// comparable. Every iteration of a loop counts as its last; a call of a recursive function within a
/// recursive one is ignored. Linear.
class PathAfter {
public:
  PathAfter(const Module &module, std::span<const FunctionGraphs> graphs, const CostAnalysis &costs);
  double of(size_t function, RegionId region) const { return perRegion[function][region.index]; }
  bool operator==(const PathAfter &) const = default;

private:
  std::vector<std::vector<double>> perRegion;
};

} // namespace xcs
