#pragma once
#include "xcs/IR/Module.h"
#include "xcs/Plan/Plan.h"
#include <unordered_map>
#include <vector>

namespace xcs {

/// Resolves source locations to rows of a plan's location table, and their callers to rows of its call sites.
/// Neighbours with the same location share a row, as do all locations with the same caller.
class LocationLowering {
public:
  LocationLowering(Module &module, std::vector<PlanLocation> &rows, std::vector<PlanCallSite> &callSites)
      : module(module), rows(rows), callSites(callSites) {}

  /// The row of a location; UINT32_MAX if it is unknown.
  uint32_t lower(Location at);

private:
  uint32_t callerRow(Location caller);
  uint32_t addRow(Location at, uint32_t caller);

  Module &module;
  std::vector<PlanLocation> &rows;
  std::vector<PlanCallSite> &callSites;
  Location last;
  uint32_t lastRow = UINT32_MAX;
  std::string_view lastFile;
  StringId lastFileId;
  std::unordered_map<uint32_t, uint32_t> callerRows; // by Location::bits
};

} // namespace xcs
