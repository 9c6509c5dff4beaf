#pragma once
#include "xcs/Runtime/Executor.h"
#include <mutex>

namespace xcs::runner {

/// While it lives, the first SIGINT or SIGTERM interrupts the executor it watches and the second ends the
/// process at once, with what it has started, with exit code 130. Make it before any other thread: it blocks
/// the signals for all threads started later and waits for them on one of its own.
class SignalGuard {
public:
  SignalGuard();
  /// The executor to interrupt; null when there is none (any more).
  void watch(Executor *executor);

private:
  static void wait(SignalGuard *guard);
  std::mutex mutex;
  Executor *watched = nullptr;
};

} // namespace xcs::runner
