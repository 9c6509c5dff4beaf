#include "Io/Address.h"
#include <arpa/inet.h>
#include <cstdint>
#include <cstring>
#include <netinet/in.h>

using namespace xcs;

/// Addresses that are not globally reachable (RFC 6890 and its registry), including multicast and reserved
/// ones.
static bool isPrivate4(uint32_t address) {
  static constexpr struct {
    uint32_t net;
    int bits;
  } nets[] = {
      {0x00000000, 8},  // this network
      {0x0A000000, 8},  // private use
      {0x64400000, 10}, // shared with a provider's customers
      {0x7F000000, 8},  // loopback
      {0xA9FE0000, 16}, // link local
      {0xAC100000, 12}, // private use
      {0xC0000000, 24}, // protocol assignments
      {0xC0000200, 24}, // documentation
      {0xC0A80000, 16}, // private use
      {0xC6120000, 15}, // benchmarks
      {0xC6336400, 24}, // documentation
      {0xCB007100, 24}, // documentation
      {0xE0000000, 3},  // multicast, reserved, broadcast
  };
  for (const auto &[net, bits] : nets)
    if ((address ^ net) >> (32 - bits) == 0)
      return true;
  return false;
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
         (a.s6_addr[0] & 0xFE) == 0xFC ||             // unique local, RFC 4193
         begins("\x00\x64\xff\x9b\x00\x01", 6) ||     // NAT64 of a local network, RFC 8215
         begins("\x01\0\0\0\0\0\0\0", 8) ||           // discarded, RFC 6666
         begins("\x20\x01\x0d\xb8", 4) ||             // documentation
         (begins("\x20\x01", 2) && a.s6_addr[2] < 2); // protocol assignments, Teredo among them: 2001::/23
}

std::pair<std::string, uint16_t> xcs::addressAndPort(const sockaddr &address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof v4);
    inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
    return {text, ntohs(v4.sin_port)};
  }
  if (address.sa_family != AF_INET6)
    return {};
  sockaddr_in6 v6;
  std::memcpy(&v6, &address, sizeof v6);
  inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
  return {text, ntohs(v6.sin6_port)};
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
