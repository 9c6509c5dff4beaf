#pragma once
#include "xcs/Support/Limits.h"
#include <string>
#include <string_view>

// Small text functions shared by several files.
namespace xcs {

/// Appends with JSON escapes, without quotes.
void appendEscaped(std::string &out, std::string_view text);

/// The first characters of a text, for messages, which should not contain whole documents.
std::string excerpt(std::string_view text);

/// What some editors put at the beginning of a text.
inline constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
/// A text that was read, without one.
inline std::string_view withoutByteOrderMark(std::string_view text) {
  return text.starts_with(byteOrderMark) ? text.substr(byteOrderMark.size()) : text;
}

/// The position of `part` in `whole`, at or after byte `from`; npos if it does not occur, and if the run was
/// stopped, which the caller asks. Linear in both, unlike string_view::find.
size_t findText(std::string_view whole, std::string_view part, const Limits &limits, size_t from = 0);

} // namespace xcs
