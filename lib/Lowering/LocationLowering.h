#pragma once
#include "xcs/IR/Module.h"
#include "xcs/Plan/Plan.h"
#include <vector>

namespace xcs {

/// Resolves source locations to rows of a plan's location table. Neighbours that stand at one place share a
/// row.
class LocationLowering {
public:
  LocationLowering(Module &module, std::vector<PlanLocation> &rows) : module(module), rows(rows) {}

  /// The row of a location; UINT32_MAX when it is unknown.
  uint32_t lower(Location at);

private:
  Module &module;
  std::vector<PlanLocation> &rows;
  Location last;
  std::string_view lastFile;
  StringId lastFileId;
};

} // namespace xcs
