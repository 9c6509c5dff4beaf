#include "TimerQueue.h"
#include <sys/timerfd.h>
#include <unistd.h>

namespace xcs::faults {

/// Wake-ups fall on multiples of this.
static constexpr std::uint64_t grainNs = 200'000;

TimerQueue::TimerQueue(std::function<void(std::uint64_t)> theWake) : wake(std::move(theWake)) {}

bool TimerQueue::open(uv_loop_t *loop) {
  // uv_hrtime reads the same clock.
  descriptor = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (descriptor < 0 || uv_poll_init(loop, &poll, descriptor) != 0)
    return false;
  poll.data = this;
  return uv_poll_start(&poll, UV_READABLE, [](uv_poll_t *handle, int, int) {
           static_cast<TimerQueue *>(handle->data)->fire();
         }) == 0;
}

void TimerQueue::close() {
  uv_poll_stop(&poll);
  uv_close(reinterpret_cast<uv_handle_t *>(&poll), nullptr);
  ::close(descriptor);
  descriptor = -1;
}

void TimerQueue::wakeAt(std::uint64_t timeNs, std::uint64_t key) {
  entries.push({timeNs, sequence++, key});
  arm();
}

void TimerQueue::arm() {
  if (entries.empty() || descriptor < 0)
    return;
  const std::uint64_t due = (entries.top().timeNs + grainNs - 1) / grainNs * grainNs;
  if (armedFor != 0 && armedFor <= due)
    return;
  armedFor = due;
  itimerspec when{};
  when.it_value.tv_sec = static_cast<time_t>(due / 1'000'000'000);
  when.it_value.tv_nsec = static_cast<long>(due % 1'000'000'000);
  timerfd_settime(descriptor, TFD_TIMER_ABSTIME, &when, nullptr);
}

void TimerQueue::fire() {
  std::uint64_t expirations;
  // The count does not matter; reading it makes the descriptor unreadable again.
  if (read(descriptor, &expirations, sizeof expirations) < 0)
    return;
  armedFor = 0;
  const std::uint64_t now = uv_hrtime();
  while (!entries.empty() && entries.top().timeNs <= now) {
    const std::uint64_t key = entries.top().key;
    entries.pop();
    wake(key);
  }
  arm();
}

} // namespace xcs::faults
