#include "Io/Proxy.h"
#include <gtest/gtest.h>

using namespace xcs;

TEST(Proxy, IsChosenByScheme) {
  ProxyRules rules("http://a:1", "http://b:2", "http://c:3", "");
  EXPECT_EQ(rules.proxyFor("http", "x.example"), "http://a:1");
  EXPECT_EQ(rules.proxyFor("https", "x.example"), "http://b:2");
}

TEST(Proxy, OneForAllStandsInForTheOthers) {
  ProxyRules rules("", "http://b:2", "http://c:3", "");
  EXPECT_EQ(rules.proxyFor("http", "x.example"), "http://c:3");
  EXPECT_EQ(rules.proxyFor("https", "x.example"), "http://b:2");
  EXPECT_EQ(ProxyRules("", "", "", "").proxyFor("http", "x.example"), "");
}

TEST(Proxy, AnExceptionIsANameAndAllBeneathIt) {
  ProxyRules rules("http://p:1", "", "", "corp.example, .dot.example\tTail.example.");
  for (std::string_view direct : {"corp.example", "a.b.corp.example", "CORP.example", "dot.example",
                                  "x.dot.example", "tail.example", "corp.example."})
    EXPECT_EQ(rules.proxyFor("http", direct), "") << direct;
  for (std::string_view proxied : {"notcorp.example", "example", "corp.example.org", ""})
    EXPECT_EQ(rules.proxyFor("http", proxied), "http://p:1") << proxied;
}

TEST(Proxy, AnExceptionIsAnAddressOrABlock) {
  ProxyRules rules("http://p:1", "", "",
                   "10.0.0.0/8,192.168.1.7,[::1],fd00::/8,1.2.3.4/33,1.2.3.4/,5.6.7.8/x");
  for (std::string_view direct : {"10.200.1.1", "192.168.1.7", "::1", "fd12::1"})
    EXPECT_EQ(rules.proxyFor("http", direct), "") << direct;
  for (std::string_view proxied :
       {"11.0.0.1", "192.168.1.8", "::2", "fe80::1", "1.2.3.4", "5.6.7.8", "10.example"})
    EXPECT_EQ(rules.proxyFor("http", proxied), "http://p:1") << proxied;
}

TEST(Proxy, AStarExceptsEverything) {
  EXPECT_EQ(ProxyRules("http://p:1", "", "", "*").proxyFor("http", "x.example"), "");
}

TEST(Proxy, OneThatCannotBeReadIsNotUsable) {
  for (const char *good :
       {"http://p:1", "p", "p:1", "socks5h://p:1", "http://u:p%20w@p:1", "http://u@p", "http://[::1]:1"})
    EXPECT_TRUE(isUsableProxy(good)) << good;
  for (const char *bad : {"http://u:p%0d%0aX-Evil:1@p:1", "http://u%00:p@p:1", "http://p:1/\r\nX-Evil: 1",
                          "http://p:99999", "http://", "http://a b:1"})
    EXPECT_FALSE(isUsableProxy(bad)) << bad;
}
