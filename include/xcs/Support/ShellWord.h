#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// A text as one word of a POSIX shell: unchanged if that is safe, else in single quotes, or as `$'..'` if it
/// contains characters that a terminal would not show (Visible.h). The result can be shown and pasted. Flags
/// that a message suggests contain text of the program, which must not smuggle a command into them.
std::string shellWord(std::string_view text);

/// The words of a text, as a POSIX shell reads them without expanding anything (POSIX.1-2024, 2.2 and 2.3):
/// `'..'`, `"..."`, `$'..'`, backslashes, and comments from a `#` at the beginning of a word to the end of
/// its line. Takes back what shellWord writes. None if a quote is not closed.
std::optional<std::vector<std::string>> shellWords(std::string_view text);

} // namespace xcs
