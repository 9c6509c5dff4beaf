#pragma once
#include "xcs/Support/Limits.h"
#include <cstdint>
#include <string>
#include <string_view>

namespace xcs {

/// What a server's error says, whatever its shape (XCS_ERROR_TEXT in Quirks.def): its own words for people,
/// and what they mean for asking again.
struct ErrorReport {
  std::string message;
  int64_t status = 0;   // that its code means; 0 when it has none
  bool isQuota = false; // the quota is used up: asking again is of no use
};

/// The beginning of a long text of a server, for messages; never cut within a character.
std::string shortened(std::string_view text);

/// Of the body of an answer whose status says that it is none. What is not JSON, or JSON of an unknown shape,
/// is shown from its beginning.
ErrorReport errorReportOf(std::string_view body);

/// Whether a request that was answered so may be sent again: 408, 409, 429 and 5xx.
bool isTransientStatus(int64_t status);

} // namespace xcs
