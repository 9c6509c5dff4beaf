#pragma once
#include <functional>
#include <pthread.h>
#include <utility>

namespace xcs {

/// A thread whose start may fail: the system bounds their number, and `std::thread` can only throw.
/// Thread safety: one owner.
class Thread {
public:
  Thread() = default;
  Thread(Thread &&other) noexcept : handle(other.handle), joinable(std::exchange(other.joinable, false)) {}
  Thread &operator=(Thread &&) = delete;
  /// Must have been joined or detached.
  ~Thread();

  /// Starts `body` on a thread of its own, once; 0, or the error's number.
  [[nodiscard]] int start(std::function<void()> body);
  /// Waits for its end; nothing to do for one that was never started or was joined before.
  void join();
  /// Lets it run on without an owner, to its end or that of the process.
  void detach();

private:
  pthread_t handle{};
  bool joinable = false;
};

} // namespace xcs
