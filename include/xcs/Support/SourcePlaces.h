#pragma once
#include "xcs/Support/Source.h"

namespace xcs {

// Where the parts of an operation are written, found in its text: the IR keeps only where an operation
// begins. Each returns `from` itself if the part cannot be found: the operation has no text, or is not
// written in the usual way.

/// The operand of that number, from 0.
Location operandPlace(const LocationTable &locations, Location from, size_t operand);
/// The key of an attribute.
Location attributePlace(const LocationTable &locations, Location from, std::string_view key);
/// The first result type.
Location typePlace(const LocationTable &locations, Location from);
/// The next occurrence of a word, such as `%name`.
Location wordPlace(const LocationTable &locations, Location from, std::string_view word);

} // namespace xcs
