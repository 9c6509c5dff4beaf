#pragma once
#include <chrono>
#include <condition_variable>
#include <mutex>

// A mutex whose rules clang checks (-Wthread-safety): a member marked XCS_GUARDED_BY is only accessed with
// its mutex held, and a function marked XCS_REQUIRES is only called with it held. std::mutex has no such
// annotations. With other compilers the macros are empty.
// https://clang.llvm.org/docs/ThreadSafetyAnalysis.html
#if defined(__clang__)
#define XCS_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define XCS_THREAD_ATTRIBUTE(x)
#endif
#define XCS_GUARDED_BY(mutex) XCS_THREAD_ATTRIBUTE(guarded_by(mutex))
#define XCS_REQUIRES(mutex) XCS_THREAD_ATTRIBUTE(requires_capability(mutex))
/// For a function that needs no mutex, for a reason given there.
#define XCS_UNCHECKED XCS_THREAD_ATTRIBUTE(no_thread_safety_analysis)

namespace xcs {

class XCS_THREAD_ATTRIBUTE(capability("mutex")) Mutex {
public:
  void lock() XCS_THREAD_ATTRIBUTE(acquire_capability()) { native.lock(); }
  void unlock() XCS_THREAD_ATTRIBUTE(release_capability()) { native.unlock(); }
  /// Whether it was free, and is held now.
  bool tryLock() XCS_THREAD_ATTRIBUTE(try_acquire_capability(true)) { return native.try_lock(); }

private:
  friend class Condition;
  std::mutex native;
};

/// Holds a mutex for its lifetime.
class XCS_THREAD_ATTRIBUTE(scoped_lockable) MutexLock {
public:
  explicit MutexLock(Mutex &held) XCS_THREAD_ATTRIBUTE(acquire_capability(held)) : mutex(held) {
    mutex.lock();
  }
  ~MutexLock() XCS_THREAD_ATTRIBUTE(release_capability()) { mutex.unlock(); }
  MutexLock(const MutexLock &) = delete;

private:
  Mutex &mutex;
};

/// A condition variable: a wait releases the mutex meanwhile, and may end without a notification.
class Condition {
public:
  void wait(Mutex &held) XCS_REQUIRES(held) {
    std::unique_lock lock(held.native, std::adopt_lock);
    native.wait(lock);
    lock.release();
  }
  /// False if `end` came first.
  bool waitUntil(Mutex &held, std::chrono::steady_clock::time_point end) XCS_REQUIRES(held) {
    std::unique_lock lock(held.native, std::adopt_lock);
    const bool woken = native.wait_until(lock, end) == std::cv_status::no_timeout;
    lock.release();
    return woken;
  }
  void notifyOne() { native.notify_one(); }
  void notifyAll() { native.notify_all(); }

private:
  std::condition_variable native;
};

} // namespace xcs
