#include "Ops/TimeLetters.h"
#include <algorithm>
#include <chrono>

using namespace xcs;

/// The letters of formats that are printed, and of those that are read.
static constexpr std::string_view printable = "aAbBdDefFhHIjmMNpRsSTuyYzZ%",
                                  readable = "aAbBdDefFhHImMNpRsSTyYzZ%";

std::string_view xcs::timeLetters(char letter) {
  switch (letter) {
  case 'F':
    return "%Y-%m-%d";
  case 'T':
    return "%H:%M:%S";
  case 'R':
    return "%H:%M";
  case 'D':
    return "%m/%d/%y";
  default:
    return {};
  }
}

/// The seconds since 1970 of a date and time, of which a second of 60 is the next one.
static std::optional<int64_t> secondsOf(const TimeParts &parts) {
  using namespace std::chrono;
  if (parts.year < 0 || parts.year > 9999 || parts.hour > 23 || parts.minute > 59 || parts.second > 60)
    return std::nullopt;
  const year_month_day date{year(static_cast<int>(parts.year)), month(parts.month), day(parts.day)};
  if (!date.ok())
    return std::nullopt;
  return sys_days(date).time_since_epoch().count() * dayLength + parts.hour * hourLength +
         parts.minute * minuteLength + parts.second;
}

std::optional<int64_t> xcs::instantAt(const TimeParts &parts, int64_t offset) {
  std::optional<int64_t> seconds = secondsOf(parts);
  if (!seconds)
    return std::nullopt;
  *seconds -= offset;
  const WideTime instant = WideTime(*seconds) * perSecond + parts.nanosecond;
  const bool isLeap = parts.second == 60;
  if ((isLeap && *seconds % dayLength != 0) || instant < INT64_MIN || instant > INT64_MAX)
    return std::nullopt;
  return static_cast<int64_t>(instant);
}

TimeParts xcs::timePartsOf(int64_t instant) {
  using namespace std::chrono;
  // The first midnight that 64 bits can tell comes after the first instant, so days are counted by hand.
  constexpr int64_t whole = dayLength * perSecond;
  const int64_t rest = instant % whole, time = rest < 0 ? rest + whole : rest;
  const sys_days start(days(instant / whole - (rest < 0)));
  const year_month_day date(start);
  const int64_t inDay = time / perSecond;
  TimeParts parts;
  parts.year = static_cast<int>(date.year());
  parts.month = static_cast<unsigned>(date.month());
  parts.day = static_cast<unsigned>(date.day());
  parts.hour = static_cast<unsigned>(inDay / hourLength);
  parts.minute = static_cast<unsigned>(inDay % hourLength / minuteLength);
  parts.second = static_cast<unsigned>(inDay % minuteLength);
  parts.nanosecond = static_cast<unsigned>(time % perSecond);
  parts.weekday = std::chrono::weekday(start).iso_encoding();
  parts.dayOfYear = static_cast<unsigned>((start - sys_days(date.year() / January / 1)).count()) + 1;
  return parts;
}

std::optional<int64_t> xcs::instantOf(const TimeParts &parts) { return instantAt(parts, 0); }

namespace {

void appendPadded(std::string &out, uint64_t number, int width, char fill = '0') {
  const std::string digits = std::to_string(number);
  const auto wanted = static_cast<size_t>(width);
  out.append(wanted > digits.size() ? wanted - digits.size() : 0, fill);
  out += digits;
}

unsigned hourOfHalf(unsigned hour) { return hour % 12 ? hour % 12 : 12; }

void appendLetter(std::string &out, char letter, const TimeParts &parts, int64_t instant) {
  const int64_t rest = instant % perSecond;
  switch (letter) {
  case 'a':
    return void(out += weekdayNames[parts.weekday - 1].substr(0, 3));
  case 'A':
    return void(out += weekdayNames[parts.weekday - 1]);
  case 'b':
  case 'h':
    return void(out += monthNames[parts.month - 1].substr(0, 3));
  case 'B':
    return void(out += monthNames[parts.month - 1]);
  case 'd':
    return appendPadded(out, parts.day, 2);
  case 'e':
    return appendPadded(out, parts.day, 2, ' ');
  case 'f':
    return appendPadded(out, parts.nanosecond / 1000, 6);
  case 'H':
    return appendPadded(out, parts.hour, 2);
  case 'I':
    return appendPadded(out, hourOfHalf(parts.hour), 2);
  case 'j':
    return appendPadded(out, parts.dayOfYear, 3);
  case 'm':
    return appendPadded(out, parts.month, 2);
  case 'M':
    return appendPadded(out, parts.minute, 2);
  case 'N':
    return appendPadded(out, parts.nanosecond, 9);
  case 'p':
    return void(out += parts.hour < 12 ? "AM" : "PM");
  case 's':
    return void(out += std::to_string(instant / perSecond - (rest < 0)));
  case 'S':
    return appendPadded(out, parts.second, 2);
  case 'u':
    return appendPadded(out, parts.weekday, 1);
  case 'y':
    return appendPadded(out, static_cast<uint64_t>(parts.year % 100), 2);
  case 'Y':
    return appendPadded(out, static_cast<uint64_t>(parts.year), 4);
  case 'z':
    return void(out += "+0000");
  case 'Z':
    return void(out += "UTC");
  default:
    out += letter; // a percent sign
  }
}

void appendParts(std::string &out, std::string_view format, const TimeParts &parts, int64_t instant) {
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      out += format[i];
      continue;
    }
    const char letter = format[++i];
    if (std::string_view longer = timeLetters(letter); !longer.empty())
      appendParts(out, longer, parts, instant); // once: these hold no further ones
    else
      appendLetter(out, letter, parts, instant);
  }
}

} // namespace

void xcs::appendTime(std::string &out, std::string_view format, int64_t instant) {
  appendParts(out, format, timePartsOf(instant), instant);
}

std::string xcs::rfc3339Text(int64_t instant) {
  const TimeParts parts = timePartsOf(instant);
  std::string text, fraction;
  // 64 bits of nanoseconds cover the years 1677 to 2262: always four digits.
  appendParts(text, "%FT%T", parts, instant);
  appendPadded(fraction, parts.nanosecond, 9);
  while (fraction.ends_with("000"))
    fraction.resize(fraction.size() - 3);
  return text + (fraction.empty() ? "" : "." + fraction) + "Z";
}

namespace {

/// The letters of a format, with what those mean that abbreviate several; false at one that is unknown.
bool lettersOf(std::string_view format, std::string_view known, std::string &letters) {
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%')
      continue;
    if (++i == format.size() || known.find(format[i]) == known.npos)
      return false;
    letters += format[i];
    letters += timeLetters(format[i]);
  }
  return true;
}

/// The letters that tell the same part of a point in time, which a format may tell once.
struct ToldOnce {
  std::string_view letters, wrong;
};
constexpr ToldOnce toldOnce[] = {
    {"Yy", "has a `format` that tells the year twice"},
    {"mbBh", "has a `format` that tells the month twice"},
    {"de", "has a `format` that tells the day twice"},
    {"aA", "has a `format` that tells the weekday twice"},
    {"HI", "has a `format` that tells the hour twice"},
    {"p", "has a `format` that tells `AM` or `PM` twice"},
    {"M", "has a `format` that tells the minute twice"},
    {"S", "has a `format` that tells the second twice"},
    {"fN", "has a `format` that tells the fraction of the second twice"},
    {"z", "has a `format` that tells the offset twice"},
    {"Z", "has a `format` that tells the zone twice"},
    {"s", "has a `format` that tells the seconds since 1970 twice"},
};
constexpr std::string_view toldBySeconds = "YymbBhdeHIpMS";

bool hasOneOf(std::string_view letters, std::string_view wanted) {
  return letters.find_first_of(wanted) != letters.npos;
}

} // namespace

std::string_view xcs::wrongTimeFormat(std::string_view format, FormatUse use) {
  const bool prints = use == FormatUse::Print;
  std::string letters;
  if (!lettersOf(format, prints ? printable : readable, letters))
    return prints ? "has a `%` in its `format` that none of the letters aAbBdDefFhHIjmMNpRsSTuyYzZ or a "
                    "second `%` "
                    "follows"
                  : "has a `%` in its `format` that none of the letters aAbBdDefFhHImMNpRsSTyYzZ or a second "
                    "`%` "
                    "follows";
  if (prints)
    return {};
  if (!hasOneOf(letters, "Yys"))
    return "has a `format` that tells no year: `%Y`, `%y` or `%s`";
  if (hasOneOf(letters, "I") != hasOneOf(letters, "p"))
    return "has only one of `%I` and `%p` in its `format`, which tell an hour together";
  for (const ToldOnce &part : toldOnce)
    if (std::ranges::count_if(letters, [&](char c) { return part.letters.find(c) != part.letters.npos; }) > 1)
      return part.wrong;
  if (hasOneOf(letters, "s") && hasOneOf(letters, toldBySeconds))
    return "has a `format` that tells the date or the time beside `%s`, which tells both";
  return {};
}
