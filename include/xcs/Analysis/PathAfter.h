#pragma once
#include "xcs/Analysis/Levels.h"

namespace xcs {

/// The longest way that still lies ahead once a region is done, in nanoseconds: what comes after the
/// operation it belongs to, and after all around that; of a function's body, what comes after the call that
/// is followed by most. With it the remaining paths of operations in different regions can be compared. One
/// run of a loop counts as its last; a call of a recursive function within a recursive one is left out.
/// Linear.
class PathAfter {
public:
  PathAfter(const Module &module, std::span<const FunctionGraphs> graphs, const CostAnalysis &costs);
  double of(size_t function, RegionId region) const { return perRegion[function][region.index]; }
  bool operator==(const PathAfter &) const = default;

private:
  std::vector<std::vector<double>> perRegion;
};

} // namespace xcs
