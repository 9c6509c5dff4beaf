#pragma once
#include "xcs/Support/HostPort.h"
#include <string>
#include <string_view>

namespace xcs {

/// Reads an absolute http or https URL that libcurl can be given; false with the reason. Credentials in a URL
/// are refused, and so is what libcurl would read otherwise than readUrl does.
bool parseUrl(std::string_view text, Url &out, std::string &reason);

/// `url` with every byte beyond ASCII in its path and its query percent-encoded (RFC 3986, 2.5): they are
/// sent as UTF-8, whatever libcurl would make of them.
std::string encodedUrl(std::string_view url);

/// `path` beneath `base`: the path of the one, then that of the other with exactly one slash between them,
/// then the queries of both. An empty path, or one that is only a query, adds no slash. Without fragments,
/// which are never sent.
std::string joinUrl(std::string_view base, std::string_view path);

/// `url` without the user and the password that it may contain, as it may be shown.
std::string withoutCredentials(std::string_view url);

/// Whether the dot segments of a path, percent-encoded or not, lead out of where it begins (RFC 3986, 5.2.4).
/// Backslashes and encoded slashes count as slashes: some servers read them so.
bool escapesBase(std::string_view path);

/// Where a redirect leads: `location` as seen from `base` (RFC 3986, 5), without a fragment; false with the
/// reason.
bool resolveUrl(std::string_view base, std::string_view location, std::string &out, std::string &reason);

} // namespace xcs
