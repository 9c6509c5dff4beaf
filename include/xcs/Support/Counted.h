#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace xcs {

/// `1 call`, `2 calls`: a number with its noun, whose plural ends in `s`.
std::string counted(uint64_t count, std::string_view noun);

} // namespace xcs
