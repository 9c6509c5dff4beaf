#pragma once
#include "Text.h"

namespace xcs::faults {

/// What a log says, in a form that stays the same from run to run as long as the client does the same:
/// counts, then one line for each method, path and status, sorted.
Result<std::string, Error> summarize(std::string_view log);

/// One line a request in order of arrival: method, path, status (or `aborted`, `closed`, `unanswered`), and
/// the last user message on one line.
Result<std::string, Error> listRequests(std::string_view log);

} // namespace xcs::faults
