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
bool mustOrder(const Access &a, const Access &b) {
  if (!a.writes && !b.writes)
    return false;
  return a.path.empty() || b.path.empty() || pathsConflict(a.path, b.path);
}
} // namespace

/// Against the rule of the language, on random accesses: every conflict is ordered, and with few accesses (no
/// gates but for unknown writes, which conflict with everything) nothing else is, but what follows from it.
TEST(PathOrderTest, OrdersWhatConflictsAndNothingElse) {
  static constexpr std::string_view paths[] = {
      "a",      "a/b",      "a/b/c",     "a/d",         "e",           "e/f",
      "b",      "b/c",      "c",         "../a",        "../a/b",      "../a/b/c",
      "../e/a", "../e/b/c", "../../a/b", "../../e/a/b", "../../e/a/d", "../../f/e/f",
      "/x",     "/x/y",     "/x/z",      ".",           "..",          "../..",
      "",       "/"};
  std::mt19937 random(1);
  for (int round = 0; round != 3000; ++round) {
    // Rounds without the last ones, which conflict with nearly everything.
    size_t kinds = round % 3 == 0 ? std::size(paths) : round % 3 == 1 ? 21 : 18;
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
        EXPECT_EQ(given[b][a], least[b][a]) << accesses[a].path << " before " << accesses[b].path;
  }
}

/// The same with so many that some become gates: then more may be ordered, but not less.
TEST(PathOrderTest, CrowdsKeepEveryConflictInOrder) {
  static constexpr std::string_view paths[] = {"a/", "../a/", "../b/", "../../c/b/", "/x/"};
  std::mt19937 random(2);
  for (int round = 0; round != 30; ++round) {
    constexpr uint32_t count = 300;
    std::vector<Access> accesses;
    std::vector<std::vector<uint32_t>> before(count);
    PathOrder order;
    for (uint32_t i = 0; i != count; ++i) {
      std::string path(paths[random() % std::size(paths)]);
      path += random() % 3 == 0 ? "." : std::to_string(random() % 100);
      accesses.push_back({normalPath(path), random() % 8 < static_cast<unsigned>(round % 8)});
      order.access(accesses[i].path, accesses[i].writes, i, before[i]);
    }
    auto given = closureOf(before);
    for (uint32_t b = 0; b != count; ++b)
      for (uint32_t a = 0; a != b; ++a)
        EXPECT_TRUE(given[b][a] || !mustOrder(accesses[a], accesses[b]))
            << accesses[a].path << " before " << accesses[b].path;
  }
}

/// Objects in the directory of the start, made of sources beside it: none waits for another.
TEST(PathOrderTest, ABuildBesideItsSourcesHasNoEdges) {
  PathOrder order;
  std::vector<uint32_t> before;
  for (uint32_t i = 0; i != 1000; ++i) {
    order.access("../source/" + std::to_string(i) + ".c", false, i, before);
    order.access("../include/config.h", false, i, before);
    order.access("objects/" + std::to_string(i) + ".o", true, i, before);
  }
  EXPECT_TRUE(before.empty());
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

TEST(PathOrderTest, ManyPathsThatMayBeOneAnotherAreLinear) {
  for (std::string_view other : {"..", "../x", "/x"}) {
    PathOrder order;
    std::vector<uint32_t> before;
    uint32_t node = 0;
    for (int round = 0; round != 3; ++round)
      for (int i = 0; i != 500; ++i) {
        order.access(std::string(other) + (i % 2 ? "" : "/" + std::to_string(i)), i % 3 == 0, node++, before);
        order.access("out/" + std::to_string(i), i % 5 != 0, node++, before);
      }
    EXPECT_LE(before.size(), 8 * PathOrder::crowd * node) << other;
  }
}
