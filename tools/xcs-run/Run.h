#pragma once
#include "xcs-run/Options.h"
#include "xcs-run/StandardError.h"
#include "xcs/Plan/Plan.h"

namespace xcs::runner {

/// What the command line asks of a plan: to print what it wants, or to run it. Returns the exit code. Called
/// once in a process, by its main thread; no thread may have been started.
ExitCode explainOrRun(const PlanView &plan, Options options, StandardError &errors, DiagnosticEngine &diags);

} // namespace xcs::runner
