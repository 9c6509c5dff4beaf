#include "World/Glob.h"
#include <gtest/gtest.h>

using namespace xcs;

namespace {

/// Whether a path meets a pattern: name by name, as a search asks.
bool meets(std::string_view text, std::string_view path) {
  std::string why;
  std::optional<GlobPattern> pattern = GlobPattern::parse(text, why);
  EXPECT_TRUE(pattern) << text << ": " << why;
  GlobPattern::Places places = pattern->start();
  bool isWhole = false;
  for (size_t at = 0; at <= path.size();) {
    const size_t end = std::min(path.find('/', at), path.size());
    places = pattern->after(places, path.substr(at, end - at), isWhole);
    at = end + 1;
  }
  return isWhole;
}

std::string wrong(std::string_view text) {
  std::string why;
  return GlobPattern::parse(text, why) ? "" : why;
}

} // namespace

TEST(Glob, NamesAreMetWhole) {
  EXPECT_TRUE(meets("a.md", "a.md"));
  EXPECT_FALSE(meets("a.md", "a.md2"));
  EXPECT_FALSE(meets("a.md", "axmd"));
  EXPECT_FALSE(meets("a", "a/b"));
  EXPECT_FALSE(meets("a/b", "a"));
  EXPECT_TRUE(meets("./a//b/.", "a/b"));
}

TEST(Glob, RunsTakeAnyCharactersOfOneName) {
  EXPECT_TRUE(meets("*", "a"));
  EXPECT_TRUE(meets("a*b*c", "a-b-b-c"));
  EXPECT_TRUE(meets("a*", "a"));
  EXPECT_TRUE(meets("a**b", "axxb"));
  EXPECT_FALSE(meets("a*b", "a/b"));
  EXPECT_FALSE(meets("*a", "b"));
  EXPECT_TRUE(meets("*ab", "aab"));
}

TEST(Glob, ManyRunsTakeTheProductOfTheLengthsAtMost) {
  std::string pattern, name(255, 'a');
  for (int i = 0; i < 100; ++i)
    pattern += "*a";
  EXPECT_FALSE(meets(pattern + "b", name));
  EXPECT_TRUE(meets(pattern, name));
}

TEST(Glob, ACharacterIsOneOfUtf8OrAByteThatIsNone) {
  EXPECT_TRUE(meets("?", "\u00e9"));
  EXPECT_FALSE(meets("??", "\u00e9"));
  EXPECT_TRUE(meets("?", "\U0001f600"));
  EXPECT_TRUE(meets("?x", "\xFFx"));
  EXPECT_TRUE(meets("??", "\xC3\xC3"));
  EXPECT_TRUE(meets("*", "\xE2\x82"));
}

TEST(Glob, Sets) {
  EXPECT_TRUE(meets("[a-c]x", "bx"));
  EXPECT_FALSE(meets("[a-c]x", "dx"));
  EXPECT_TRUE(meets("[!a-c]x", "dx"));
  EXPECT_FALSE(meets("[!a-c]x", "ax"));
  EXPECT_TRUE(meets("[]]", "]"));
  EXPECT_TRUE(meets("[!]]", "x"));
  EXPECT_TRUE(meets("[a-]", "-"));
  EXPECT_TRUE(meets("[*]", "*"));
  EXPECT_FALSE(meets("[*]", "x"));
  EXPECT_TRUE(meets("[\u00e0-\u00ff]", "\u00e9"));
  EXPECT_FALSE(meets("[c-a]", "b"));
}

TEST(Glob, ADotAtTheBeginningIsWritten) {
  EXPECT_FALSE(meets("*", ".a"));
  EXPECT_FALSE(meets("?a", ".a"));
  EXPECT_FALSE(meets("[.]a", ".a"));
  EXPECT_TRUE(meets(".*", ".a"));
  EXPECT_TRUE(meets("a*", "a.b"));
  EXPECT_FALSE(meets("**", ".a"));
  EXPECT_FALSE(meets("**/x", ".a/x"));
  EXPECT_TRUE(meets(".a/**/x", ".a/x"));
}

TEST(Glob, AnyNumberOfNames) {
  EXPECT_TRUE(meets("**", "a"));
  EXPECT_TRUE(meets("**", "a/b/c"));
  EXPECT_TRUE(meets("**/c", "c"));
  EXPECT_TRUE(meets("**/c", "a/b/c"));
  EXPECT_FALSE(meets("**/c", "a/c/b"));
  EXPECT_TRUE(meets("a/**/b", "a/b"));
  EXPECT_TRUE(meets("a/**/b/**/c", "a/x/b/b/y/c"));
  EXPECT_TRUE(meets("**/**/c", "a/c"));
  EXPECT_FALSE(meets("a/**", "a"));
  EXPECT_TRUE(meets("a/**", "a/b"));
}

TEST(Glob, WhatIsNoPattern) {
  EXPECT_EQ(wrong("[a"), "close each `[` with a `]` before the next `/`");
  EXPECT_EQ(wrong("[!]"), "close each `[` with a `]` before the next `/`");
  EXPECT_EQ(wrong("[]"), "close each `[` with a `]` before the next `/`");
  for (std::string_view text : {"/a", "..", "a/../b", ".", "./"})
    EXPECT_TRUE(wrong(text).starts_with("name something beneath the directory")) << text;
  for (std::string_view text : {std::string_view(), std::string_view("a\0b", 3)})
    EXPECT_TRUE(wrong(text).starts_with("have 1 to 4096 bytes")) << text;
  EXPECT_TRUE(wrong(std::string(4097, 'a')).starts_with("have 1 to 4096 bytes"));
  EXPECT_EQ(wrong("a..b"), "");
}

TEST(Glob, ASlashAtTheEndWantsDirectories) {
  std::string why;
  EXPECT_TRUE(GlobPattern::parse("a/", why)->wantsDirectories());
  EXPECT_FALSE(GlobPattern::parse("a", why)->wantsDirectories());
}
