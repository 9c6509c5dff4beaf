#pragma once
#include <cstdint>
#include <gtest/gtest.h>
#include <vector>

namespace xcs {

/// What follows from edges that lead forwards: `reach[b][a]` where a comes before b.
inline std::vector<std::vector<bool>> closureOf(const std::vector<std::vector<uint32_t>> &before) {
  std::vector<std::vector<bool>> reach(before.size(), std::vector<bool>(before.size()));
  for (size_t b = 0; b != before.size(); ++b)
    for (uint32_t a : before[b]) {
      EXPECT_LT(a, b);
      reach[b][a] = true;
      for (size_t i = 0; i != a; ++i)
        if (reach[a][i])
          reach[b][i] = true;
    }
  return reach;
}

} // namespace xcs
