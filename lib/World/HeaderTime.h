#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace xcs {

/// How long a header of a server asks to wait, in nanoseconds from `timeOfDay` (nanoseconds since 1970): 0
/// where the instant it names is over, at most `longestHeaderWait`, none where the text is neither an instant
/// nor a duration. Understood are
///   - a number of units, decimals allowed: `2`, `0.5`. `unit` is what one counts, in nanoseconds;
///   - an instant since 1970, which a number from 10^9 on is: in seconds, from 10^12 on in milliseconds, from
///     10^15 on in microseconds, from 10^18 on in nanoseconds;
///   - a duration in Go's notation: `17ms`, `6m0s`, `1h2m3.5s`, blanks and case aside, also `2 seconds`;
///   - an RFC 3339 date and time, with any offset and fraction;
///   - an HTTP date in each of its three forms (RFC 9110, 5.6.7).
std::optional<int64_t> readHeaderTime(std::string_view text, int64_t timeOfDay, int64_t unit = 1'000'000'000);

/// 30 years: longer than anyone waits, and it fits 64 bits.
inline constexpr int64_t longestHeaderWait = 1'000'000'000'000'000'000;

} // namespace xcs
