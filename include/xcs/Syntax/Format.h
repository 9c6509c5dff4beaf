#pragma once
#include "xcs/Support/Limits.h"
#include <optional>
#include <string>
#include <string_view>

namespace xcs {

/// The text of a program in its canonical layout: one statement a line, two spaces for each region, one space
/// or none between tokens, at most one blank line. Line breaks within a statement, comments, strings and a
/// first line `#!` stay as they are, so the tokens of the result are those of `text`, and the layout of a
/// result is itself. Knows only tokens and brackets: a program that the parser rejects may have a layout.
/// None if the text is not UTF-8, has something that is not a token, or brackets that do not fit or nest more
/// deeply than Limit::NestingDepth: the parser then says what is wrong. Time is linear, and so is memory at a
/// given depth.
std::optional<std::string> formatProgram(std::string_view text, const Limits &limits = {});

} // namespace xcs
