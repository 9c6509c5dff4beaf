#include "xcs/Support/Ids.h"
#include "xcs/Support/InternIndex.h"
#include "xcs/Support/Limits.h"
#include "xcs/Support/Result.h"
#include <gtest/gtest.h>
#include <string>

using namespace xcs;

TEST(InternIndex, FindsWhatWasInsertedAcrossGrowth) {
  InternIndex index;
  // Hashes whose low halves collide: probing must go on, tags and content must tell them apart.
  auto hash = [](uint32_t i) { return (uint64_t(i / 2) << 32) | (i % 7); };
  for (uint32_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(index.find(hash(i), [&](uint32_t at) { return at == i; }), InternIndex::absent);
    index.insert(hash(i), i);
  }
  for (uint32_t i = 0; i < 1000; ++i)
    EXPECT_EQ(index.find(hash(i), [&](uint32_t at) { return at == i; }), i);
  EXPECT_EQ(index.size(), 1000u);
}

TEST(Limits, AreFoundAndSetByName) {
  Limits limits;
  auto depth = Limits::byName("nesting-depth");
  ASSERT_TRUE(depth.has_value());
  EXPECT_EQ(*depth, Limit::NestingDepth);
  EXPECT_EQ(limits[*depth], 256u);
  limits.set(*depth, 3);
  EXPECT_EQ(limits[Limit::NestingDepth], 3u);
  EXPECT_FALSE(Limits::byName("nesting").has_value());
}

TEST(Id, TheAllOnesIndexIsNone) {
  EXPECT_FALSE(TypeId().valid());
  EXPECT_TRUE(TypeId(0u).valid());
  EXPECT_EQ(TypeId(), TypeId(UINT32_MAX));
}

TEST(Result, HoldsAValueOrAnError) {
  Result<int, std::string> good(3), bad(std::string("no"));
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(*good, 3);
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error(), "no");
  EXPECT_TRUE(success().ok());
  EXPECT_FALSE(Status(Failure{}).ok());
}
