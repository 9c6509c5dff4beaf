#pragma once
#include "xcs/Runtime/RunReport.h"
#include <string>

namespace llvm::json {
class OStream;
}

namespace xcs::runner {

// The budget of a run in its statistics.

/// One line for each unit of the budget, for `--stats`; empty if there is none.
std::string printBudgetRows(const RunReport &report);
/// The member `budget` of `--stats=json`; nothing if there is no budget.
void writeBudgetRows(llvm::json::OStream &json, const RunReport &report);

} // namespace xcs::runner
