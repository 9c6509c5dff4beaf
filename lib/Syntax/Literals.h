#pragma once
#include "Syntax/Reading.h"

namespace xcs {

// The values of literal tokens. A value that does not fit is reported and replaced by some value of the type,
// since the module is dropped anyway.

/// The content of a STRING token with escapes replaced: a part of the source, or of `scratch` if there are
/// escapes.
std::string_view readText(Reading &reading, Token token, std::string &scratch);
int64_t readInteger(Reading &reading, Token token);
double readFloat(Reading &reading, Token token);
/// Nanoseconds.
int64_t readDuration(Reading &reading, Token token);

} // namespace xcs
