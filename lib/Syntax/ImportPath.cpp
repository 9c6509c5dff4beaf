#include "Syntax/ImportPath.h"
#include <algorithm>
#include <vector>

using namespace xcs;

/// Appends the parts of a path to `parts`; false if it leads above its base.
static bool walkAlong(std::string_view path, std::vector<std::string_view> &parts) {
  while (!path.empty()) {
    size_t end = std::min(path.find('/'), path.size());
    std::string_view part = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (part.empty() || part == ".")
      continue;
    if (part != "..") {
      parts.push_back(part);
      continue;
    }
    if (parts.empty())
      return false;
    parts.pop_back();
  }
  return true;
}

std::string xcs::resolveImport(std::string_view importer, std::string_view path, std::string &problem) {
  bool control =
      std::any_of(path.begin(), path.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  std::vector<std::string_view> parts;
  size_t directory = importer.rfind('/');
  if (path.empty())
    problem = "the path is empty; name a file, such as \"prompts.xir\"";
  else if (control)
    problem = "the path has a control character; rename the file";
  else if (path.front() == '/')
    problem = "the path is absolute; write it relative to this file";
  else if (!walkAlong(directory == importer.npos ? std::string_view() : importer.substr(0, directory),
                      parts) ||
           !walkAlong(path, parts))
    problem = "the path leads out of the directory of the program; move the file into it";
  else if (parts.empty() || path.back() == '/')
    problem = "it is a directory; name a file in it";
  if (!problem.empty())
    return {};
  std::string resolved;
  for (std::string_view part : parts)
    resolved.append(resolved.empty() ? "" : "/").append(part);
  return resolved;
}
