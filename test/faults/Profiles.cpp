#include "Profiles.h"
#include <algorithm>
#include <filesystem>

namespace xcs::faults {

/// Beside the sources: set by the build.
static constexpr const char *folder = XCS_FAULTS_PROFILES;

std::vector<std::string> profileNames() {
  std::vector<std::string> names;
  std::error_code problem;
  for (const auto &entry : std::filesystem::directory_iterator(folder, problem))
    if (entry.path().extension() == ".json")
      names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::string, Error> profilePath(const std::string &name) {
  const std::vector<std::string> names = profileNames();
  if (std::find(names.begin(), names.end(), name) != names.end())
    return std::string(folder) + "/" + name + ".json";
  std::string known;
  for (const std::string &one : names)
    known += (known.empty() ? "" : ", ") + one;
  return Error{"there is no profile `" + name + "` in `" + folder + "`: " + known};
}

} // namespace xcs::faults
