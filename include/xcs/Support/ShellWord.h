#pragma once
#include <string>
#include <string_view>

namespace xcs {

/// A text as one word of a POSIX shell: as it is where that is safe, else in single quotes, and as `$'..'`
/// when it holds what a terminal would not show (Visible.h): what comes out can be shown and pasted. Flags
/// that a message tells the user to add come from a program, which may not smuggle a command into them.
std::string shellWord(std::string_view text);

} // namespace xcs
