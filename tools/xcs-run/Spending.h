#pragma once
#include "xcs-run/Flags.h"
#include "xcs/Runtime/RunReport.h"

namespace llvm::json {
class OStream;
}

namespace xcs::runner {

/// Reads `--budget`; reports what cannot be used.
bool readBudgetFlag(const Flags &flags, Options &out, DiagnosticEngine &diagnostics);

/// Warns of each unit of which more was spent than the budget has. `plan` is its name in messages.
void warnOfOvershoot(const RunReport &report, const std::string &plan, DiagnosticEngine &diagnostics);

/// One line for each unit of the budget, for `--stats`; empty if there is none.
std::string printBudgetRows(const RunReport &report);
/// The member `budget` of `--stats=json`; nothing if there is no budget.
void writeBudgetRows(llvm::json::OStream &json, const RunReport &report);

} // namespace xcs::runner
