#pragma once
#include "xcs/Support/Limits.h"
#include <string_view>

namespace xcs::tools {

/// Sets the limit that a value of `--limit` names, `NAME=N`; false when it does not, and nothing is set.
bool setLimit(Limits &limits, std::string_view text);

} // namespace xcs::tools
