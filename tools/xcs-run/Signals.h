#pragma once
#include "xcs-run/Progress.h"
#include "xcs/Runtime/Executor.h"
#include "xcs/Support/Mutex.h"
#include <chrono>
#include <optional>

namespace xcs::runner {

/// While it lives, the first SIGINT, SIGTERM or SIGHUP interrupts the executor it watches. The second makes
/// the executor abandon what is still in flight, so that it ends and reports the outcomes, and terminates its
/// programs. Further ones kill the programs at once. If the process has not exited a second after the second
/// signal, it exits here, with code 130, or 5 if a write has an unknown outcome. SIGQUIT kills the programs
/// and ends the process as it does by default. SIGUSR1 has the status of the run printed. Create it before
/// any other thread: it blocks the signals for all threads started later and waits for them on its own
/// thread.
class SignalGuard {
public:
  /// `progress` is asked to look when it wants to, on the guard's thread; it lives as long as the guard.
  explicit SignalGuard(ProgressReport &progress);
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
  /// Has the progress look at the run, or tell its status at once.
  void report(void (ProgressReport::*how)(Executor &));
  /// When the progress wants to look; none: never, or the run has ended.
  std::optional<std::chrono::steady_clock::time_point> nextLook();
  /// The same for the first signal; false also if the run has ended.
  bool interruptRun();
  ProgressReport &progress;
  Mutex mutex;
  Executor *watched XCS_GUARDED_BY(mutex) = nullptr;
  bool over XCS_GUARDED_BY(mutex) = false;
  bool wasUncertain XCS_GUARDED_BY(mutex) = false; // what an executor that is no longer watched has left
  /// Whether a write of any executor has an unknown outcome.
  bool isUncertain() const XCS_REQUIRES(mutex);
};

} // namespace xcs::runner
