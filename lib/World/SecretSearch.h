#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// Bytes of a text that contain a secret.
struct SecretSpan {
  size_t begin, end;
};

/// Where a text contains one of the forms (formsOfSecret), directly and in every decoding that is tried: JSON
/// escapes up to three deep, percent-encoding up to two deep, character references of HTML, and digits that
/// are broken up by line ends, blanks, NUL (UTF-16) or the separators of hexadecimal dumps. In the order of
/// their positions; they may overlap. docs/security.md says what is not tried.
std::vector<SecretSpan> secretSpans(std::string_view text, const std::vector<std::string> &forms);

/// Whether there is any, which costs less.
bool holdsSecret(std::string_view text, const std::vector<std::string> &forms);

} // namespace xcs
