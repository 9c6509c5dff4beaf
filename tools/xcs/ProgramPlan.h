#pragma once
#include "xcs-run/Options.h"
#include "xcs/Plan/PlanFile.h"
#include "xcsc/Options.h"

namespace xcs::driver {

struct ProgramPlan {
  std::unique_ptr<PlanFile> file;
  std::vector<std::string> parts; // the files that the program was read from, besides its own
};

/// The plan in a file, or that of the program in it; `-` is standard input. `options` are those of the
/// compilation; what is wrong is reported in their form, and `exit` is what it means.
Result<ProgramPlan> planOf(const std::string &path, const compiler::Options &options, const Limits &limits,
                           ExitCode &exit);

/// The directory in which plans are kept between calls, made if it can be: `xcs/plans` in XDG_CACHE_HOME, or
/// in `.cache` of the home directory. Empty if there is none.
std::string usualCache();

} // namespace xcs::driver
