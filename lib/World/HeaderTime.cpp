#include "World/HeaderTime.h"
#include "xcs/Io/HttpMessage.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <string>

using namespace xcs;

static int64_t bounded(double nanoseconds) {
  return static_cast<int64_t>(std::clamp(nanoseconds, 0.0, static_cast<double>(longestHeaderWait)));
}

/// Takes the number off that `text` begins with; none where it begins with none. A sign is not part of it.
static std::optional<double> takeNumber(std::string_view &text) {
  double number;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || !llvm::isDigit(text.front()) || error == std::errc::invalid_argument)
    return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return error == std::errc() ? number : HUGE_VAL;
}

static void takeBlanks(std::string_view &text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

/// The nanoseconds of the unit that `text` begins with, which is taken off; 0 when it begins with none.
static double takeUnit(std::string_view &text) {
  struct Unit {
    std::string_view name;
    double nanoseconds;
  };
  // A longer name comes before those it begins with.
  static constexpr Unit units[] = {
      {"milliseconds", 1e6}, {"millisecond", 1e6}, {"minutes", 60e9}, {"minute", 60e9},  {"mins", 60e9},
      {"min", 60e9},         {"ms", 1e6},          {"m", 60e9},       {"seconds", 1e9},  {"second", 1e9},
      {"secs", 1e9},         {"sec", 1e9},         {"s", 1e9},        {"hours", 3600e9}, {"hour", 3600e9},
      {"h", 3600e9},         {"days", 86400e9},    {"day", 86400e9},  {"d", 86400e9},    {"ns", 1},
      {"us", 1e3},           {"\xC2\xB5s", 1e3},   {"\xCE\xBCs", 1e3}}; // both letters mu
  for (const Unit &unit : units)
    if (text.starts_with(unit.name)) {
      text.remove_prefix(unit.name.size());
      return unit.nanoseconds;
    }
  return 0;
}

static std::optional<int64_t> readDuration(std::string_view text) {
  std::string lower = llvm::StringRef(text).lower();
  text = lower;
  double sum = 0;
  while (!text.empty()) {
    std::optional<double> number = takeNumber(text);
    takeBlanks(text);
    double unit = number ? takeUnit(text) : 0;
    if (unit == 0)
      return std::nullopt;
    sum += *number * unit;
    takeBlanks(text);
  }
  return bounded(sum);
}

/// The wait until an instant, given in units since 1970 of so many nanoseconds. The difference is taken in
/// that unit, so that little of the instant's precision is lost.
static int64_t waitUntil(double instant, double unit, int64_t timeOfDay) {
  return bounded((instant - static_cast<double>(timeOfDay) / unit) * unit);
}

/// A number alone.
static std::optional<int64_t> readCount(std::string_view text, int64_t timeOfDay, int64_t unit) {
  std::optional<double> number = takeNumber(text);
  if (!number || !text.empty())
    return std::nullopt;
  struct Scale {
    double from, nanoseconds;
  };
  static constexpr Scale instants[] = {{1e18, 1}, {1e15, 1e3}, {1e12, 1e6}, {1e9, 1e9}};
  for (const Scale &scale : instants)
    if (*number >= scale.from)
      return *number >= 1e20 ? longestHeaderWait : waitUntil(*number, scale.nanoseconds, timeOfDay);
  return bounded(*number * static_cast<double>(unit));
}

/// Takes `digits` decimal digits off, of a number in [least, most].
static bool takeDigits(std::string_view &text, size_t digits, int least, int most, int &out) {
  if (text.size() < digits ||
      !std::all_of(text.begin(), text.begin() + static_cast<ptrdiff_t>(digits), llvm::isDigit))
    return false;
  std::from_chars(text.data(), text.data() + digits, out);
  text.remove_prefix(digits);
  return out >= least && out <= most;
}

static bool takeOne(std::string_view &text, std::string_view of) {
  if (text.empty() || of.find(text.front()) == std::string_view::npos)
    return false;
  text.remove_prefix(1);
  return true;
}

/// `Z`, `+02:00`: seconds east of UTC. What has none is taken as UTC.
static bool takeOffset(std::string_view &text, int &seconds) {
  seconds = 0;
  if (text.empty() || takeOne(text, "Zz"))
    return true;
  int sign = text.front() == '-' ? -1 : 1, hours, minutes;
  if (!takeOne(text, "+-") || !takeDigits(text, 2, 0, 23, hours))
    return false;
  takeOne(text, ":");
  if (!takeDigits(text, 2, 0, 59, minutes))
    return false;
  seconds = sign * (hours * 3600 + minutes * 60);
  return true;
}

/// RFC 3339, 5.6.
static std::optional<int64_t> readRfc3339(std::string_view text, int64_t timeOfDay) {
  int year, month, day, hour, minute, second, offset;
  if (!takeDigits(text, 4, 1, 9999, year) || !takeOne(text, "-") || !takeDigits(text, 2, 1, 12, month) ||
      !takeOne(text, "-") || !takeDigits(text, 2, 1, 31, day) || !takeOne(text, "Tt ") ||
      !takeDigits(text, 2, 0, 23, hour) || !takeOne(text, ":") || !takeDigits(text, 2, 0, 59, minute) ||
      !takeOne(text, ":") || !takeDigits(text, 2, 0, 60, second)) // 60: a leap second
    return std::nullopt;
  double fraction = 0;
  if (!text.empty() && text.front() == '.') {
    auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), fraction, std::chars_format::fixed);
    if (error != std::errc() || end == text.data() + 1)
      return std::nullopt;
    text.remove_prefix(static_cast<size_t>(end - text.data()));
  }
  if (!takeOffset(text, offset) || !text.empty())
    return std::nullopt;
  std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                   std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok())
    return std::nullopt;
  int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  double seconds = static_cast<double>(days * 86400 + hour * 3600 + minute * 60 + second - offset) + fraction;
  return waitUntil(seconds, 1e9, timeOfDay);
}

static std::optional<int64_t> readDate(std::string_view text, int64_t timeOfDay) {
  // All three forms begin with the name of a day; curl's reader takes much else for a date.
  if (text.empty() || !llvm::isAlpha(text.front()))
    return std::nullopt;
  std::optional<int64_t> date = parseHttpDate(text);
  return date ? std::optional(waitUntil(static_cast<double>(*date), 1e9, timeOfDay)) : std::nullopt;
}

std::optional<int64_t> xcs::readHeaderTime(std::string_view text, int64_t timeOfDay, int64_t unit) {
  text = llvm::StringRef(text).trim(" \t\"");
  if (text.empty())
    return std::nullopt;
  if (std::optional<int64_t> wait = readCount(text, timeOfDay, unit))
    return wait;
  if (std::optional<int64_t> wait = readRfc3339(text, timeOfDay))
    return wait;
  if (std::optional<int64_t> wait = readDuration(text))
    return wait;
  return readDate(text, timeOfDay);
}
