#include "xcs/Support/Paths.h"
#include <algorithm>

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
    if (!parts.empty() && parts.back() != "..")
      parts.pop_back();
    else if (!absolute)
      parts.push_back(part);
  }
  std::string normal = absolute ? "/" : "";
  for (std::string_view part : parts) {
    if (!normal.empty() && normal.back() != '/')
      normal += '/';
    normal += part;
  }
  return normal.empty() ? "." : normal;
}

std::string xcs::normalPathFrom(std::string_view start, std::string_view path) {
  if (path.empty() || isAbsolutePath(path))
    return normalPath(path);
  return normalPath(std::string(start) + "/" + std::string(path));
}

PathParts xcs::partsOf(std::string_view normal) {
  if (normal == ".")
    return {0, {}};
  if (isAbsolutePath(normal))
    return {0, normal.substr(1)};
  PathParts parts{0, normal};
  for (; parts.names.starts_with("../"); ++parts.stepsUp)
    parts.names.remove_prefix(3);
  if (parts.names == "..")
    return {parts.stepsUp + 1, {}};
  return parts;
}

std::vector<std::string_view> xcs::directoriesAbove(std::string_view normal) {
  std::vector<std::string_view> above;
  const PathParts parts = partsOf(normal);
  if (parts.names.empty())
    return above;
  const size_t first = normal.size() - parts.names.size();
  above.push_back(first == 0 ? "." : first == 1 ? "/" : normal.substr(0, first - 1));
  for (size_t slash = normal.find('/', first); slash != normal.npos; slash = normal.find('/', slash + 1))
    above.push_back(normal.substr(0, slash));
  return above;
}

/// The same of names beneath one directory, which is itself the empty text.
static bool namesWithin(std::string_view names, std::string_view directory) {
  return directory.empty() || (names.starts_with(directory) &&
                               (names.size() == directory.size() || names[directory.size()] == '/'));
}

static bool namesOverlap(std::string_view a, std::string_view b) {
  return namesWithin(a, b) || namesWithin(b, a);
}

bool xcs::isWithin(std::string_view path, std::string_view directory) {
  const PathParts inner = partsOf(path), outer = partsOf(directory);
  return isAbsolutePath(path) == isAbsolutePath(directory) && inner.stepsUp == outer.stepsUp &&
         namesWithin(inner.names, outer.names);
}

bool xcs::pathsOverlap(std::string_view a, std::string_view b) {
  if (isAbsolutePath(a) != isAbsolutePath(b))
    return false;
  const PathParts one = partsOf(a), other = partsOf(b);
  if (one.stepsUp == other.stepsUp)
    return namesOverlap(one.names, other.names);
  return one.stepsUp > other.stepsUp ? one.names.empty() : other.names.empty();
}

std::string_view xcs::withoutNames(std::string_view names, size_t count) {
  for (; count != 0 && !names.empty(); --count)
    names.remove_prefix(std::min(names.find('/'), names.size() - 1) + 1);
  return names;
}

bool xcs::pathsConflict(std::string_view a, std::string_view b) {
  if (isAbsolutePath(a) != isAbsolutePath(b))
    return true;
  PathParts low = partsOf(a), high = partsOf(b);
  if (low.stepsUp > high.stepsUp)
    std::swap(low, high);
  // What lies between the two directories may be what `high` names first. It is less where one of them is
  // the root, above which nothing is.
  for (size_t between = 0; between <= high.stepsUp - low.stepsUp; ++between)
    if (namesOverlap(low.names, withoutNames(high.names, between)))
      return true;
  return false;
}
