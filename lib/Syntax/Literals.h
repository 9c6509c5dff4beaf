#pragma once
#include "Syntax/Reading.h"

namespace xcs {

// The values of literal tokens. What does not fit is reported and gives some value of the type: the module is
// dropped anyway.

/// The content of a STRING token, escapes replaced: a part of the source, or of `scratch` where there are
/// escapes.
std::string_view readText(Reading &reading, Token token, std::string &scratch);
int64_t readInteger(Reading &reading, Token token);
double readFloat(Reading &reading, Token token);
/// Nanoseconds.
int64_t readDuration(Reading &reading, Token token);

} // namespace xcs
