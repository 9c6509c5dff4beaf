#include "xcs/World/ProgramGrants.h"
#include "xcs/Support/Host.h"
#include "xcs/World/PathGrants.h"
#include <algorithm>
#include <cstdlib>
#include <sys/stat.h>
#include <unistd.h>

using namespace xcs;

static bool isProgram(const std::string &path) {
  struct stat found;
  return !path.empty() && stat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) &&
         access(path.c_str(), X_OK) == 0;
}

std::string xcs::findProgram(std::string_view name) {
  if (name.empty() || name.find('\0') != name.npos)
    return {};
  if (name.find('/') != name.npos) {
    std::string path = absolutePath(name);
    return isProgram(path) ? path : std::string();
  }
  const std::string path = ProcessHost().environment("PATH").value_or("/usr/local/bin:/usr/bin:/bin");
  std::string_view rest = path;
  while (true) {
    size_t colon = std::min(rest.find(':'), rest.size());
    // An empty entry would mean the working directory, where a plan may have come from.
    if (colon != 0)
      if (std::string found = absolutePath(std::string(rest.substr(0, colon)) + "/" + std::string(name));
          isProgram(found))
        return found;
    if (colon == rest.size())
      return {};
    rest.remove_prefix(colon + 1);
  }
}

bool ProgramGrants::allow(std::string_view name) {
  std::string path = findProgram(name);
  if (path.empty())
    return false;
  allowed.push_back(std::move(path));
  return true;
}

void ProgramGrants::deny(std::string_view name) {
  std::string path = findProgram(name);
  if (path.empty())
    path = absolutePath(name);
  deniedFiles.push_back(realPath(path));
  denied.push_back(std::move(path));
}

static bool holds(const std::vector<std::string> &names, const std::string &name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool ProgramGrants::isDenied(const std::string &path) const {
  return holds(denied, path) || (!deniedFiles.empty() && holds(deniedFiles, realPath(path)));
}

bool ProgramGrants::allows(const std::string &path) const {
  return !isDenied(path) && (everything || holds(allowed, path));
}
