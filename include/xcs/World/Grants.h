#pragma once
#include "xcs/Support/Result.h"
#include "xcs/World/PathGrants.h"
#include "xcs/World/ProgramGrants.h"
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// What the command line allows a run to touch. Everything not granted is refused; a denial overrides every
/// grant. Hosts are compared by where a connection would go, not by spelling: case, a trailing dot and the
/// forms of an address make no difference, and the unspecified address means the loopback one. Thread safety:
/// immutable once a run has started.
class Grants {
public:
  /// Adds `HOST[:PORT]`; without a port, the scheme's default. `[v6]:port` for IPv6 literals. False if the
  /// syntax is wrong.
  bool allowNet(std::string_view hostPort) { return addNet(allowed, hostPort); }
  /// Denying `localhost` denies the loopback addresses too.
  bool denyNet(std::string_view hostPort);
  /// Adds `NAME@HOST[:PORT]`: the environment variable NAME may be sent to HOST as a secret; or
  /// `NAME@run:PROG`: it may be passed to the program PROG. False if the syntax is wrong or there is no such
  /// program.
  bool allowSecret(std::string_view nameAtHost);
  void allowEnv(std::string_view name) { environment.emplace_back(name); }
  /// Denies a variable both as plain text and as a secret.
  void denyEnv(std::string_view name) { deniedEnvironment.emplace_back(name); }
  void allowAll() {
    everything = true;
    files.allowAll();
    runnable.allowAll();
  }
  PathGrants &paths() { return files; }
  const PathGrants &paths() const { return files; }
  ProgramGrants &programs() { return runnable; }
  const ProgramGrants &programs() const { return runnable; }

  /// Whether a connection to `host` on `port` is granted. `schemePort` is the default port of the scheme (80,
  /// 443), which a grant without a port means.
  bool mayConnect(std::string_view host, uint16_t port, uint16_t schemePort) const;
  /// Whether a host is not denied; checked again for the address that a granted name resolves to.
  bool mayReach(std::string_view host, uint16_t port) const;
  bool maySend(std::string_view secretName, std::string_view host, uint16_t port, uint16_t schemePort) const;
  /// Whether the secret may be passed to a program, given by its absolute path.
  bool maySend(std::string_view secretName, const std::string &program) const;
  /// Whether a secret may go anywhere at all.
  bool mayUse(std::string_view secretName) const;
  bool mayReadEnv(std::string_view name) const;
  /// Whether a variable is denied, so that no grant would help.
  bool isDeniedEnv(std::string_view name) const;
  bool isEverything() const { return everything; }

private:
  struct Host {
    std::string name; // in canonical form, without brackets
    uint16_t port;    // 0: the scheme's default
  };
  struct Secret {
    std::string name;
    Host host;
    std::string program; // of `run:PROG`, else empty
  };
  static bool parseHost(std::string_view text, Host &out);
  static bool addNet(std::vector<Host> &to, std::string_view hostPort);
  static bool matches(const Host &grant, std::string_view host, uint16_t port, uint16_t schemePort);

  std::vector<Host> allowed, denied;
  std::vector<Secret> secrets;
  std::vector<std::string> environment, deniedEnvironment;
  PathGrants files;
  ProgramGrants runnable;
  bool everything = false;
};

} // namespace xcs
