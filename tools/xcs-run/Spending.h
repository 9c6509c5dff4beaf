#pragma once
#include "xcs-run/Flags.h"
#include "xcs/Runtime/RunReport.h"

namespace xcs::runner {

/// Reads `--budget`; reports what cannot be used.
bool readBudgetFlag(const Flags &flags, Options &out, DiagnosticEngine &diagnostics);

/// Warns of each unit of which more was spent than the budget has. `plan` is its name in messages.
void warnOfOvershoot(const RunReport &report, const std::string &plan, DiagnosticEngine &diagnostics);

} // namespace xcs::runner
