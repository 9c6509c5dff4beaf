#pragma once
#include <cstddef>
#include <string_view>

// What texts are cut into. Each function takes the byte at which a unit begins, below the size of the text or
// equal to it, and gives the byte behind the unit: more than it took, whatever stands there. A unit depends
// on what follows, never on what came before, so that a text cut between units has the same units. Texts are
// valid UTF-8.
namespace xcs {

/// Also at the end of the text, where it gives the byte behind it.
size_t codePointEnd(std::string_view text, size_t at);

/// A sentence: up to and with `.`, `!`, `?`, the ellipsis or one of their full-width forms, closing quotes
/// and brackets behind it, and white space, of which there must be some but behind the full-width ones; or up
/// to and with a blank line. A `.` with a small letter next ends none ("e.g. this"); an abbreviation with a
/// capital next does. Those are the rules of plain prose, not of Unicode's annex 29.
size_t sentenceEnd(std::string_view text, size_t at);

/// A token, as far as one can tell without a model's own table: 6 letters of a word, 3 digits, 2 characters
/// of U+0080 to U+07FF, one other character, with one space before it; or a run of other white space. English
/// prose comes out near what byte-pair tables of 100,000 entries make of it, the rest rather above.
size_t tokenEnd(std::string_view text, size_t at);

} // namespace xcs
