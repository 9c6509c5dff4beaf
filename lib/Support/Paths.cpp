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

std::vector<std::string_view> xcs::directoriesAbove(std::string_view normal) {
  std::vector<std::string_view> above;
  if (normal == "." || normal == "/")
    return above;
  above.push_back(isAbsolutePath(normal) ? "/" : ".");
  for (size_t slash = normal.find('/', 1); slash != normal.npos; slash = normal.find('/', slash + 1))
    above.push_back(normal.substr(0, slash));
  return above;
}

bool xcs::isWithin(std::string_view path, std::string_view directory) {
  if (directory == "." || directory == "/")
    return true;
  return path.starts_with(directory) && (path.size() == directory.size() || path[directory.size()] == '/');
}

bool xcs::pathsConflict(std::string_view a, std::string_view b) {
  return isAbsolutePath(a) != isAbsolutePath(b) || isWithin(a, b) || isWithin(b, a);
}
