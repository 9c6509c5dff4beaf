#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

namespace xcs {

/// The offset of the first byte of `text` that is NUL or does not continue valid UTF-8 (RFC 3629: no
/// surrogates, no overlong forms); nothing when the whole text is fine.
std::optional<size_t> findNonText(std::string_view text);

} // namespace xcs
