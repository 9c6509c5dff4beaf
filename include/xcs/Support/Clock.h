#pragma once
#include <cstdint>

namespace xcs {

/// Nanoseconds of the system's monotonic clock: for durations and deadlines, never for dates.
int64_t monotonicNanoseconds();

/// The time `length` nanoseconds after `from`, saturated: a program may use any duration up to 292 years.
inline int64_t timeAfter(int64_t from, int64_t length) {
  int64_t when;
  return __builtin_add_overflow(from, length, &when) ? INT64_MAX : when;
}

} // namespace xcs
