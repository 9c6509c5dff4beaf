#pragma once
#include "xcs/Support/Result.h"
#include <cstdint>
#include <string>
#include <string_view>

// The one reader of hosts and ports: grants, plans, effects and requests must not differ on where a
// connection goes. It is stricter than libcurl, which connects: where two readers might see two hosts, it
// sees none.
namespace xcs {

/// A host and a port.
struct HostPort {
  // As a connection takes it: percent-decoded, in lower case, an address as the system writes it (`127.1` is
  // `127.0.0.1`), an IPv6 one without brackets and scope. Letters beyond ASCII are left as they are.
  std::string host;
  uint16_t port = 0; // 0: none is written
  /// `host:port`, `[::1]:8080`; without a port, the host alone.
  std::string text() const;
};

/// Reads `HOST[:PORT]`, an IPv6 address in brackets; else why it cannot be read.
Result<HostPort, std::string_view> readHostPort(std::string_view text);

/// Where an absolute http or https URL leads.
struct Url {
  std::string scheme; // in lower case
  HostPort written;   // the port as far as the URL has one
  uint16_t schemePort = 0;
  const std::string &host() const { return written.host; }
  uint16_t port() const { return written.port ? written.port : schemePort; }
  std::string hostPort() const; // as a grant is written: `host:port`
  std::string origin() const;   // `http://host:port`
};

/// Reads the scheme and the authority of a URL (RFC 3986, 3.2), and nothing after them; else why it cannot
/// be read. Credentials in a URL are refused.
Result<Url, std::string_view> readUrl(std::string_view text);

/// The one form of a host, in which two are compared: where a connection to it goes. A name in lower case
/// without the dot that ends a full name; an address as the system writes it (RFC 5952), an IPv6 address that
/// maps an IPv4 one as that one, the unspecified address as the loopback one.
std::string hostIdentity(std::string_view host);

/// Whether a host is an address or `localhost`, not a name that leads anywhere.
bool isLiteralHost(std::string_view host);

} // namespace xcs
