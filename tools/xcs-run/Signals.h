#pragma once
#include "xcs/Runtime/Executor.h"
#include "xcs/Support/Mutex.h"

namespace xcs::runner {

/// While it lives, the first SIGINT, SIGTERM or SIGHUP interrupts the executor it watches. The second makes
/// the executor abandon what is still in flight, so that it ends and reports the outcomes, and terminates its
/// programs. Further ones kill the programs at once. If the process has not exited a second after the second
/// signal, it exits here, with code 130, or 5 if a write has an unknown outcome. SIGQUIT kills the programs
/// and ends the process as it does by default. Create it before any other thread: it blocks the signals for
/// all threads started later and waits for them on its own thread.
class SignalGuard {
public:
  SignalGuard();
  /// The executor to interrupt; null if there is none (any more).
  void watch(Executor *executor);

  /// The run has ended and its report follows: there is nothing to interrupt any more. A signal from now on
  /// kills its remaining programs, and the process exits within a second.
  void runIsOver();

  /// Kills the programs of the run, for a process that is about to exit for lack of memory; returns its exit
  /// code. Allocates nothing.
  ExitCode exitOutOfMemory();

private:
  static void wait(SignalGuard *guard);
  /// Passes a signal on; false if there is no executor to receive it.
  bool tell(void (Executor::*what)());
  /// Ends the process and its programs.
  [[noreturn]] void end();
  [[noreturn]] void quit();
  /// The same for the first signal; false also if the run has ended.
  bool interruptRun();
  Mutex mutex;
  Executor *watched XCS_GUARDED_BY(mutex) = nullptr;
  bool over XCS_GUARDED_BY(mutex) = false;
  bool wasUncertain XCS_GUARDED_BY(mutex) = false; // what an executor that is no longer watched has left
  /// Whether a write of any executor has an unknown outcome.
  bool isUncertain() const XCS_REQUIRES(mutex);
};

} // namespace xcs::runner
