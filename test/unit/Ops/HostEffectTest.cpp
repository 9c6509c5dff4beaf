#include "xcs/Ops/HostEffect.h"
#include <gtest/gtest.h>

using namespace xcs;

TEST(HostEffect, SaysWhatItDoesAndToWhat) {
  const struct {
    std::string_view text;
    Effect effect;
    std::string_view resource;
  } right[] = {{"pure", Effect::Pure, ""},
               {"sample", Effect::Sample, ""},
               {"read", Effect::Read, ""},
               {"read(db)", Effect::Read, "db"},
               {"write", Effect::WriteNever, ""},
               {"write(a b)", Effect::WriteNever, "a b"},
               {"read(\xc3\xa9)", Effect::Read, "\xc3\xa9"}};
  for (const auto &[text, effect, resource] : right) {
    std::optional<HostEffect> said = readHostEffect(text);
    ASSERT_TRUE(said) << text;
    EXPECT_EQ(said->effect, effect) << text;
    EXPECT_EQ(said->resource, resource) << text;
  }
}

TEST(HostEffect, AnythingElseIsNone) {
  for (std::string_view text :
       {"", "Pure", "pure(a)", "sample(a)", "reads", "read(", "read)", "read()", "read(a)b", "read(a",
        "write(a(b))", "write((a))", "write(a\nb)", " read", "read (a)"})
    EXPECT_FALSE(readHostEffect(text)) << text;
}
