#pragma once
#include "xcs/Transforms/Pass.h"

namespace xcs {

// One function per pass, each defined in the file of the class.
#define XCS_PASS(name, Class, options, summary) std::unique_ptr<Pass> create##Class();
#include "xcs/Transforms/Passes.def"

} // namespace xcs
