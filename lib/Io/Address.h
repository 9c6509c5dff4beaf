#pragma once
#include <cstdint>
#include <string>
#include <sys/socket.h>
#include <utility>

namespace xcs {

/// Whether an address belongs to this machine, to a private network, or to no single host, so that a name
/// must not lead to it. An IPv6 address that embeds an IPv4 one is private if that is. An address of any
/// other family is private.
bool isPrivateAddress(const sockaddr &address);

/// An IPv4 or IPv6 address as text, and its port.
std::pair<std::string, uint16_t> addressAndPort(const sockaddr &address);

} // namespace xcs
