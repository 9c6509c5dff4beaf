#include "xcs/Support/PathTree.h"
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

std::span<const uint32_t> PathTree::chainFrom(uint32_t root, std::string_view names) {
  chain.assign(1, root);
  for (size_t at = 0; at < names.size();) {
    const size_t end = std::min(names.find('/', at), names.size());
    chain.push_back(child(chain.back(), names.substr(at, end - at)));
    at = end + 1;
  }
  return chain;
}

/// `..` is above the working directory, but numbered as a name in it: no name is `..`.
std::span<const uint32_t> PathTree::chainOf(const PathParts &parts) {
  uint32_t root = relativeRoot;
  for (size_t step = 0; step != parts.stepsUp; ++step)
    root = child(root, "..");
  return chainFrom(root, parts.names);
}

std::span<const uint32_t> PathTree::chainOf(std::string_view normal) {
  const PathParts parts = partsOf(normal);
  return isAbsolutePath(normal) ? chainFrom(absoluteRoot, parts.names) : chainOf(parts);
}
