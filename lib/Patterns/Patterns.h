#pragma once
#include "xcs/Patterns/Pattern.h"

namespace xcs {

// One function per pattern, each defined in the file of the class.
#define XCS_PATTERN(Class, summary) std::unique_ptr<Pattern> create##Class();
#include "xcs/Patterns/Patterns.def"

} // namespace xcs
