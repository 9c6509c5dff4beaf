#pragma once
#include "xcs/Plan/PlanFile.h"
#include <memory>
#include <string>

namespace xcs::bench {

/// Compiles a program in this process, at -O2; if it is wrong, exits with the compiler's messages.
std::unique_ptr<PlanFile> compileText(const std::string &text);
/// The same, as the bytes of the plan, at any level.
std::string compileBytes(const std::string &text, unsigned level = 2);
/// Verifies the bytes of a plan.
std::unique_ptr<PlanFile> openBytes(const std::string &bytes);

} // namespace xcs::bench
