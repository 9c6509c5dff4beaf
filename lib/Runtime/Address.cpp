#include "Runtime/Address.h"
#include <arpa/inet.h>
#include <cstdint>
#include <cstring>
#include <netinet/in.h>

using namespace xcs;

static bool isPrivate4(uint32_t address) {
  auto in = [&](uint32_t net, int bits) { return (address >> (32 - bits)) == (net >> (32 - bits)); };
  return in(0x00000000, 8) || in(0x0A000000, 8) || in(0x7F000000, 8) || in(0xA9FE0000, 16) ||
         in(0xAC100000, 12) || in(0xC0A80000, 16) || in(0x64400000, 10) ||
         in(0xE0000000, 3); // RFC 6890, multicast and reserved included
}

static uint32_t embedded4(const in6_addr &a, size_t at) {
  return uint32_t(a.s6_addr[at]) << 24 | uint32_t(a.s6_addr[at + 1]) << 16 |
         uint32_t(a.s6_addr[at + 2]) << 8 | a.s6_addr[at + 3];
}

static bool isPrivate6(const in6_addr &a) {
  auto begins = [&](const char *net, size_t bytes) { return std::memcmp(a.s6_addr, net, bytes) == 0; };
  if (IN6_IS_ADDR_V4MAPPED(&a) || IN6_IS_ADDR_V4COMPAT(&a) || begins("\x00\x64\xff\x9b\0\0\0\0\0\0\0\0", 12))
    return isPrivate4(embedded4(a, 12)); // ::ffff:0:0/96, ::/96, NAT64's 64:ff9b::/96 (RFC 6052)
  if (begins("\x20\x02", 2))
    return isPrivate4(embedded4(a, 2)); // 6to4 (RFC 3056)
  return IN6_IS_ADDR_LOOPBACK(&a) || IN6_IS_ADDR_UNSPECIFIED(&a) || IN6_IS_ADDR_LINKLOCAL(&a) ||
         IN6_IS_ADDR_SITELOCAL(&a) || IN6_IS_ADDR_MULTICAST(&a) ||
         (a.s6_addr[0] & 0xFE) == 0xFC ||         // unique local, RFC 4193
         begins("\x00\x64\xff\x9b\x00\x01", 6) || // NAT64 of one's own network, RFC 8215
         begins("\x20\x01\0\0", 4);               // Teredo (RFC 4380) hides where it leads
}

bool xcs::isPrivateAddress(const sockaddr &address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof v4);
    return isPrivate4(ntohl(v4.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6)
    return true;
  sockaddr_in6 v6;
  std::memcpy(&v6, &address, sizeof v6);
  return isPrivate6(v6.sin6_addr);
}
