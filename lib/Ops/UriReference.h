#pragma once
#include <string>
#include <string_view>

namespace xcs {

/// The URI that `reference` means where `base` is the URI of the document (RFC 3986, section 5.2), both
/// without fragments. An empty base leaves the reference as it is.
std::string resolveUri(std::string_view base, std::string_view reference);

/// Replaces `%41` by the byte it means. False where no two hexadecimal digits follow a `%`.
bool percentDecode(std::string_view text, std::string &out);

} // namespace xcs
