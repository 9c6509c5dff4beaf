#include "Ops/TimeLetters.h"
#include <chrono>

// Arithmetic of the calendar, in UTC.

using namespace xcs;
using namespace std::chrono;

static std::optional<int64_t> fitted(WideTime instant) {
  return instant >= INT64_MIN && instant <= INT64_MAX ? std::optional(static_cast<int64_t>(instant))
                                                      : std::nullopt;
}

static constexpr WideTime perDay = WideTime(dayLength) * perSecond;

static WideTime instantOfDay(sys_days day) { return WideTime(day.time_since_epoch().count()) * perDay; }

/// How long an instant comes after the start of a unit of `length` nanoseconds.
static int64_t intoUnit(int64_t instant, int64_t length) {
  const int64_t rest = instant % length;
  return rest < 0 ? rest + length : rest;
}

static sys_days dayOf(int64_t instant) {
  constexpr auto length = static_cast<int64_t>(perDay);
  return sys_days(days(instant / length - (instant % length < 0)));
}

unsigned xcs::weekdayOf(const TimeParts &date) {
  return weekday(year(static_cast<int>(date.year)) / month(date.month) / day(date.day)).iso_encoding();
}

std::optional<int64_t> xcs::addMonths(int64_t instant, int64_t months) {
  static constexpr int64_t most = 12 * 1000; // 64 bits of nanoseconds hold fewer than 600 years
  if (months < -most || months > most)
    return std::nullopt;
  const year_month_day date(dayOf(instant));
  const year_month later = date.year() / date.month() + std::chrono::months(static_cast<int>(months));
  const year_month_day last(later / std::chrono::last), wanted = later / date.day();
  return fitted(instantOfDay(sys_days(wanted.ok() ? wanted : last)) +
                intoUnit(instant, static_cast<int64_t>(perDay)));
}

std::optional<int64_t> xcs::startOf(int64_t instant, std::string_view unit) {
  const sys_days day = dayOf(instant);
  const year_month_day date(day);
  if (unit == "year")
    return fitted(instantOfDay(date.year() / January / 1));
  if (unit == "month")
    return fitted(instantOfDay(date.year() / date.month() / 1));
  if (unit == "week")
    return fitted(instantOfDay(day - (weekday(day) - Monday)));
  if (unit == "day")
    return fitted(instantOfDay(day));
  const int64_t length = (unit == "hour" ? hourLength : minuteLength) * perSecond;
  return fitted(WideTime(instant) - intoUnit(instant, length));
}
