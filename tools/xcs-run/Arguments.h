#pragma once
#include "xcs-run/Options.h"
#include "xcs/Plan/Plan.h"

namespace xcs::runner {

/// The values of a function's parameters from `--args`, `--arg-file` and `--arg`; the later one wins. Text
/// parameters take `--arg` as it is, all others read it as JSON; from a file, bytes are taken as they are
/// too. Parameters of type option may be left out. Reports what is missing, unknown, too large or does not
/// fit.
Result<std::vector<Value>> readArguments(const PlanView &plan, uint32_t function, const Options &options,
                                         DiagnosticEngine &diags);

} // namespace xcs::runner
