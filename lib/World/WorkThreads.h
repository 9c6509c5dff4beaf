#pragma once
#include "xcs/Support/Mutex.h"
#include "xcs/Support/Thread.h"
#include <chrono>
#include <functional>
#include <map>
#include <vector>

namespace xcs {

/// A few threads for work that may block, now or at a later time. They are started as needed; idle ones use
/// no processor time. Thread safety: `post` from any thread.
class WorkThreads {
public:
  using Time = std::chrono::steady_clock::time_point;

  explicit WorkThreads(unsigned most) : most(most) {}
  ~WorkThreads() { stop(); }
  /// Runs it on one of the threads, not before `when`; at once on this one if the system cannot create any.
  void post(std::function<void()> work, Time when = {});
  /// Waits for work that has begun, and drops the rest. Nothing runs afterwards.
  void stop();

private:
  void runThread();

  const unsigned most;
  Mutex mutex;
  Condition wakeUp;
  std::multimap<Time, std::function<void()>> waiting XCS_GUARDED_BY(mutex);
  std::vector<Thread> threads XCS_GUARDED_BY(mutex);
  unsigned idle XCS_GUARDED_BY(mutex) = 0;
  bool stopping XCS_GUARDED_BY(mutex) = false;
};

} // namespace xcs
