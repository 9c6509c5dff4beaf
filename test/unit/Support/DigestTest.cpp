#include "xcs/Support/Digest.h"
#include <gtest/gtest.h>

using namespace xcs;

/// Plans and draws outlive a release: what stands here must not change. The values are those of xxhsum 0.8
/// (`xxhsum -H3`) and of the authors of FNV.
TEST(DigestTest, IsTheOneOfTheAlgorithmsAuthors) {
  EXPECT_EQ(digestOf(""), 0x2d06800538d394c2u);
  EXPECT_EQ(digestOf("a"), 0xe6c632b61e964e1fu);
  EXPECT_EQ(fnv1a(""), 0xcbf29ce484222325u);
  EXPECT_EQ(fnv1a("a"), 0xaf63dc4c8601ec8cu);
  EXPECT_EQ(fnv1a("foobar"), 0x85944171f73967e8u);
}

TEST(DigestTest, TwoNumbersAreTheirBytes) {
  const uint64_t pair[2] = {1, uint64_t(1) << 40};
  EXPECT_EQ(digestOf(pair[0], pair[1]),
            digestOf(std::string_view(reinterpret_cast<const char *>(pair), sizeof pair)));
  EXPECT_NE(digestOf(1, 2), digestOf(2, 1));
}

TEST(DigestTest, ASeedIsAnotherDigest) {
  EXPECT_NE(digestOf("a", 1), digestOf("a"));
  EXPECT_NE(digestOf("a", 1), digestOf("a", 2));
  EXPECT_EQ(fnv1a("foobar"), fnv1a("bar", fnv1a("foo")));
}
