#include "xcs/World/Grants.h"
#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstring>
#include <netinet/in.h>

using namespace xcs;

static std::string lowered(std::string_view text) {
  std::string out(text);
  for (char &c : out)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// An address in the system's notation (RFC 5952); the unspecified one is where the system would connect.
static std::string formOf(const in_addr &v4) {
  char text[INET_ADDRSTRLEN];
  return v4.s_addr == htonl(INADDR_ANY) ? "127.0.0.1" : inet_ntop(AF_INET, &v4, text, sizeof text);
}

static std::string formOf(const in6_addr &v6) {
  char text[INET6_ADDRSTRLEN];
  if (IN6_IS_ADDR_V4MAPPED(&v6)) {
    in_addr v4;
    std::memcpy(&v4, v6.s6_addr + 12, sizeof v4);
    return formOf(v4);
  }
  return IN6_IS_ADDR_UNSPECIFIED(&v6) ? "::1" : inet_ntop(AF_INET6, &v6, text, sizeof text);
}

/// The canonical form of a host, for comparison: an address as above, an IPv6 address that embeds an IPv4 one
/// as that, without its scope; a name in lower case without a trailing dot.
static std::string oneForm(std::string_view host) {
  if (host.size() > 1 && host.ends_with('.'))
    host.remove_suffix(1);
  std::string name = lowered(host);
  in6_addr v6;
  in_addr v4;
  if (inet_pton(AF_INET6, name.substr(0, name.find('%')).c_str(), &v6) == 1)
    return formOf(v6);
  // `127.1` and `0x7f.1` are addresses too, according to resolvers and libcurl.
  if (name.find_first_not_of("0123456789abcdefx.") == name.npos && inet_aton(name.c_str(), &v4) == 1)
    return formOf(v4);
  return name;
}

bool Grants::parseHost(std::string_view text, Host &out) {
  std::string_view host = text, port;
  if (text.starts_with('[')) {
    size_t close = text.find(']');
    if (close == std::string_view::npos)
      return false;
    host = text.substr(1, close - 1);
    std::string_view rest = text.substr(close + 1);
    if (!rest.empty() && !rest.starts_with(':'))
      return false;
    port = rest.empty() ? rest : rest.substr(1);
    if (!rest.empty() && port.empty())
      return false;
  } else if (size_t colon = text.find(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    if (port.empty())
      return false;
  }
  if (host.empty() || host.find_first_of("/@*") != std::string_view::npos)
    return false;
  unsigned number = 0;
  if (!port.empty()) {
    auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (error != std::errc() || end != port.data() + port.size() || number == 0 || number > 65535)
      return false;
  }
  out = {oneForm(host), static_cast<uint16_t>(number)};
  return true;
}

bool Grants::addNet(std::vector<Host> &to, std::string_view hostPort) {
  Host host;
  if (!parseHost(hostPort, host))
    return false;
  to.push_back(std::move(host));
  return true;
}

bool Grants::denyNet(std::string_view hostPort) {
  if (!addNet(denied, hostPort))
    return false;
  const Host given = denied.back();
  if (given.name == "localhost" || given.name.ends_with(".localhost")) // RFC 6761, 6.3
    for (const char *loopback : {"127.0.0.1", "::1"})
      denied.push_back({loopback, given.port});
  return true;
}

bool Grants::allowSecret(std::string_view nameAtHost) {
  size_t at = nameAtHost.find('@');
  Secret secret;
  if (at == std::string_view::npos || at == 0)
    return false;
  std::string_view to = nameAtHost.substr(at + 1);
  static constexpr std::string_view run = "run:";
  if (to.starts_with(run))
    secret.program = findProgram(to.substr(run.size()));
  if (secret.program.empty() && (to.starts_with(run) || !parseHost(to, secret.host)))
    return false;
  secret.name = nameAtHost.substr(0, at);
  secrets.push_back(std::move(secret));
  return true;
}

bool Grants::matches(const Host &grant, std::string_view host, uint16_t port, uint16_t schemePort) {
  return grant.name == oneForm(host) && port == (grant.port ? grant.port : schemePort);
}

bool Grants::mayReach(std::string_view host, uint16_t port) const {
  if (denied.empty())
    return true;
  std::string name = oneForm(host);
  // A denial without a port applies to every port: its purpose is to keep the run away from the host.
  return std::none_of(denied.begin(), denied.end(), [&](const Host &grant) {
    return grant.name == name && (!grant.port || grant.port == port);
  });
}

bool Grants::mayConnect(std::string_view host, uint16_t port, uint16_t schemePort) const {
  auto fits = [&](const Host &grant) { return matches(grant, host, port, schemePort); };
  if (!mayReach(host, port))
    return false;
  return everything || std::any_of(allowed.begin(), allowed.end(), fits);
}

bool Grants::maySend(std::string_view secretName, std::string_view host, uint16_t port,
                     uint16_t schemePort) const {
  auto fits = [&](const Secret &s) {
    return s.program.empty() && s.name == secretName && matches(s.host, host, port, schemePort);
  };
  return !isDeniedEnv(secretName) && (everything || std::any_of(secrets.begin(), secrets.end(), fits));
}

bool Grants::maySend(std::string_view secretName, const std::string &program) const {
  auto fits = [&](const Secret &s) { return s.name == secretName && s.program == program; };
  return !isDeniedEnv(secretName) && (everything || std::any_of(secrets.begin(), secrets.end(), fits));
}

bool Grants::mayUse(std::string_view secretName) const {
  auto fits = [&](const Secret &s) { return s.name == secretName; };
  return !isDeniedEnv(secretName) && (everything || std::any_of(secrets.begin(), secrets.end(), fits));
}

static bool holds(const std::vector<std::string> &names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool Grants::isDeniedEnv(std::string_view name) const { return holds(deniedEnvironment, name); }

bool Grants::mayReadEnv(std::string_view name) const {
  return !isDeniedEnv(name) && (everything || holds(environment, name));
}
