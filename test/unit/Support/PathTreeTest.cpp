#include "xcs/Support/PathTree.h"
#include "xcs/Support/Paths.h"
#include <gtest/gtest.h>
#include <map>

using namespace xcs;

TEST(PathTreeTest, AChainIsTheDirectoriesAboveAndThePath) {
  PathTree tree;
  std::map<std::string, uint32_t> numbers;
  for (std::string_view path : {".", "a/b", "a", "b", "a/b/c", "/", "/a", "/a/b", "a/c", "b/a", "..", "../a",
                                "../a/b", "../..", "../../a", "..a"}) {
    std::vector<std::string_view> texts = directoriesAbove(path);
    texts.push_back(path);
    std::span<const uint32_t> chain = tree.chainOf(path);
    ASSERT_EQ(chain.size(), texts.size()) << path;
    for (size_t i = 0; i != texts.size(); ++i) {
      auto [at, added] = numbers.emplace(texts[i], chain[i]);
      EXPECT_EQ(at->second, chain[i]) << texts[i];
    }
  }
  // Different paths have different numbers, all of them below the size.
  std::map<uint32_t, std::string> texts;
  for (const auto &[text, number] : numbers) {
    EXPECT_LT(number, tree.size());
    EXPECT_TRUE(texts.emplace(number, text).second) << text;
  }
  EXPECT_EQ(tree.size(), numbers.size());
}

TEST(PathTreeTest, ADeepPathTakesAPlaceAPart) {
  std::string deep = "a";
  for (int i = 1; i != 100'000; ++i)
    deep += "/a";
  PathTree tree;
  EXPECT_EQ(tree.chainOf(deep).size(), 100'001u);
  EXPECT_EQ(tree.size(), 100'002u);
  (void)tree.chainOf(deep);
  EXPECT_EQ(tree.size(), 100'002u);
}
