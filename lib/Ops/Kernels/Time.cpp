#include "Ops/KernelSupport.h"
#include <chrono>
#include <cstdio>

namespace xcs::kernels {

bool time_rfc3339(KernelCall &call) {
  using namespace std::chrono;
  // The first midnight that 64 bits can tell comes after the first instant, so days are counted by hand.
  constexpr int64_t dayLength = nanoseconds(days(1)).count();
  const int64_t instant = call.operand(0).asI64();
  const int64_t rest = instant % dayLength;
  const year_month_day date(sys_days(days(instant / dayLength - (rest < 0))));
  const hh_mm_ss<nanoseconds> time(nanoseconds(rest < 0 ? rest + dayLength : rest));
  char text[64];
  // 64 bits of nanoseconds cover the years 1677 to 2262: always four digits.
  int size = std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                           static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                           static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                           static_cast<int>(time.seconds().count()));
  std::string result(text, static_cast<size_t>(size));
  int64_t fraction = time.subseconds().count();
  for (int64_t unit = 1'000'000; fraction != 0 && unit != 0; fraction %= unit, unit /= 1000) {
    std::snprintf(text, sizeof text, "%s%03d", unit == 1'000'000 ? "." : "",
                  static_cast<int>(fraction / unit));
    result += text;
  }
  return returnValue(call, Value::str(result + "Z"));
}

} // namespace xcs::kernels
