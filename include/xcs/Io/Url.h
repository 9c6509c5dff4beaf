#pragma once
#include "xcs/Support/HostPort.h"
#include <string>
#include <string_view>

namespace xcs {

/// Reads an absolute http or https URL that libcurl can be given; false with the reason. Credentials in a URL
/// are refused, and so is what libcurl would read otherwise than readUrl does.
bool parseUrl(std::string_view text, Url &out, std::string &reason);

/// Resolves a redirect: `location` relative to `base` (RFC 3986, 5), without its fragment; false with the
/// reason.
bool resolveUrl(std::string_view base, std::string_view location, std::string &out, std::string &reason);

} // namespace xcs
