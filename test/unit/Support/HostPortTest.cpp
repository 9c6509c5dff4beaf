#include "xcs/Support/HostPort.h"
#include <gtest/gtest.h>

using namespace xcs;

static std::string read(std::string_view text) {
  auto at = readHostPort(text);
  return at ? at->text() : "refused: " + std::string(at.error());
}

static std::string origin(std::string_view text) {
  auto url = readUrl(text);
  return url ? url->origin() : "refused: " + std::string(url.error());
}

TEST(HostPort, AHostMayHaveAPort) {
  EXPECT_EQ(read("Example.ORG"), "example.org");
  EXPECT_EQ(read("example.org:8080"), "example.org:8080");
  EXPECT_EQ(read("example.org:0080"), "example.org:80");
  EXPECT_EQ(read("[::1]"), "[::1]");
  EXPECT_EQ(read("[2001:DB8:0::1]:443"), "[2001:db8::1]:443");
  EXPECT_EQ(read("b\xc3\xbc"
                 "cher.example:1"),
            "b\xc3\xbc"
            "cher.example:1");
}

TEST(HostPort, APortIsANumberFrom1To65535) {
  for (std::string_view port : {"", "0", "000", "65536", "99999999999999999999", "-1", "+80", " 80", "80 ",
                                "80:90", "0x50", "8_0", "\xd9\xa8"}) {
    EXPECT_TRUE(read("h:" + std::string(port)).starts_with("refused: ")) << port;
    EXPECT_TRUE(read("[::1]:" + std::string(port)).starts_with("refused: ")) << port;
  }
  EXPECT_EQ(read("h:65535"), "h:65535");
  EXPECT_EQ(read("h:00000000000000000000001"), "h:1");
}

/// As inet_aton reads them: octal and hexadecimal parts, and fewer than four.
TEST(HostPort, NumbersAreIpv4Addresses) {
  for (std::string_view text : {"127.0.0.1", "127.1", "127.0.1", "0x7f.1", "0X7F.0.0.1", "0177.0.0.1",
                                "2130706433", "0x7f000001", "017700000001", "%31%32%37.0.0.1", "%30x7f.1"})
    EXPECT_EQ(read(text), "127.0.0.1") << text;
  for (std::string_view text : {"127.0.0.256", "4294967296", "1.2.3.4.5", "0x", "08.1.1.1", "face", "1e"})
    EXPECT_EQ(read(text), text); // names, which a resolver may know
}

TEST(HostPort, AnIpv6AddressStandsInBracketsAndMayHaveAScope) {
  EXPECT_EQ(read("[fe80::1%eth0]:80"), "[fe80::1]:80");
  EXPECT_EQ(read("[fe80::1%25eth0]"), "[fe80::1]");
  EXPECT_EQ(read("[::ffff:127.0.0.1]"), "[::ffff:127.0.0.1]");
  for (std::string_view text : {"::1", "fe80::1", "[::1", "::1]", "[]", "[:::]", "[1.2.3.4]", "[name]",
                                "[::1]x", "[::1]80", "[::1]]:80", "[[::1]]", "[::1%]", "[::1%e h]",
                                "[::1%25/]", "[::1]%25e", "[::1%0123456789abcdef]", "%5b::1%5d"})
    EXPECT_TRUE(read(text).starts_with("refused: ")) << text;
}

TEST(HostPort, AHostConsistsOfCharactersOfNames) {
  for (std::string_view text :
       {"",      ":80",   "*",      "*.org",  "a@b",   "http://a", "a/b",  "a b",   " a",
        "a\t",   "a\n",   "a\\b",   "a?b",    "a#b",   "a%",       "a%4",  "a%zz",  "a%00b",
        "a%2fb", "a%40b", "a%3a80", "a%2541", "a%0ab", "a%ff",     "\xff", "a\x7f", "a\xc2\x80",
        "a!b",   "a,b",   "a;b",    "a=b",    "a&b",   "a'b",      "a\"b", "a<b",   "a|b",
        "a^b",   "a`b",   "a{b",    "a$b",    "a(b",   "a+b",      "a~b"})
    EXPECT_TRUE(read(text).starts_with("refused: ")) << text;
  EXPECT_TRUE(read(std::string_view("a\0b", 3)).starts_with("refused: "));
  EXPECT_EQ(read("ex%41mple%2eorg"), "example.org");
}

TEST(HostPort, AUrlLeadsToItsAuthority) {
  EXPECT_EQ(origin("HTTP://A.test"), "http://a.test:80");
  EXPECT_EQ(origin("https://a.test?x@b.test"), "https://a.test:443");
  EXPECT_EQ(origin("https://a.test:/x"), "https://a.test:443");
  EXPECT_EQ(origin("http://a.test#@b.test/"), "http://a.test:80");
  EXPECT_EQ(origin("http://a.test/@b.test/"), "http://a.test:80");
  EXPECT_EQ(origin("http://[::1]:08080/x"), "http://[::1]:8080");
}

TEST(HostPort, AUrlThatMightBeReadInTwoWaysLeadsNowhere) {
  for (std::string_view text : {"",
                                "a",
                                "/a",
                                "//a",
                                "a/http://b",
                                "?http://a",
                                ":",
                                "://a",
                                "http",
                                "http:",
                                "http:/",
                                "http://",
                                "http:///a",
                                "http:////a",
                                "http:/a",
                                "http:a",
                                "http:\\\\a",
                                " http://a",
                                "ftp://a",
                                "httpx://a",
                                "file:///a",
                                "http://a@b/",
                                "http://@b/",
                                "http://:@b/",
                                "http://a\\@b/",
                                "http://a\\b/",
                                "http://a@b@c/",
                                "http://[::1]:80:90/",
                                "http://a:80:90/",
                                "http://a:-1/",
                                "http://a:+1/",
                                "http://a: 1/",
                                "http://a:65536/",
                                "http://a:0/",
                                "http://?a",
                                "http://:80/",
                                "http://a:80@b/",
                                "http://a%40b/x",
                                "http://a%2f@b"})
    EXPECT_TRUE(origin(text).starts_with("refused: ")) << text << " leads to " << origin(text);
  EXPECT_EQ(origin("http://a@b"), "refused: credentials do not belong in a URL; use a secret in a header");
}

TEST(HostPort, TheIdentityOfAHostIsWhereAConnectionGoes) {
  EXPECT_EQ(hostIdentity("A.test."), "a.test");
  EXPECT_EQ(hostIdentity("0.0.0.0"), "127.0.0.1");
  EXPECT_EQ(hostIdentity("::"), "::1");
  EXPECT_EQ(hostIdentity("::ffff:10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(hostIdentity("::ffff:0:0"), "127.0.0.1");
  EXPECT_EQ(hostIdentity("fe80::1%eth0"), "fe80::1");
  EXPECT_EQ(hostIdentity("10.1."), "10.0.0.1");
  EXPECT_EQ(hostIdentity("."), ".");
  EXPECT_EQ(hostIdentity(""), "");
}

TEST(HostPort, ALiteralHostIsAnAddressOrTheLocalOne) {
  for (std::string_view host : {"localhost", "LocalHost", "127.0.0.1", "::1", "fe80::1"})
    EXPECT_TRUE(isLiteralHost(host)) << host;
  for (std::string_view host : {"", "localhost.", "a.localhost", "example.org", "256.1.1.1", "[::1]"})
    EXPECT_FALSE(isLiteralHost(host)) << host;
}
