#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// UTF-8: its one check, its writing, and positions in text that is known to be valid.
namespace xcs {

/// The place of the first byte that breaks UTF-8 (RFC 3629: no surrogates, no overlong forms); npos when
/// there is none.
size_t invalidUtf8At(std::string_view text);

/// The same, but NUL is refused as well: the first byte that is no text for a parser; npos when all is fine.
size_t invalidTextAt(std::string_view text);

/// What somebody else wrote, as a `str` may hold it: itself where it is UTF-8, else read as Latin-1, which
/// HTTP headers are by tradition (RFC 9110, 5.5).
std::string readableText(std::string_view text);

/// At most so many bytes of a text, not cut within a character.
std::string_view beginningOf(std::string_view text, size_t most);

/// Whether every byte is one of ASCII.
bool isAscii(std::string_view text);

/// The number of code points.
size_t codePointCount(std::string_view text);

/// The byte at which code point `index` starts; the size of the text for the index behind the last one.
size_t byteOfCodePoint(std::string_view text, size_t index);

/// Appends a code point as UTF-8; nothing for one that is no character (a surrogate, beyond U+10FFFF).
void appendUtf8(std::string &out, uint32_t codePoint);

/// Whether there is a control character: C0, DEL, or C1 as UTF-8 (U+0080 to U+009F).
bool hasControlCharacter(std::string_view text);

/// Without White_Space (Unicode) at both ends.
std::string_view trimWhiteSpace(std::string_view text);

} // namespace xcs
