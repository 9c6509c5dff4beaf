#pragma once
#include <cstdint>
#include <string>
#include <sys/socket.h>
#include <utility>

namespace xcs {

/// Whether an address is of this machine, of a private network, or of no single host: what a name must not
/// lead to. An IPv6 address that stands for an IPv4 one is as private as that; whatever is neither is
/// private.
bool isPrivateAddress(const sockaddr &address);

/// An IPv4 or IPv6 address as it is written, and its port.
std::pair<std::string, uint16_t> addressAndPort(const sockaddr &address);

} // namespace xcs
