#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace xcs {

/// A URL in parts, as grants see it.
struct Url {
  std::string scheme, host, path; // host without brackets; path with its query
  uint16_t port = 0, schemePort = 0;
  std::string origin() const;   // `http://host:port`
  std::string hostPort() const; // in the form of a grant: `host:port`
};

/// Parses an absolute http or https URL; false with the reason. Credentials in a URL are rejected.
bool parseUrl(std::string_view text, Url &out, std::string &reason);

/// Resolves a redirect: `location` relative to `base` (RFC 3986, 5), without its fragment; false with the
/// reason.
bool resolveUrl(std::string_view base, std::string_view location, std::string &out, std::string &reason);

} // namespace xcs
