#pragma once
#include "xcs-run/Options.h"
#include "xcs/Plan/Plan.h"

namespace xcs::runner {

/// The values of a function's parameters from `--args`, `--arg-file` and `--arg`; the later one wins. String
/// parameters take `--arg` literally, all others read it as JSON; from a file, bytes are taken literally too.
/// Parameters of type option may be omitted. Reports what is missing, unknown, too large or does not fit.
Result<std::vector<Value>> readArguments(const PlanView &plan, uint32_t function, const Options &options,
                                         DiagnosticEngine &diags);

} // namespace xcs::runner
