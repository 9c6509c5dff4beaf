#pragma once
#include "xcs/Plan/Plan.h"
#include "xcs/World/World.h"
#include <set>
#include <string>

namespace xcs {

// How a journal names executions. What samples or writes has a name of its own (Transforms/Draws.h); a read
// or a wait is named by the numbers of the operations that lead to it, which only the same plan has.

struct JournalName {
  std::string key;     // of the execution
  std::string request; // of the same request at the same place under another name; empty for a read
  std::string at;      // for people
};
JournalName journalName(const PlanView &plan, const WorldClient &client, const WorldRequest &request);

/// The key of a read without the numbers, which another plan does not share: several may have the same.
/// Empty for what has a name.
std::string readKeyWithoutSite(std::string_view key);

/// The key of what won a race, a `take` or a vote.
std::string chosenKey(const RequestPlace &place, uint32_t op);

/// Whether executions of it are in the journal at all.
bool isJournaled(OpCode code);

/// The names that a plan gives to its operations.
std::set<std::string, std::less<>> drawNames(const PlanView &plan);
/// Whether all names in `at` (of calls and of the operation) are among those; a read has none of its own.
bool areAllIn(std::string_view at, const std::set<std::string, std::less<>> &names);

/// Whether an operation continues without regions that fail or come too late.
bool forgives(const PlanView &plan, uint32_t op);

/// The error of a row of Diagnostics.def.
OpError errorOf(Diag id, std::initializer_list<std::string> texts);

} // namespace xcs
