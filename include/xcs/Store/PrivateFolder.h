#pragma once
#include <string>

namespace xcs {

/// Makes a folder for this user alone (mode 0700) unless it is there. Returns why answers may not lie in it;
/// empty if they may: it is a folder of this user's, and not everyone may write to it.
std::string makePrivateFolder(const std::string &path);

} // namespace xcs
