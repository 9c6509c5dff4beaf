#pragma once
#include "xcs/Runtime/Executor.h"
#include <mutex>

namespace xcs::runner {

/// While it lives, the first SIGINT, SIGTERM or SIGHUP interrupts the executor it watches. The second makes
/// it abandon what is still under way, so that it ends and reports what became of that, and tells its
/// programs to end; further ones kill the programs at once. A process that has not ended a second after the
/// second signal is ended here, with exit code 130, or 5 where a write may or may not have been carried out.
/// SIGQUIT kills the programs and ends the process as it does by default. Make it before any other thread:
/// it blocks the signals for all threads started later and waits for them on one of its own.
class SignalGuard {
public:
  SignalGuard();
  /// The executor to interrupt; null when there is none (any more).
  void watch(Executor *executor);

  /// The run is over, and what follows is its report: there is nothing to interrupt any more. A signal from
  /// now on kills what is left of its programs, and the process ends within a second.
  void runIsOver();

  /// Kills the programs of the run, for a process that is about to end without memory; the exit code of that.
  /// Takes no memory.
  ExitCode exitOutOfMemory();

private:
  static void wait(SignalGuard *guard);
  /// Hands a signal on; false when there is nobody to take it.
  bool tell(void (Executor::*what)());
  /// Ends the process and its programs.
  [[noreturn]] void end();
  [[noreturn]] void quit();
  /// The same for the first one; false also when the run is over.
  bool interruptRun();
  std::mutex mutex;
  Executor *watched = nullptr;
  bool over = false;
  bool wasUncertain = false; // what an executor that is no longer watched left behind
};

} // namespace xcs::runner
