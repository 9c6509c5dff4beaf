#pragma once
#include "xcs/Support/Result.h"
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace xcs::faults {

/// Why something given from outside (a file, a script, an option) cannot be used; for a person.
struct Error {
  std::string message;
};

/// Appends `text` as a JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD, so that the result
/// is always valid JSON.
void appendJsonString(std::string &out, std::string_view text);

/// Every occurrence of `from` (not empty) replaced by `to`; what was put in is not searched again.
std::string replaceAll(std::string_view text, std::string_view from, std::string_view to);

/// Runs of non-blank bytes: the server's stand-in for tokens.
std::size_t countWords(std::string_view text);

/// `100ms`, `1.5s`, `250us`; a number without unit is milliseconds. Nothing for anything else, a negative or
/// an endless time.
std::optional<std::uint64_t> parseDurationNs(std::string_view text);

/// `*` stands for any run of bytes, the empty one too; everything else for itself.
bool wildcardMatch(std::string_view pattern, std::string_view text);

/// Header names compare without regard to ASCII case (RFC 9110, 5.1).
bool sameIgnoringCase(std::string_view a, std::string_view b);

/// The whole file, or why it cannot be read.
Result<std::string, Error> readFile(const std::string &path);

/// Replaces the file's content, or says why not.
Result<void, Error> writeFile(const std::string &path, std::string_view text);

} // namespace xcs::faults
