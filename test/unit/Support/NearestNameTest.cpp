#include "xcs/Support/NearestName.h"
#include <gtest/gtest.h>

using namespace xcs;

static std::string nearest(std::string_view wrong, std::initializer_list<std::string_view> known) {
  NearestName nearest(wrong);
  for (std::string_view name : known)
    nearest.offer(name);
  return nearest.suggestion();
}

TEST(NearestName, TakesTheNearestAndTheFirstOfEquals) {
  EXPECT_EQ(nearest("str.jion", {"str.find", "str.join", "list.pack"}), "; did you mean `str.join`");
  EXPECT_EQ(nearest("aac", {"aab", "aad"}), "; did you mean `aab`");
}

TEST(NearestName, SaysNothingWhenNothingIsNear) {
  EXPECT_EQ(nearest("zebra", {"str.join", "list.pack"}), "");
  EXPECT_EQ(nearest("a", {"b"}), "") << "two one-letter names have nothing in common";
  EXPECT_EQ(nearest("", {"b"}), "");
}

TEST(NearestName, DoesNotMeasureEndlessNames) {
  std::string endless(100000, 'a');
  EXPECT_EQ(nearest(endless, {endless}), "");
}

TEST(NearestName, PutsThePrefixBeforeTheName) {
  NearestName found("gpt4");
  found.offer("gpt");
  EXPECT_EQ(found.suggestion("@"), "; did you mean `@gpt`");
}
