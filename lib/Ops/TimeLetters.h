#pragma once
#include "Ops/TimeText.h"
#include <array>

// Shared by the files that print and read points in time.
namespace xcs {

__extension__ using WideTime = __int128;

inline constexpr int64_t perSecond = 1'000'000'000;                               // nanoseconds
inline constexpr int64_t minuteLength = 60, hourLength = 3600, dayLength = 86400; // seconds

inline constexpr std::array<std::string_view, 12> monthNames = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
inline constexpr std::array<std::string_view, 7> weekdayNames = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

/// What a letter of a format that abbreviates several others means; empty for others.
std::string_view timeLetters(char letter);

/// The instant of parts that are `offset` seconds ahead of UTC; see instantOf.
std::optional<int64_t> instantAt(const TimeParts &parts, int64_t offset);

/// The weekday of a date that is one, from 1 for Monday.
unsigned weekdayOf(const TimeParts &date);

} // namespace xcs
