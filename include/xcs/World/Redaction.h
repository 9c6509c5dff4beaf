#pragma once
#include <string>
#include <vector>

namespace xcs {

/// Replaces every occurrence of a secret by `[redacted]`; overlapping occurrences together by one.
std::string redactSecrets(std::string text, const std::vector<std::string> &secrets);
/// The same for a JSON text, which stays valid: within strings whole escapes are replaced; a number that
/// contains a secret becomes the string `"[redacted]"`.
std::string redactJson(std::string text, const std::vector<std::string> &secrets);

} // namespace xcs
