#include "xcs/Runtime/Grants.h"
#include <algorithm>
#include <charconv>

using namespace xcs;

static std::string lowered(std::string_view text) {
  std::string out(text);
  for (char &c : out)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return out;
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
  out = {lowered(host), static_cast<uint16_t>(number)};
  return true;
}

bool Grants::addNet(std::vector<Host> &to, std::string_view hostPort) {
  Host host;
  if (!parseHost(hostPort, host))
    return false;
  to.push_back(std::move(host));
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
  return grant.name == lowered(host) && port == (grant.port ? grant.port : schemePort);
}

bool Grants::mayConnect(std::string_view host, uint16_t port, uint16_t schemePort) const {
  auto fits = [&](const Host &grant) { return matches(grant, host, port, schemePort); };
  // A denial without a port means every port: it is there to keep the run away from the host.
  auto refuses = [&](const Host &grant) {
    return grant.name == lowered(host) && (!grant.port || grant.port == port);
  };
  if (std::any_of(denied.begin(), denied.end(), refuses))
    return false;
  return everything || std::any_of(allowed.begin(), allowed.end(), fits);
}

bool Grants::maySend(std::string_view secretName, std::string_view host, uint16_t port,
                     uint16_t schemePort) const {
  return everything || std::any_of(secrets.begin(), secrets.end(), [&](const Secret &s) {
           return s.program.empty() && s.name == secretName && matches(s.host, host, port, schemePort);
         });
}

bool Grants::mayGive(std::string_view secretName, const std::string &program) const {
  return everything || std::any_of(secrets.begin(), secrets.end(), [&](const Secret &s) {
           return s.name == secretName && s.program == program;
         });
}

bool Grants::mayReadEnv(std::string_view name) const {
  auto holds = [&](const std::vector<std::string> &names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  return !holds(deniedEnvironment) && (everything || holds(environment));
}
