#include "xcs/Io/Url.h"
#include <gtest/gtest.h>

using namespace xcs;

static std::string resolved(std::string_view base, std::string_view location) {
  std::string out, reason;
  return resolveUrl(base, location, out, reason) ? out : "refused: " + reason;
}

/// The normal examples of RFC 3986, 5.4.1, as far as http knows them.
TEST(Url, ALocationIsResolvedAgainstItsBase) {
  static constexpr std::string_view base = "http://a/b/c/d?q";
  EXPECT_EQ(resolved(base, "g"), "http://a/b/c/g");
  EXPECT_EQ(resolved(base, "./g"), "http://a/b/c/g");
  EXPECT_EQ(resolved(base, "/g"), "http://a/g");
  EXPECT_EQ(resolved(base, "//g/h"), "http://g/h");
  EXPECT_EQ(resolved(base, "?y"), "http://a/b/c/d?y");
  EXPECT_EQ(resolved(base, "../g?x=1"), "http://a/b/g?x=1");
  EXPECT_EQ(resolved(base, "https://h:8443/"), "https://h:8443/");
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
