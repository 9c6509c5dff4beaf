#include "xcs/Support/PathTree.h"
#include "xcs/Support/Paths.h"
#include <algorithm>
#include <functional>

using namespace xcs;

uint32_t PathTree::child(uint32_t directory, std::string_view name) {
  // Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4) adds the directory.
  uint64_t hash = (std::hash<std::string_view>()(name) ^ directory) * 0x9e3779b97f4a7c15u;
  hash ^= hash >> 29;
  uint32_t found = index.find(
      hash, [&](uint32_t at) { return parts[at].directory == directory && parts[at].name == name; });
  if (found == InternIndex::absent) {
    found = static_cast<uint32_t>(parts.size());
    parts.push_back({directory, std::string(name)});
    index.insert(hash, found);
  }
  return found;
}

std::span<const uint32_t> PathTree::chainOf(std::string_view normal) {
  const bool absolute = isAbsolutePath(normal);
  chain.assign(1, absolute ? absoluteRoot : relativeRoot);
  if (normal == "." || normal == "/")
    return chain;
  for (size_t at = absolute; at <= normal.size();) {
    const size_t end = std::min(normal.find('/', at), normal.size());
    chain.push_back(child(chain.back(), normal.substr(at, end - at)));
    at = end + 1;
  }
  return chain;
}
