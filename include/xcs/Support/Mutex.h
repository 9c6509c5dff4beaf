#pragma once
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

namespace xcs {

class XCS_THREAD_ATTRIBUTE(capability("mutex")) Mutex {
public:
  void lock() XCS_THREAD_ATTRIBUTE(acquire_capability()) { native.lock(); }
  void unlock() XCS_THREAD_ATTRIBUTE(release_capability()) { native.unlock(); }

private:
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

} // namespace xcs
