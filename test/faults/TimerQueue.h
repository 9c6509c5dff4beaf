#pragma once
#include <cstdint>
#include <functional>
#include <queue>
#include <uv.h>
#include <vector>

namespace xcs::faults {

/// Wakes keys at points of `uv_hrtime`, never early. libuv's own timers count whole milliseconds of a cached
/// clock; this one is a heap over one timerfd and is late by about a fifth of a millisecond at most, which
/// lets the answers that fall into it share a wake-up.
///
/// Thread safety: none; lives on the loop's thread.
class TimerQueue {
public:
  explicit TimerQueue(std::function<void(std::uint64_t key)> wake);
  TimerQueue(const TimerQueue &) = delete;
  TimerQueue &operator=(const TimerQueue &) = delete;

  /// False: the system has no descriptor left.
  bool open(uv_loop_t *loop);
  /// After this the loop may end; nothing is woken any more. The queue must outlive the loop's next turn.
  void close();

  /// There is no cancelling: whoever is woken knows whether the key still means something.
  void wakeAt(std::uint64_t timeNs, std::uint64_t key);

private:
  struct Entry {
    std::uint64_t timeNs, sequence, key;
    bool operator>(const Entry &other) const {
      return timeNs != other.timeNs ? timeNs > other.timeNs : sequence > other.sequence;
    }
  };

  void arm();
  void fire();

  std::function<void(std::uint64_t)> wake;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> entries;
  std::uint64_t sequence = 0;
  /// When the descriptor will next become readable; 0: never.
  std::uint64_t armedFor = 0;
  int descriptor = -1;
  uv_poll_t poll{};
};

} // namespace xcs::faults
