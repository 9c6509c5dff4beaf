#include "xcs/Support/Paths.h"

using namespace xcs;

std::string xcs::normalPath(std::string_view path) {
  if (path.empty() || path.find('\0') != path.npos)
    return {};
  const bool absolute = isAbsolutePath(path);
  std::vector<std::string_view> parts;
  for (size_t at = 0; at <= path.size();) {
    size_t end = std::min(path.find('/', at), path.size());
    std::string_view part = path.substr(at, end - at);
    at = end + 1;
    if (part.empty() || part == ".")
      continue;
    if (part != "..") {
      parts.push_back(part);
      continue;
    }
    if (parts.empty() && !absolute)
      return {};
    if (!parts.empty())
      parts.pop_back();
  }
  std::string normal = absolute ? "/" : "";
  for (std::string_view part : parts) {
    if (!normal.empty() && normal.back() != '/')
      normal += '/';
    normal += part;
  }
  return normal.empty() ? "." : normal;
}

bool xcs::isWithin(std::string_view path, std::string_view directory) {
  if (directory == "." || directory == "/")
    return true;
  return path.starts_with(directory) && (path.size() == directory.size() || path[directory.size()] == '/');
}
