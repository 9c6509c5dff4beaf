#include "Analysis/PathOrder.h"
#include "Analysis/OrderSupport.h"
#include "xcs/Support/Paths.h"
#include <gtest/gtest.h>
#include <random>

using namespace xcs;

namespace {
struct Access {
  std::string path;
  bool writes;
};
/// The rule of the language for two normal paths: whether they may name one file, or one a file beneath the
/// other. A relative and an absolute path always may, for the working directory is not known.
bool pathsConflict(std::string_view a, std::string_view b) {
  return isAbsolutePath(a) != isAbsolutePath(b) || isWithin(a, b) || isWithin(b, a);
}
bool mustOrder(const Access &a, const Access &b) {
  if (!a.writes && !b.writes)
    return false;
  return a.path.empty() || b.path.empty() || pathsConflict(a.path, b.path);
}
} // namespace

/// Against the rule of the language, on random accesses: every conflict is ordered, and with few accesses (no
/// gates) nothing else is, but what follows from it.
TEST(PathOrderTest, OrdersWhatConflictsAndNothingElse) {
  static constexpr std::string_view paths[] = {"", ".", "a", "a/b", "a/b/c", "a/d", "e", "e/f", "/x", "/x/y"};
  std::mt19937 random(1);
  for (int round = 0; round != 400; ++round) {
    // Rounds without the first kind have no gates but for unknown writes.
    size_t kinds = round % 2 ? std::size(paths) : 8;
    size_t count = 1 + random() % 25;
    std::vector<Access> accesses;
    std::vector<std::vector<uint32_t>> before(count);
    PathOrder order;
    for (uint32_t i = 0; i != count; ++i) {
      accesses.push_back({std::string(paths[random() % kinds]), random() % 2 == 0});
      order.access(accesses[i].path, accesses[i].writes, i, before[i]);
    }
    std::vector<std::vector<uint32_t>> wanted(count);
    for (uint32_t b = 0; b != count; ++b)
      for (uint32_t a = 0; a != b; ++a)
        if (mustOrder(accesses[a], accesses[b]))
          wanted[b].push_back(a);
    auto given = closureOf(before), least = closureOf(wanted);
    for (size_t b = 0; b != count; ++b)
      for (size_t a = 0; a != b; ++a)
        if (least[b][a] || kinds == 8) {
          EXPECT_EQ(given[b][a], least[b][a]) << accesses[a].path << " before " << accesses[b].path;
        }
  }
}

TEST(PathOrderTest, ManyWritesBeneathManyReadDirectoriesAreLinear) {
  PathOrder order;
  std::vector<uint32_t> before;
  uint32_t node = 0;
  for (int i = 0; i != 1000; ++i)
    order.access("out/" + std::to_string(i), true, node++, before);
  for (int i = 0; i != 1000; ++i)
    order.access("out", false, node++, before);
  for (int i = 0; i != 1000; ++i)
    order.access("out/" + std::to_string(i), true, node++, before);
  EXPECT_LE(before.size(), 3 * PathOrder::crowd * 3000);
}
