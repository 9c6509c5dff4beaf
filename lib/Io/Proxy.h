#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// Which proxy a request goes through, from the variables of the environment that every HTTP tool reads:
/// `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`; the upper-case ones too, but for `HTTP_PROXY`,
/// which a CGI program is given by its client (CVE-2016-5385). Read here and not by libcurl because it
/// matters for the check of addresses whether a connection goes to the host or to a proxy.
class ProxyRules {
public:
  static ProxyRules fromEnvironment();
  ProxyRules(std::string http, std::string https, std::string all, std::string_view exceptions);

  /// The proxy's url for a host (without brackets), empty for none.
  const std::string &proxyFor(std::string_view scheme, std::string_view host) const;

private:
  bool isException(std::string_view host) const;

  std::string http, https, none;
  std::vector<std::string>
      exceptions; // `*`, a name and all beneath it, an address, a block such as 10.0.0.0/8
};

/// Whether a proxy's url can be read, its credentials included. libcurl goes straight to the host where it
/// cannot read them.
bool isUsableProxy(const std::string &url);

} // namespace xcs
