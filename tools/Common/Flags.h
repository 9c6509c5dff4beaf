#pragma once
#include "xcs/Support/Limits.h"
#include <string_view>

namespace xcs::tools {

/// Sets the limit given as `NAME=N` in a value of `--limit`; false, with nothing set, if the value is
/// invalid.
bool setLimit(Limits &limits, std::string_view text);

} // namespace xcs::tools
