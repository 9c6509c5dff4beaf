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

TEST(PathsTest, ADirectoryHoldsItselfAndAllBeneathIt) {
  EXPECT_TRUE(isWithin("a", "a"));
  EXPECT_TRUE(isWithin("a/b", "a"));
  EXPECT_TRUE(isWithin("a", "."));
  EXPECT_TRUE(isWithin("/a/b", "/"));
  EXPECT_FALSE(isWithin("a", "a/b"));
  EXPECT_FALSE(isWithin("ab", "a"));
  EXPECT_FALSE(isWithin("a/c", "a/b"));
}
