#pragma once
#include "Syntax/TokenStream.h"

namespace xcs {

/// Where the parser can continue after an error.
enum class Landmark : uint8_t {
  Operation, // the current token begins an operation
  Region,    // the current token is a `{` followed by operations
  Close,     // the current token is a `}` that closes what contains the error
  Item,      // the current token begins a function, a resource, ...
  End,
};

// Recovery guesses from the shape of the text: an operation has no end marker, so it searches for the
// beginning of the next one. `%a =` begins one anywhere, a name only at the beginning of a line.

/// Skips tokens up to the next landmark, which may be the current token. `openBraces` is how many `}` belong
/// to dictionaries left open by the error; it is counted down. Looks only a few tokens ahead of each token:
/// linear.
Landmark skipToLandmark(TokenStream &tokens, unsigned &openBraces);

/// Skips tokens up to the next one that begins an item, or to the end.
void skipToItem(TokenStream &tokens);

/// Whether the current token begins an item.
bool atItem(const TokenStream &tokens);

} // namespace xcs
