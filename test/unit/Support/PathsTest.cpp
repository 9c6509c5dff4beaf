#include "xcs/Support/Paths.h"
#include <gtest/gtest.h>
#include <set>

using namespace xcs;

TEST(PathsTest, NormalForms) {
  EXPECT_EQ(normalPath("a//b/./c/"), "a/b/c");
  EXPECT_EQ(normalPath("./a"), "a");
  EXPECT_EQ(normalPath("a/../b"), "b");
  EXPECT_EQ(normalPath("a/.."), ".");
  EXPECT_EQ(normalPath("/"), "/");
  EXPECT_EQ(normalPath("/../a"), "/a");
  EXPECT_EQ(normalPath("..."), "...");
}

TEST(PathsTest, WhatLeavesTheWorkingDirectoryKeepsItsStepsUp) {
  EXPECT_EQ(normalPath(".."), "..");
  EXPECT_EQ(normalPath("../"), "..");
  EXPECT_EQ(normalPath("a/../../b"), "../b");
  EXPECT_EQ(normalPath("../../a/./..//b/"), "../../b");
  EXPECT_EQ(normalPath("../a/../.."), "../..");
  EXPECT_EQ(normalPath("/../../a"), "/a");
  EXPECT_EQ(normalPath("..a/..."), "..a/...");
}

TEST(PathsTest, PartsAreTheStepsUpAndTheNames) {
  auto shown = [](std::string_view path) {
    PathParts parts = partsOf(path);
    return std::to_string(parts.stepsUp) + " " + std::string(parts.names);
  };
  EXPECT_EQ(shown("."), "0 ");
  EXPECT_EQ(shown("/"), "0 ");
  EXPECT_EQ(shown("/a/b"), "0 a/b");
  EXPECT_EQ(shown("..a"), "0 ..a");
  EXPECT_EQ(shown(".."), "1 ");
  EXPECT_EQ(shown("../.."), "2 ");
  EXPECT_EQ(shown("../../a/b"), "2 a/b");
}

TEST(PathsTest, FromAKnownDirectoryEveryPathIsAbsolute) {
  EXPECT_EQ(normalPathFrom("/s/d", "a"), "/s/d/a");
  EXPECT_EQ(normalPathFrom("/s/d", "."), "/s/d");
  EXPECT_EQ(normalPathFrom("/s/d", "../x/./y/"), "/s/x/y");
  EXPECT_EQ(normalPathFrom("/s/d", "../../../../x"), "/x");
  EXPECT_EQ(normalPathFrom("/s/d", "/a/../b"), "/b");
  EXPECT_EQ(normalPathFrom("/", "a"), "/a");
  EXPECT_EQ(normalPathFrom("/s", ""), "");
}

TEST(PathsTest, WhatIsKnownAtRunTimeAlone) {
  EXPECT_EQ(normalPath(""), "");
  EXPECT_EQ(normalPath(std::string_view("a\0b", 3)), "");
}

TEST(PathsTest, ADirectoryConflictsWithAllBeneathIt) {
  EXPECT_TRUE(pathsConflict("a", "a"));
  EXPECT_TRUE(pathsConflict("a", "a/b"));
  EXPECT_TRUE(pathsConflict("a/b/c", "a"));
  EXPECT_TRUE(pathsConflict(".", "a"));
  EXPECT_TRUE(pathsConflict("/", "/a/b"));
  EXPECT_FALSE(pathsConflict("a", "ab"));
  EXPECT_FALSE(pathsConflict("a/b", "a/c"));
  EXPECT_TRUE(pathsConflict("a", "/b"));
}

namespace {
/// All absolute paths of at most `depth` names out of two.
std::vector<std::string> absolutePaths(int depth) {
  std::vector<std::string> all{"/"}, last{""};
  for (int i = 0; i != depth; ++i) {
    std::vector<std::string> next;
    for (const std::string &path : last)
      for (std::string_view name : {"/a", "/b"})
        next.push_back(path + std::string(name));
    all.insert(all.end(), next.begin(), next.end());
    last = next;
  }
  return all;
}
} // namespace

/// Every pair of short paths in every directory to be started in: what may be one file, or one beneath the
/// other, in one of them conflicts; of relative paths nothing else does; what always is overlaps.
TEST(PathsTest, ConflictsAreWhatSomeWorkingDirectoryMakesOverlap) {
  std::set<std::string> relative;
  for (std::string_view up : {"", "../", "../../", "../../../"})
    for (const std::string &path : absolutePaths(3))
      relative.insert(normalPath("./" + std::string(up) + path.substr(1)));
  std::vector<std::string> paths(relative.begin(), relative.end()), starts = absolutePaths(5);
  for (const std::string &path : absolutePaths(2))
    paths.push_back(path);
  for (const std::string &a : paths)
    for (const std::string &b : paths) {
      bool may = false, must = true;
      for (const std::string &start : starts) {
        bool overlaps = pathsOverlap(normalPathFrom(start, a), normalPathFrom(start, b));
        may |= overlaps;
        must &= overlaps;
      }
      const bool mixed = isAbsolutePath(a) != isAbsolutePath(b);
      EXPECT_TRUE(!may || pathsConflict(a, b)) << a << " and " << b;
      EXPECT_TRUE(may || mixed || !pathsConflict(a, b)) << a << " and " << b;
      EXPECT_TRUE(!pathsOverlap(a, b) || must) << a << " and " << b;
      EXPECT_EQ(pathsConflict(a, b), pathsConflict(b, a)) << a << " and " << b;
    }
}
