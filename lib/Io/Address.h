#pragma once
#include "xcs/Support/HostPort.h"
#include <sys/socket.h>

namespace xcs {

/// Whether an address is of this machine, of a private network, or of no single host: what a name must not
/// lead to. An IPv6 address that stands for an IPv4 one is as private as that; whatever is neither is
/// private.
bool isPrivateAddress(const sockaddr &address);

/// An IPv4 or IPv6 address as it is written, and its port.
HostPort addressAndPort(const sockaddr &address);

} // namespace xcs
