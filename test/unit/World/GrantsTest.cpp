#include "xcs/World/Grants.h"
#include <gtest/gtest.h>

using namespace xcs;

TEST(Grants, NothingIsAllowedByDefault) {
  Grants grants;
  EXPECT_FALSE(grants.mayConnect("127.0.0.1", 80, 80));
  EXPECT_FALSE(grants.mayReadEnv("HOME"));
  EXPECT_FALSE(grants.maySend("KEY", "127.0.0.1", 80, 80));
}

TEST(Grants, NoPortMeansTheSchemesOwn) {
  Grants grants;
  ASSERT_TRUE(grants.allowNet("example.org"));
  EXPECT_TRUE(grants.mayConnect("example.org", 443, 443));
  EXPECT_TRUE(grants.mayConnect("EXAMPLE.org", 80, 80));
  EXPECT_FALSE(grants.mayConnect("example.org", 8080, 80));
}

TEST(Grants, APortMeansThatPortAlone) {
  Grants grants;
  ASSERT_TRUE(grants.allowNet("127.0.0.1:8080"));
  EXPECT_TRUE(grants.mayConnect("127.0.0.1", 8080, 80));
  EXPECT_FALSE(grants.mayConnect("127.0.0.1", 80, 80));
}

TEST(Grants, SubdomainsAreOtherHosts) {
  Grants grants;
  ASSERT_TRUE(grants.allowNet("example.org"));
  EXPECT_FALSE(grants.mayConnect("evil.example.org", 443, 443));
  EXPECT_FALSE(grants.mayConnect("example.org.evil", 443, 443));
}

TEST(Grants, DenyWinsOverAllowAndOverAll) {
  Grants grants;
  ASSERT_TRUE(grants.allowNet("example.org:8080"));
  grants.allowAll();
  ASSERT_TRUE(grants.denyNet("example.org"));
  EXPECT_FALSE(grants.mayConnect("example.org", 8080, 80));
  EXPECT_FALSE(grants.mayConnect("example.org", 443, 443));
  EXPECT_TRUE(grants.mayConnect("other.org", 443, 443));
}

TEST(Grants, Ipv6InBrackets) {
  Grants grants;
  ASSERT_TRUE(grants.allowNet("[::1]:8080"));
  EXPECT_TRUE(grants.mayConnect("::1", 8080, 80));
  EXPECT_FALSE(grants.mayConnect("::1", 80, 80));
}

TEST(Grants, RefusesWhatIsNoHost) {
  Grants grants;
  for (const char *text : {"", ":80", "host:", "host:0", "host:65536", "host:80x", "http://host", "*",
                           "*.org", "[::1", "[::1]x", "a@b"})
    EXPECT_FALSE(grants.allowNet(text)) << text;
}

TEST(Grants, ASecretGoesToItsHostAlone) {
  Grants grants;
  ASSERT_TRUE(grants.allowSecret("KEY@api.example.org"));
  EXPECT_TRUE(grants.maySend("KEY", "api.example.org", 443, 443));
  EXPECT_FALSE(grants.maySend("KEY", "other.org", 443, 443));
  EXPECT_FALSE(grants.maySend("OTHER", "api.example.org", 443, 443));
  EXPECT_FALSE(grants.allowSecret("KEY"));
  EXPECT_FALSE(grants.allowSecret("@host"));
}

TEST(Grants, AHostIsWhatItIsNotHowItIsWritten) {
  Grants grants;
  grants.allowAll();
  for (const char *host : {"127.0.0.1", "localhost", "[::1]", "[2001:DB8:0:0::1]", "10.1"})
    ASSERT_TRUE(grants.denyNet(host)) << host;
  for (const char *host :
       {"127.0.0.1", "::ffff:127.0.0.1", "::FFFF:7F00:1", "0:0:0:0:0:ffff:127.0.0.1", "127.1", "0x7f.1",
        "2130706433", "127.0.0.1.", "localhost.", "LocalHost", "0:0:0:0:0:0:0:1", "2001:db8::1", "10.0.0.1"})
    EXPECT_FALSE(grants.mayConnect(host, 80, 80)) << host;
  for (const char *host : {"127.0.0.2", "::ffff:127.0.0.2", "localhost.org", "::2", "face", "x", "."})
    EXPECT_TRUE(grants.mayConnect(host, 80, 80)) << host;
}

TEST(Grants, WhatANameResolvedToMayBeDeniedToo) {
  Grants grants;
  ASSERT_TRUE(grants.allowNet("example.org"));
  ASSERT_TRUE(grants.denyNet("10.0.0.1:80"));
  ASSERT_TRUE(grants.denyNet("10.0.0.2"));
  EXPECT_FALSE(grants.mayReach("10.0.0.1", 80));
  EXPECT_TRUE(grants.mayReach("10.0.0.1", 8080));
  EXPECT_FALSE(grants.mayReach("::ffff:10.0.0.2", 8080));
  EXPECT_TRUE(grants.mayReach("10.0.0.3", 80)); // it need not be granted
}
