#include "xcs/World/Grants.h"
#include <algorithm>

using namespace xcs;

bool Grants::parseHost(std::string_view text, HostPort &out) {
  auto read = readHostPort(text);
  if (!read)
    return false;
  out = {hostIdentity(read->host), read->port};
  return true;
}

bool Grants::addNet(std::vector<HostPort> &to, std::string_view hostPort) {
  HostPort host;
  if (!parseHost(hostPort, host))
    return false;
  to.push_back(std::move(host));
  return true;
}

bool Grants::denyNet(std::string_view hostPort) {
  if (!addNet(denied, hostPort))
    return false;
  const HostPort given = denied.back();
  if (given.host == "localhost" || given.host.ends_with(".localhost")) // RFC 6761, 6.3
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

bool Grants::matches(const HostPort &grant, std::string_view host, uint16_t port, uint16_t schemePort) {
  return grant.host == hostIdentity(host) && port == (grant.port ? grant.port : schemePort);
}

bool Grants::mayReach(std::string_view host, uint16_t port) const {
  if (denied.empty())
    return true;
  std::string name = hostIdentity(host);
  // A denial without a port means every port: it is there to keep the run away from the host.
  return std::none_of(denied.begin(), denied.end(), [&](const HostPort &grant) {
    return grant.host == name && (!grant.port || grant.port == port);
  });
}

bool Grants::mayConnect(std::string_view host, uint16_t port, uint16_t schemePort) const {
  auto fits = [&](const HostPort &grant) { return matches(grant, host, port, schemePort); };
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
