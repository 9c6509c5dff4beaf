#pragma once
#include "Syntax/TokenStream.h"

namespace xcs {

/// What the parser can go on with after a mistake.
enum class Landmark : uint8_t {
  Operation, // the current token begins an operation
  Region,    // the current token is a `{` with operations in it
  Close,     // the current token is a `}` that closes what the mistake stands in
  Item,      // the current token begins a function, a resource, ...
  End,
};

// Recovery guesses from the shape of the text how it goes on: an operation has no end of its own, so the
// begin of the next one is looked for. `%a =` begins one anywhere, a name only at the begin of a line.

/// Skips tokens up to the next landmark, which may be the current token. `openBraces` is how many `}` belong
/// to dictionaries that the mistake left open; it counts down. Looks at most a few tokens ahead of each:
/// linear.
Landmark skipToLandmark(TokenStream &tokens, unsigned &openBraces);

/// Skips tokens up to the next that begins an item, or to the end.
void skipToItem(TokenStream &tokens);

/// Whether the current token begins an item.
bool atItem(const TokenStream &tokens);

} // namespace xcs
