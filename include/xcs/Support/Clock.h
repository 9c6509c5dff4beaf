#pragma once
#include <cstdint>

namespace xcs {

/// Nanoseconds of the system's monotonic clock: for lengths of time and deadlines, never for a date.
int64_t monotonicNanoseconds();

/// The time `length` nanoseconds after `from`; the end of time where that does not fit, for a program may
/// write any duration of 292 years.
inline int64_t timeAfter(int64_t from, int64_t length) {
  int64_t when;
  return __builtin_add_overflow(from, length, &when) ? INT64_MAX : when;
}

} // namespace xcs
