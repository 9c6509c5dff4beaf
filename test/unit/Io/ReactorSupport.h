#pragma once
#include "xcs/Io/Reactor.h"
#include <atomic>
#include <gtest/gtest.h>

namespace xcs {

/// A reactor for a test, which fails where there is none.
inline std::unique_ptr<Reactor> startedReactor(Reactor::Hooks hooks = {}) {
  auto made = Reactor::start(std::move(hooks));
  EXPECT_TRUE(made) << made.error();
  return made ? std::move(*made) : nullptr;
}

/// Runs a step on the reactor's thread and waits for it.
inline void onReactor(Reactor &reactor, const std::function<void()> &step) {
  std::atomic<bool> done{false};
  reactor.post([&] {
    step();
    done = true;
    done.notify_one();
  });
  done.wait(false);
}

/// Waits until the reactor's thread has let it pass so many times.
class Latch {
public:
  explicit Latch(int count) : left(count) {}
  void countDown() {
    left.fetch_sub(1);
    left.notify_all();
  }
  void wait() {
    for (int seen = left; seen > 0; seen = left)
      left.wait(seen);
  }

private:
  std::atomic<int> left;
};

} // namespace xcs
