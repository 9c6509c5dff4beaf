#pragma once
#include "xcs-run/Options.h"
#include "xcs/Plan/Plan.h"

namespace xcs::runner {

/// The trace in the JSON form of the Chrome trace viewer, which Perfetto reads: one row per worker, and as
/// many rows as needed for operations in flight at once.
std::string printTrace(const PlanView &plan, const RunReport &report);

/// Counts and times, and the usage of each model, as text or as one JSON object.
std::string printStats(const PlanView &plan, const RunReport &report, StatsForm form);

} // namespace xcs::runner
