#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Points in time as texts: in UTC, with English names, whatever the locale of the process.
namespace xcs {

/// A point in time in UTC.
struct TimeParts {
  int64_t year = 1970;
  unsigned month = 1, day = 1, hour = 0, minute = 0, second = 0;
  unsigned nanosecond = 0;
  unsigned weekday = 4;   // 1 is Monday, 7 Sunday
  unsigned dayOfYear = 1; // from 1
};

/// Of an instant, in nanoseconds since 1970-01-01T00:00:00Z.
TimeParts timePartsOf(int64_t instant);
/// The instant; none if it is none of the calendar or does not fit into 64 bits. A second of 60 is the one
/// after it at the end of a day, and none elsewhere. Ignores `weekday` and `dayOfYear`.
std::optional<int64_t> instantOf(const TimeParts &parts);

/// So many months of the calendar later; a day that the month does not have becomes its last one. None if the
/// result does not fit into 64 bits.
std::optional<int64_t> addMonths(int64_t instant, int64_t months);
/// The start of the `year`, `month`, `week` (from Monday), `day`, `hour` or `minute` that an instant is in;
/// none if that does not fit into 64 bits.
std::optional<int64_t> startOf(int64_t instant, std::string_view unit);

/// `2026-01-31T09:30:00.250Z`; fractions of a second have 3, 6 or 9 digits.
std::string rfc3339Text(int64_t instant);
/// Reads such a text, of RFC 3339, with any offset; false with the reason in `why`.
bool parseRfc3339(std::string_view text, int64_t &instant, std::string &why);

/// What a format is for; some of its letters print only.
enum class FormatUse : uint8_t { Print, Parse };
/// What is wrong with a format, to be said of an operation; empty if nothing is.
std::string_view wrongTimeFormat(std::string_view format, FormatUse use);

/// Appends an instant by a valid format. `out` grows by at most 6 bytes for each byte of the format.
void appendTime(std::string &out, std::string_view format, int64_t instant);
/// Reads a whole text by a valid format; false with the reason in `why`.
bool parseTime(std::string_view text, std::string_view format, int64_t &instant, std::string &why);

} // namespace xcs
