#pragma once
#include "xcs-run/Options.h"
#include "xcs/Plan/Plan.h"

namespace xcs::runner {

/// The trace in the JSON form of the Chrome trace viewer, which Perfetto reads: a row a worker, and as many
/// rows as needed for what was in flight at once.
std::string printTrace(const PlanView &plan, const RunReport &report);

/// Counts and times, and what each model took, as text or as one JSON object.
std::string printStats(const PlanView &plan, const RunReport &report, StatsForm form);

} // namespace xcs::runner
