#pragma once
#include <cstddef>
#include <string_view>

// The units into which texts are cut. Each function is given the byte at which a unit begins, at most the
// size of the text, and returns the byte after the unit, which is always greater. A unit depends only on what
// follows, so a text cut between units keeps the same units. Texts are valid UTF-8.
namespace xcs {

/// Also at the end of the text, where it returns the byte after it.
size_t codePointEnd(std::string_view text, size_t at);

/// A sentence: up to and including `.`, `!`, `?`, the ellipsis or one of their full-width forms, the closing
/// quotes and brackets after it, and white space, which is required except after the full-width ones; or up
/// to and including a blank line. A `.` before a lower-case letter does not end a sentence ("e.g. this"); an
/// abbreviation before a capital does. These are rules for plain prose, not those of Unicode annex 29.
size_t sentenceEnd(std::string_view text, size_t at);

/// A token, as far as possible without a model's own table: 6 letters of a word, 3 digits, 2 characters of
/// U+0080 to U+07FF, or one other character, with one space before it; or a run of other white space. For
/// English prose this is close to byte-pair tables of 100,000 entries; for everything else it is rather
/// higher.
size_t tokenEnd(std::string_view text, size_t at);

} // namespace xcs
