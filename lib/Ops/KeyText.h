#pragma once
#include "xcs/Ops/Constants.h"
#include "xcs/Ops/Value.h"
#include <optional>
#include <string>

namespace xcs {

// The keys of a dictionary as texts: in JSON objects, in literals, in messages.

/// The text of a key: of a number and a duration as a program writes it.
std::string keyText(const Value &key);
/// The key of type `kind` (isDictKey) that has this text; none if no key has. Each key has exactly one text.
std::optional<Value> keyOfText(std::string_view text, TypeKind kind);

/// The text that one which is none of a key should have been, or what such a text looks like; for messages.
std::string rightKeyText(std::string_view text, TypeKind kind);

} // namespace xcs
