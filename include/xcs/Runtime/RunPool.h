#pragma once
#include "xcs/Plan/Plan.h"
#include "xcs/Runtime/RunOptions.h"
#include "xcs/Runtime/RunReport.h"
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace xcs {

/// A plan that a pool has prepared (RunPool::prepare). Freed with its last owner; runs in flight are owners.
class PreparedPlan {
public:
  virtual ~PreparedPlan() = default;
};

/// A run of a pool, as its owner may act on it. Valid from RunOwner::began until RunOwner::ended is called:
/// the owner sees to it that no call of these lasts longer. Thread safety: all members, from any thread.
class RunInFlight {
public:
  /// Ends the run: nothing more starts, what waits is cancelled except writes that have begun. The first call
  /// counts.
  virtual void abort(Diag why, std::string message) = 0;
  /// Stops what `abort` has left in flight, for a process that is about to exit: as Executor::abandon.
  virtual void abandon() = 0;
  /// The value of a parameter that was missing. Only the first for a parameter counts.
  virtual void setInput(uint32_t parameter, Value value) = 0;
  /// There will be no value: nothing more of the run starts, and it fails with `why` once all parameters
  /// before this one are known. Of `why`, what refers to the producer's plan is not kept.
  virtual void failInput(uint32_t parameter, RunFailure why) = 0;

protected:
  ~RunInFlight() = default;
};

/// Receives the events of a run. Calls are on threads of the pool, except `began`.
class RunOwner {
public:
  virtual ~RunOwner() = default;
  /// The first call, from within RunPool::start, before anything of the run starts. Inputs may be given, and
  /// the run be aborted, from within it.
  virtual void began(RunInFlight &run) = 0;
  /// A result is known, while the run continues (RunSetup::earlyResults). At most once for each.
  virtual void resultKnown(uint32_t result, Value value) = 0;
  /// The last call: the run is over. The owner may then be destroyed.
  virtual void ended(RunReport report) = 0;
};

/// What one run is to do.
struct RunSetup {
  uint32_t function = 0;
  std::vector<Value> arguments; // as many as the function has parameters, and of their types
  /// By parameter: its value comes later (RunInFlight::setInput), and only operations that need it wait for
  /// it. Empty: all are there.
  std::vector<bool> isMissing;
  bool earlyResults = false;
  int64_t timeoutNanoseconds = 0; // 0: none
  std::optional<uint64_t> seed;   // none: a different one in each run
  bool trace = false;
  /// Called when the timeout has passed, from any thread, and possibly after the run is over.
  std::function<void()> expired;
};

/// Executes any number of runs of any number of plans at a time on one pool of threads. Each run behaves as
/// that of an Executor. Thread safety: all members but the destructor.
class RunPool {
public:
  /// `jobs` threads, started when first needed; 0: one per core.
  explicit RunPool(unsigned jobs);
  /// All runs must be over. Ends the threads.
  ~RunPool();
  RunPool(const RunPool &) = delete;

  /// Prepares a plan, which must be verified. `plan` and all that `keepAlive` owns live as long as the
  /// prepared one. `makeWorld` is called once for each run that is in flight at the same time, for worlds
  /// whose threads and clock are not theirs alone. Of `options`, the members that RunSetup has are not used.
  std::shared_ptr<PreparedPlan> prepare(const PlanView &plan, RunOptions options, MakeWorld makeWorld,
                                        std::shared_ptr<const void> keepAlive);
  /// Starts a run. `owner` must live until its `ended` is called.
  void start(const std::shared_ptr<PreparedPlan> &plan, RunSetup setup, RunOwner &owner);
  /// How many threads it has started.
  unsigned threads() const;

  struct Impl; // lib/Runtime/RunPool.cpp

private:
  std::unique_ptr<Impl> impl;
};

} // namespace xcs
