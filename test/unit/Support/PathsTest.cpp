#include "xcs/Support/Paths.h"
#include <gtest/gtest.h>

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

TEST(PathsTest, WhatIsKnownAtRunTimeAlone) {
  EXPECT_EQ(normalPath(""), "");
  EXPECT_EQ(normalPath(".."), "");
  EXPECT_EQ(normalPath("a/../../b"), "");
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
