#pragma once
#include "xcs-run/Options.h"
#include "xcs/Plan/Plan.h"
#include <optional>

namespace xcs::runner {

/// The function to run: the one asked for, else `@main`, else the only one that is not private. Reports what
/// is wrong.
std::optional<uint32_t> findEntry(const PlanView &plan, const Options &options, DiagnosticEngine &diags);

/// The values of a function's parameters from `--args` and `--arg` (which wins). Text parameters take `--arg`
/// as it is, all others read it as JSON. Parameters of type option may be left out. Reports what is missing,
/// unknown or does not fit.
Result<std::vector<Value>> readArguments(const PlanView &plan, uint32_t function, const Options &options,
                                         DiagnosticEngine &diags);

} // namespace xcs::runner
