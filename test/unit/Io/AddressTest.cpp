#include "Io/Address.h"
#include <arpa/inet.h>
#include <cstring>
#include <gtest/gtest.h>
#include <netinet/in.h>

using namespace xcs;

static bool isPrivate(const char *text) {
  sockaddr_storage storage{};
  auto *address = reinterpret_cast<sockaddr *>(&storage);
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    std::memcpy(&storage, &v4, sizeof v4);
  } else {
    EXPECT_EQ(inet_pton(AF_INET6, text, &v6.sin6_addr), 1) << text;
    v6.sin6_family = AF_INET6;
    std::memcpy(&storage, &v6, sizeof v6);
  }
  return isPrivateAddress(*address);
}

TEST(Address, ThisMachineAndPrivateNetworksArePrivate) {
  for (const char *text :
       {"127.0.0.1",      "127.255.0.1",     "0.0.0.0",     "10.1.2.3",  "172.16.0.1",      "172.31.255.255",
        "192.168.0.1",    "169.254.169.254", "100.64.0.1",  "192.0.0.1", "192.0.2.1",       "198.18.0.1",
        "198.19.255.255", "198.51.100.1",    "203.0.113.1", "224.0.0.1", "255.255.255.255", "100::1",
        "2001:db8::1",    "2001:1ff::1",     "::",          "::1",       "fe80::1",         "fec0::1",
        "fc00::1",        "fdff::1",         "ff02::1"})
    EXPECT_TRUE(isPrivate(text)) << text;
}

TEST(Address, OthersAreNot) {
  for (const char *text : {"8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "169.253.0.1",
                           "192.0.1.1", "198.17.255.255", "198.20.0.1", "223.255.255.255", "2001:200::1",
                           "2001:4860:4860::8888", "2606:4700::1111"})
    EXPECT_FALSE(isPrivate(text)) << text;
}

TEST(Address, AnIpv6AddressThatStandsForAnIpv4OneIsAsPrivateAsThat) {
  for (const char *text : {"::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::10.0.0.1",
                           "2002:c0a8:1::", "64:ff9b:1::1", "2001:0:1::1"})
    EXPECT_TRUE(isPrivate(text)) << text;
  for (const char *text : {"::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::"})
    EXPECT_FALSE(isPrivate(text)) << text;
}

TEST(Address, WhatIsNoInternetAddressIsPrivate) {
  sockaddr address{};
  address.sa_family = AF_UNIX;
  EXPECT_TRUE(isPrivateAddress(address));
}

TEST(Address, IsShownWithItsPort) {
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(8080);
  ASSERT_EQ(inet_pton(AF_INET6, "2001:DB8:0::1", &v6.sin6_addr), 1);
  sockaddr_storage storage{};
  std::memcpy(&storage, &v6, sizeof v6);
  auto [host, port] = addressAndPort(*reinterpret_cast<sockaddr *>(&storage));
  EXPECT_EQ(host, "2001:db8::1");
  EXPECT_EQ(port, 8080);
}
