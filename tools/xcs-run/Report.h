#pragma once
#include "xcs-run/Options.h"
#include "xcs/Plan/Plan.h"

namespace xcs::runner {

/// The result as JSON: nothing for a function without results, the value of one, an array of several. Secrets
/// are redacted. Fails when a value has no JSON form.
Result<std::string> printResults(const PlanView &plan, uint32_t function, const RunReport &report,
                                 DiagnosticEngine &diags);

/// Says why a run failed, at the place in the source where the operation stands.
void reportFailure(const PlanView &plan, const RunReport &report, const Options &options,
                   DiagnosticEngine &diags);

/// The trace in the JSON form of the Chrome trace viewer, which Perfetto reads: a row a worker, and as many
/// rows as needed for what was in flight at once.
std::string printTrace(const PlanView &plan, const RunReport &report);

/// Counts and times, and what each model took, as text or as one JSON object.
std::string printStats(const PlanView &plan, const RunReport &report, StatsForm form);

/// Writes a file by way of a temporary one, so that nobody sees half of it; `-` is standard output. Reports
/// failures.
Status writeOutput(const std::string &path, std::string_view content, DiagnosticEngine &diags);

} // namespace xcs::runner
