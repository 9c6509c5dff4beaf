#pragma once
#include "xcs/Runtime/Executor.h"
#include <mutex>

namespace xcs::runner {

/// While it lives, the first SIGINT, SIGTERM or SIGHUP interrupts the executor it watches, the second makes
/// it let go of what is still under way, so that it ends and says what became of that, and kills its
/// programs. Where it does not end within a second, or at a third signal, the process ends with exit code
/// 130. Make it before any other thread: it blocks the signals for all threads started later and waits for
/// them on one of its own.
class SignalGuard {
public:
  SignalGuard();
  /// The executor to interrupt; null when there is none (any more).
  void watch(Executor *executor);

  /// The run is over, and what follows is its report: there is nothing to interrupt any more. A signal from
  /// now on kills what is left of its programs, and the process ends within a second.
  void runIsOver();

private:
  static void wait(SignalGuard *guard);
  /// Hands a signal on; false when there is nobody to take it.
  bool tell(void (Executor::*what)());
  /// The same for the first one; false also when the run is over.
  bool interruptRun();
  std::mutex mutex;
  Executor *watched = nullptr;
  bool over = false;
};

} // namespace xcs::runner
