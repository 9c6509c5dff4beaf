#pragma once
#include "xcs/Support/InternIndex.h"
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

  /// The numbers of the directories above a path, outermost first (`directoriesAbove`), then its own. New
  /// numbers are assigned as needed. Valid until the next call.
  std::span<const uint32_t> chainOf(std::string_view normal);
  /// How many numbers are in use.
  size_t size() const { return parts.size(); }

private:
  static constexpr uint32_t relativeRoot = 0, absoluteRoot = 1;
  struct Part {
    uint32_t directory = 0;
    std::string name;
  };
  uint32_t child(uint32_t directory, std::string_view name);

  std::vector<Part> parts;
  InternIndex index;
  std::vector<uint32_t> chain;
};

} // namespace xcs
