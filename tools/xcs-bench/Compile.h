#pragma once
#include "xcs/Plan/PlanFile.h"
#include <memory>
#include <string>

namespace xcs::bench {

/// Compiles a program in this process, at -O2; ends the process with the compiler's messages when it is
/// wrong.
std::unique_ptr<PlanFile> compileText(const std::string &text);

} // namespace xcs::bench
