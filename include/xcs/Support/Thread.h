#pragma once
#include <functional>
#include <pthread.h>
#include <utility>

namespace xcs {

/// A thread whose start may fail: the system bounds the number of threads, and `std::thread` would throw.
/// Thread safety: one owner.
class Thread {
public:
  Thread() = default;
  Thread(Thread &&other) noexcept : handle(other.handle), joinable(std::exchange(other.joinable, false)) {}
  Thread &operator=(Thread &&) = delete;
  /// Must have been joined or detached.
  ~Thread();

  /// Starts `body` on a new thread; may be called once. Returns 0 or the error number.
  [[nodiscard]] int start(std::function<void()> body);
  /// Waits for the thread to end; returns at once if it was never started or is already joined.
  void join();
  /// Lets it run on without an owner, to its end or that of the process.
  void detach();

private:
  pthread_t handle{};
  bool joinable = false;
};

} // namespace xcs
