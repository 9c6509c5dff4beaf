#pragma once
#include "xcs-run/Options.h"
#include "xcs/Plan/Plan.h"
#include <optional>

namespace xcs::runner {

/// The function to run: the one asked for, else `@main`, else the only one that is not private. Reports what
/// is wrong.
std::optional<uint32_t> findEntry(const PlanView &plan, const Options &options, DiagnosticEngine &diags);

/// The values of a function's parameters from `--args`, `--arg-file` and `--arg`; the later one wins. Text
/// parameters take `--arg` as it is, all others read it as JSON; from a file, bytes are taken as they are
/// too. Parameters of type option may be left out. Reports what is missing, unknown, too large or does not
/// fit.
Result<std::vector<Value>> readArguments(const PlanView &plan, uint32_t function, const Options &options,
                                         DiagnosticEngine &diags);

} // namespace xcs::runner
