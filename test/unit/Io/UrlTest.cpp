#include "xcs/Io/Url.h"
#include <gtest/gtest.h>
#include <utility>

using namespace xcs;

static std::string resolved(std::string_view base, std::string_view location) {
  std::string out, reason;
  return resolveUrl(base, location, out, reason) ? out : "refused: " + reason;
}

/// All examples of RFC 3986, 5.4, whose base and scheme http knows.
TEST(Url, ALocationIsResolvedAgainstItsBase_RFC3986_5_4_1) {
  static constexpr std::string_view base = "http://a/b/c/d;p?q";
  static constexpr std::pair<std::string_view, std::string_view> examples[] = {
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g/", "http://g/"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q"},
      {"g#s", "http://a/b/c/g"},
      {"g?y#s", "http://a/b/c/g?y"},
      {";x", "http://a/b/c/;x"},
      {"g;x", "http://a/b/c/g;x"},
      {"g;x?y#s", "http://a/b/c/g;x?y"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../", "http://a/"},
      {"../../g", "http://a/g"},
  };
  for (const auto &[location, expected] : examples)
    EXPECT_EQ(resolved(base, location), expected) << location;
}

TEST(Url, OddLocationsAreResolvedAsTheRfcSays_RFC3986_5_4_2) {
  static constexpr std::string_view base = "http://a/b/c/d;p?q";
  static constexpr std::pair<std::string_view, std::string_view> examples[] = {
      {"../../../g", "http://a/g"},
      {"../../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {".g", "http://a/b/c/.g"},
      {"g..", "http://a/b/c/g.."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/./x", "http://a/b/c/g?y/./x"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"g#s/./x", "http://a/b/c/g"},
      {"g#s/../x", "http://a/b/c/g"},
  };
  for (const auto &[location, expected] : examples)
    EXPECT_EQ(resolved(base, location), expected) << location;
}

TEST(Url, APathStandsBehindThePathAndBeforeTheQueryOfItsBase) {
  EXPECT_EQ(joinUrl("http://h", "a"), "http://h/a");
  EXPECT_EQ(joinUrl("http://h//", "//a"), "http://h/a");
  EXPECT_EQ(joinUrl("http://h/d?api-version=1", "chat/completions"),
            "http://h/d/chat/completions?api-version=1");
  EXPECT_EQ(joinUrl("http://h/d/?v=1", "/a?b=2"), "http://h/d/a?v=1&b=2");
  EXPECT_EQ(joinUrl("http://h?v=1", "a"), "http://h/a?v=1");
  EXPECT_EQ(joinUrl("http://h/d?", "a?"), "http://h/d/a");
  EXPECT_EQ(joinUrl("http://h/search", "?q=1"), "http://h/search?q=1");
  EXPECT_EQ(joinUrl("http://h/items", ""), "http://h/items");
  EXPECT_EQ(joinUrl("http://h/items/", ""), "http://h/items/");
  EXPECT_EQ(joinUrl("http://h/a#part", "b?c#d"), "http://h/a/b?c");
}

TEST(Url, DotSegmentsThatLeadOutAreFound_RFC3986_5_2_4) {
  for (std::string_view path : {"..", "../", "../../admin", "a/../../b", "./../b", "/../a", "a//../../..",
                                "%2e%2e/a", ".%2E/a", "%2e./a", "a/%2e%2e/%2E%2e/b", "..\\a", "..%2fa",
                                "..%5Ca", "%2e%2e%2f", "../?x", "..#x", "a/./../.."})
    EXPECT_TRUE(escapesBase(path)) << path;
  for (std::string_view path :
       {"", "a", "a/..", "a/../b", "./a", "...", "..a", "a..", "?../..", "a?x=../../b", "a#/../..", "%2e",
        "a/%2e%2e/b", "%252e%252e/a", "a%2f..", "%2", "%"})
    EXPECT_FALSE(escapesBase(path)) << path;
}

TEST(Url, WhatIsNotAsciiIsPercentEncoded_RFC3986_2_5) {
  EXPECT_EQ(encodedUrl("http://h/\u00e4?q=\u00fc&\u20ac=1"), "http://h/%C3%A4?q=%C3%BC&%E2%82%AC=1");
  EXPECT_EQ(encodedUrl("http://h?\u00e4"), "http://h?%C3%A4");
  EXPECT_EQ(encodedUrl("http://h/a%20b?c=%C3%A4"), "http://h/a%20b?c=%C3%A4")
      << "what is encoded stays as it is";
  EXPECT_EQ(encodedUrl("http://b\u00fccher/a"), "http://b\u00fccher/a") << "a host has a form of its own";
}

TEST(Url, ALocationLosesItsFragment) {
  EXPECT_EQ(resolved("http://a/b", "/c#part"), "http://a/c");
  EXPECT_EQ(resolved("http://a/b#old", "c"), "http://a/c");
}

TEST(Url, OtherSchemesAreSeenNotFollowed) {
  std::string out, reason;
  ASSERT_TRUE(resolveUrl("http://a/b", "file:///etc/passwd", out, reason));
  Url url;
  EXPECT_FALSE(parseUrl(out, url, reason));
  EXPECT_EQ(reason, "only http and https are supported");
}

TEST(Url, PartsAreThoseGrantsSee) {
  Url url;
  std::string reason;
  ASSERT_TRUE(parseUrl("HTTPS://Example.org/a?b=c", url, reason)) << reason;
  EXPECT_EQ(url.origin(), "https://example.org:443");
  ASSERT_TRUE(parseUrl("http://[::1]:8080/", url, reason)) << reason;
  EXPECT_EQ(url.host(), "::1");
  EXPECT_EQ(url.hostPort(), "[::1]:8080");
  for (std::string_view text :
       {"http://me:secret@a/", "http://a/b c\n", "", "file:///etc/passwd", "no url", "/relative"})
    EXPECT_FALSE(parseUrl(text, url, reason)) << text;
}

TEST(Url, ANulIsNoEnd) {
  Url url;
  std::string reason;
  EXPECT_FALSE(parseUrl(std::string_view("http://a/b\0.evil", 16), url, reason));
  EXPECT_EQ(reason, "it contains a NUL character");
}

TEST(Url, CredentialsAreNotShown) {
  EXPECT_EQ(withoutCredentials("http://me:secret@h:1/a@b?c@d"), "http://h:1/a@b?c@d");
  EXPECT_EQ(withoutCredentials("http://me:p@ss@h/"), "http://h/");
  EXPECT_EQ(withoutCredentials("//me:secret@h/a"), "//h/a");
  EXPECT_EQ(withoutCredentials("me:secret@h:8080"), "h:8080");
  EXPECT_EQ(withoutCredentials("http://h/a@b"), "http://h/a@b");
  EXPECT_EQ(withoutCredentials("/a:b@c"), "/a:b@c");
}
