#pragma once
#include "xcs/Analysis/AnalysisCache.h"
#include "xcs/Plan/PlanFile.h"

namespace xcs {

struct LoweringOptions {
  uint32_t optimizationLevel = 2;
  bool names = true;     // keep the names of values, for reports
  bool locations = true; // keep source locations, for messages
};

/// Lowers a verified module to the tables of a plan: data and order edges from Analysis/DependencyGraph.h,
/// slots and captures, and nodes in the order and clusters of the `schedule` pass (`sched.*`; without these
/// attributes: program order, one operation per node). Unreachable private functions are omitted. The tables
/// refer to the module's pool, which may grow. Linear in operations, operands and edges.
PlanTables lower(AnalysisCache &analyses, const LoweringOptions &options = {});
PlanTables lower(Module &module, const LoweringOptions &options = {});

} // namespace xcs
