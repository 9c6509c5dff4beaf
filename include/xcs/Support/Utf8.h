#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// UTF-8: validation, encoding, and positions in text that is known to be valid.
namespace xcs {

/// U+FEFF, which some editors write before a text. It does not belong to the text.
inline constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
inline std::string_view withoutByteOrderMark(std::string_view text) {
  return text.starts_with(byteOrderMark) ? text.substr(byteOrderMark.size()) : text;
}

/// The position of the first byte that violates UTF-8 (RFC 3629: no surrogates, no overlong forms); npos if
/// there is none.
size_t invalidUtf8At(std::string_view text);

/// The same, but NUL is invalid as well, as it is for the parser; npos if the text is valid.
size_t invalidTextAt(std::string_view text);

/// Converts foreign text to a valid `str`: unchanged if it is UTF-8, else read as Latin-1, the traditional
/// encoding of HTTP headers (RFC 9110, 5.5).
std::string readableText(std::string_view text);

/// At most `most` bytes of a text, not cut within a character.
std::string_view beginningOf(std::string_view text, size_t most);

/// Whether every byte is one of ASCII.
bool isAscii(std::string_view text);

/// The number of code points.
size_t codePointCount(std::string_view text);

/// The byte at which code point `index` starts; the size of the text if `index` is one past the last.
size_t byteOfCodePoint(std::string_view text, size_t index);

/// Appends a code point as UTF-8; nothing if it is not a character (a surrogate, beyond U+10FFFF).
void appendUtf8(std::string &out, uint32_t codePoint);

/// Whether the text has a control character: C0, DEL, or C1 as UTF-8 (U+0080 to U+009F).
bool hasControlCharacter(std::string_view text);

/// The text without White_Space (Unicode) at both ends.
std::string_view trimWhiteSpace(std::string_view text);

} // namespace xcs
