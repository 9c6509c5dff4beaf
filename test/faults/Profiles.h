#pragma once
#include "Text.h"
#include <string>
#include <vector>

namespace xcs::faults {

/// The servers that `--profile` knows, in alphabetical order: the files of the folder `profiles`.
std::vector<std::string> profileNames();

/// The script of a server; an error names those that there are.
Result<std::string, Error> profilePath(const std::string &name);

} // namespace xcs::faults
