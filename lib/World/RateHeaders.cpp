#include "World/RateHeaders.h"
#include <charconv>
#include <cmath>

using namespace xcs;

static double numberOf(std::string_view text) {
  double number;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool whole = error == std::errc() && end == text.data() + text.size() && std::isfinite(number);
  return whole ? number : -1;
}

/// The nanoseconds of the unit at the start of `text`, which is removed; 0 if there is none.
static double takeUnit(std::string_view &text) {
  struct Unit {
    std::string_view name;
    double nanoseconds;
  };
  // `ms` comes before `m`: the longer name must be tried first.
  static constexpr Unit units[] = {{"ns", 1},  {"us", 1e3}, {"µs", 1e3},   {"ms", 1e6},
                                   {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}, {"d", 86400e9}};
  for (const Unit &unit : units)
    if (text.starts_with(unit.name)) {
      text.remove_prefix(unit.name.size());
      return unit.nanoseconds;
    }
  return 0;
}

int64_t xcs::parseResetTime(std::string_view text) {
  static constexpr double most = 9e18; // fits into 64 bits
  if (double seconds = numberOf(text); seconds >= 0)
    return static_cast<int64_t>(std::min(seconds * 1e9, most));
  double sum = 0;
  bool any = false;
  while (!text.empty()) {
    double number;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || !(number >= 0))
      return -1;
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    double unit = takeUnit(text);
    if (unit == 0)
      return -1;
    sum += number * unit;
    any = true;
  }
  return any ? static_cast<int64_t>(std::min(sum, most)) : -1;
}

RateReport xcs::rateReportOf(const HttpResponse &response) {
  auto window = [&](std::string_view what) {
    auto header = [&](std::string_view part) {
      return response.header("x-ratelimit-" + std::string(part) + "-" + std::string(what));
    };
    RateWindow out;
    if (std::string_view limit = header("limit"); !limit.empty())
      out.limit = std::max(0.0, numberOf(limit)); // -1 means as little as 0
    out.remaining = numberOf(header("remaining"));
    out.reset = parseResetTime(header("reset"));
    return out;
  };
  return {window("requests"), window("tokens")};
}
