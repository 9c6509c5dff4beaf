#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// Which proxy a request uses, from the environment variables that every HTTP tool reads: `http_proxy`,
/// `https_proxy`, `all_proxy` and `no_proxy`, and their upper-case forms except `HTTP_PROXY`, which the
/// client of a CGI program controls (CVE-2016-5385). Read here and not by libcurl, because the check of
/// addresses depends on whether a connection goes to the host or to a proxy.
class ProxyRules {
public:
  static ProxyRules fromEnvironment();
  ProxyRules(std::string http, std::string https, std::string all, std::string_view exceptions);

  /// The proxy's URL for a host (without brackets); empty for none.
  const std::string &proxyFor(std::string_view scheme, std::string_view host) const;

private:
  bool isException(std::string_view host) const;

  std::string http, https, none;
  std::vector<std::string>
      exceptions; // `*`, a name and everything beneath it, an address, a block such as 10.0.0.0/8
};

/// Whether a proxy's URL is valid, including its credentials. libcurl would connect directly if it cannot
/// read them.
bool isUsableProxy(const std::string &url);

} // namespace xcs
