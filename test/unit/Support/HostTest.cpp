#include "xcs/Support/Host.h"
#include <cstdlib>
#include <gtest/gtest.h>

using namespace xcs;

TEST(Host, TheProcessIsReadAndNotChanged) {
  ProcessHost host;
  setenv("XCS_TEST_HOST", "a value", 1);
  setenv("XCS_TEST_EMPTY", "", 1);
  EXPECT_EQ(host.environment("XCS_TEST_HOST"), "a value");
  EXPECT_EQ(host.environment("XCS_TEST_EMPTY"), "");
  EXPECT_EQ(host.environment("XCS_TEST_NOT_SET"), std::nullopt);
  EXPECT_EQ(host.environment(std::string_view("XCS_TEST_HOST\0x", 15)), std::nullopt)
      << "a name ends at no NUL";
  EXPECT_GT(host.timeOfDay(), int64_t(1'700'000'000) * 1'000'000'000);
  EXPECT_NE(host.entropy(), host.entropy());
}

TEST(Host, AFakeOneIsWhatTheTestSays) {
  FakeHost one, other;
  one.variables["NAME"] = "value";
  one.time = 5;
  EXPECT_EQ(one.environment("NAME"), "value");
  EXPECT_EQ(one.environment("PATH"), std::nullopt);
  EXPECT_EQ(one.timeOfDay(), 5);
  EXPECT_EQ(one.entropy(), other.entropy());
  EXPECT_NE(one.entropy(), one.entropy());
  one.log("a\n", [] { return true; });
  one.log("b\nc\n", [] { return false; });
  EXPECT_EQ(one.logged(), "a\nb\nc\n");
  EXPECT_EQ(other.logged(), "");
}
