#pragma once
#include "World/Gate.h"
#include <functional>
#include <map>

namespace xcs {

/// What waits at a gate whose server pauses, and for how long each can. Each is asked once when it arrives
/// and once when another pause begins, but not when a pause grows. Thread safety: one thread.
class PauseWatch {
public:
  /// The last moment until which an applicant can wait in a pause that began at `since`; INT64_MAX: any time.
  using LastMoment = std::function<int64_t(Applicant &, int64_t since)>;
  using TooLong = std::function<void(Applicant &)>;

  /// The gate pauses. Calls `tooLong` once with each that waits there and cannot wait until the end. Times in
  /// nanoseconds.
  void look(Gate &gate, Gate::Pause pause, int64_t now, const LastMoment &lastMoment, const TooLong &tooLong);
  /// Adds one for which the pause was too long until it became shorter.
  void add(const Gate::Place &place, int64_t lastMoment) { patient.emplace(lastMoment, place); }

  /// When the pause began that was looked at last, and its end.
  int64_t since() const { return began; }
  int64_t until() const { return end; }

private:
  int64_t began = 0, end = 0;
  std::multimap<int64_t, Gate::Place> patient; // by their last moments; some may no longer wait
};

} // namespace xcs
