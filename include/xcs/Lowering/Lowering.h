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
/// slots and captures, nodes in the order and clusters that the `schedule` pass wrote (`sched.*`; without
/// them: program order, one operation a node). Unreachable private functions are left out. The tables refer
/// to the module's pool, which may grow. Linear in operations, operands and edges.
PlanTables lower(AnalysisCache &analyses, const LoweringOptions &options = {});
PlanTables lower(Module &module, const LoweringOptions &options = {});

} // namespace xcs
