#pragma once
#include "xcs/Support/InternIndex.h"
#include "xcs/Support/Paths.h"
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// Numbers normal paths (Paths.h). Each is stored as the number of its directory and its last part, so memory
/// is linear in the texts however deep they nest. Numbers are dense, from 0 in the order of first use. Thread
/// safety: none.
class PathTree {
public:
  PathTree() : parts(2) {}

  /// The numbers of the directories above a path, outermost first (`.` and `a` for `a/b`), and after them
  /// its own; new ones are given as needed. Valid until the next call.
  std::span<const uint32_t> chainOf(std::string_view normal);
  /// The same of a relative path in parts (`partsOf`).
  std::span<const uint32_t> chainOf(const PathParts &parts);
  /// How many numbers there are.
  size_t size() const { return parts.size(); }

private:
  static constexpr uint32_t relativeRoot = 0, absoluteRoot = 1;
  struct Part {
    uint32_t directory = 0;
    std::string name;
  };
  uint32_t child(uint32_t directory, std::string_view name);
  std::span<const uint32_t> chainFrom(uint32_t root, std::string_view names);

  std::vector<Part> parts;
  InternIndex index;
  std::vector<uint32_t> chain;
};

} // namespace xcs
