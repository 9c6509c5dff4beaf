#pragma once
#include <string>
#include <string_view>

namespace xcs {

/// A text as one word of a POSIX shell: unchanged if that is safe, else in single quotes, or as `$'..'` if it
/// contains characters that a terminal would not show (Visible.h). The result can be shown and pasted. Flags
/// that a message suggests contain text of the program, which must not smuggle a command into them.
std::string shellWord(std::string_view text);

} // namespace xcs
