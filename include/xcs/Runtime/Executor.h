#pragma once
#include "xcs/Plan/Plan.h"
#include "xcs/Runtime/RunOptions.h"
#include "xcs/Runtime/RunReport.h"
#include <memory>

namespace xcs {

/// Executes a plan: a work-stealing pool for operations that compute, an event loop for operations that wait,
/// both started when first needed. The failure reported is the first in program order, whatever `jobs` and
/// the schedule. Thread safety: one run at a time; `interrupt` from any thread.
class Executor {
public:
  /// `plan` must be verified and outlive the executor. `makeWorld` creates the world that executes operations
  /// that touch something outside (`liveWorld` in xcs/World/LiveWorld.h).
  Executor(const PlanView &plan, const RunOptions &options, const MakeWorld &makeWorld);
  ~Executor();
  Executor(const Executor &) = delete;

  /// Runs a function; `arguments` must fit its parameters. May be called repeatedly; threads are kept between
  /// runs.
  RunReport run(uint32_t function, std::vector<Value> arguments);

  /// Interrupts the current run: nothing more starts, what waits is cancelled except writes that have
  /// started, and the run fails as interrupted. From any thread, but not from a signal handler; without a run
  /// it does nothing.
  void interrupt();
  /// Stops what `interrupt` has left in flight, for a process that is about to exit. Requests are abandoned,
  /// and those that may have taken effect are reported as unknown. Programs are terminated, and killed with
  /// their groups after a moment. From any thread.
  void abandon();
  /// Kills all programs with their groups at once, and those that are started from now on. From any thread;
  /// allocates nothing and does not wait for the event loop.
  void killPrograms();
  /// Whether a write that may not be repeated is in flight, or has ended with an unknown outcome: a process
  /// that exits now without a report would leave it unreported. From any thread.
  bool hasUncertainWrites() const;
  /// Calls `told` with how far the run is (World::askStatus). From any thread.
  void askStatus(const std::function<void(const WorldStatus &)> &told);
  /// Waits for programs that were terminated: they are killed after a second, or at once by `abandon`.
  /// Nothing can be run afterwards.
  void shutdown();

  class Impl; // lib/Runtime/Executor.cpp

private:
  std::unique_ptr<Impl> impl;
};

/// The exit code of a failed run.
ExitCode exitCodeOf(const RunReport &report);

} // namespace xcs
