#pragma once
#include "xcs/Ops/Value.h"
#include "xcs/Plan/Plan.h"
#include "xcs/Runtime/RunReport.h"
#include "xcs/Support/Diagnostics.h"
#include "xcs/World/LiveWorld.h"
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace xcs {

class Session;
struct SessionRun;     // lib/Api/SessionRun.h
struct SessionProgram; // lib/Api/SessionCore.h

/// A plan that a session has verified and prepared; empty by default. Copies are cheap and share it. The plan
/// is freed when no copy and no run uses it any more. Thread safety: as a shared pointer; what it refers to
/// is immutable.
class ProgramRef {
public:
  ProgramRef() = default;
  explicit operator bool() const { return program != nullptr; }
  const PlanView &plan() const;
  /// The function of that name (without `@`) that can be entered; none: there is no such function.
  std::optional<uint32_t> function(std::string_view name) const;
  friend bool operator==(const ProgramRef &, const ProgramRef &) = default;

private:
  friend class Session;
  friend struct SessionRun;
  explicit ProgramRef(std::shared_ptr<SessionProgram> given) : program(std::move(given)) {}
  std::shared_ptr<SessionProgram> program;
};

/// A run of a session, in flight or over; empty by default. Copies are cheap and mean the same run. It keeps
/// the results for as long as a copy is there, also after the session has ended. Thread safety: as a shared
/// pointer; the members, from any thread.
class RunRef {
public:
  RunRef() = default;
  explicit operator bool() const { return run != nullptr; }
  /// Whether the run is over. Takes no lock.
  bool done() const;
  /// The same report that an Executor gives. Only of a run that is over.
  const RunReport &report() const;
  /// A result, if it is known: after a run that succeeded, or earlier with RunSettings::earlyResults.
  std::optional<Value> result(uint32_t index) const;
  /// Of a run that has failed: the one whose operation failed, itself or the producer of an input whose
  /// failure it took over. The report of that one says where.
  RunRef failedRun() const;
  /// Differs between the runs of a session; from 1.
  uint64_t number() const;
  friend bool operator==(const RunRef &, const RunRef &) = default;

private:
  friend class Session;
  friend struct SessionRun;
  explicit RunRef(std::shared_ptr<SessionRun> given) : run(std::move(given)) {}
  std::shared_ptr<SessionRun> run;
};

/// What a run gets for a parameter: a value, or a result of another run of the session, which need not be
/// there yet.
struct RunInput {
  RunInput(Value given) : value(std::move(given)) {}
  RunInput(RunRef from, uint32_t which = 0) : producer(std::move(from)), result(which) {}
  Value value;     // if there is no producer
  RunRef producer; // of a result that may be pending
  uint32_t result = 0;
};

/// How a session runs its plans.
struct SessionOptions {
  unsigned jobs = 0; // worker threads; 0: one per core. They start when first needed.
  /// What the plans may touch, the limits (of each run, and of what all runs share), and the host. New
  /// members of WorldOptions reach the operations of every run without a change here.
  WorldOptions world;
};

/// How one run is run and who receives its events. Callbacks are called on a thread of the session, or by
/// `submit` for a run that cannot begin; in any case possibly before `submit` returns. They must be short,
/// may submit and cancel, and must not wait for a run, throw, or destroy the session. Those of a run are
/// called before its results are passed to the runs that wait for them.
struct RunSettings {
  /// The run is over.
  std::function<void(const RunRef &)> completed;
  /// A result is known, while the run may continue; with `earlyResults` only. Once for each result that the
  /// run produces, also when the run fails later; before `completed`.
  std::function<void(const RunRef &, uint32_t result)> resultKnown;
  /// Results are known, and passed to the runs that wait for them, as soon as the operation that makes them
  /// is done. Otherwise all are known when the run is over. Costs about one more dispatch for each result.
  bool earlyResults = false;
  /// What happens is reported by `takeCompleted` too.
  bool queued = false;
  int64_t timeoutNanoseconds = 0; // of the run; 0: none
  std::optional<uint64_t> seed;   // of `random.*`; none: a different one in each run
  bool trace = false;             // record every dispatch
};

/// What `takeCompleted` reports: a run is over, or one of its results is known.
struct RunEvent {
  static constexpr uint32_t wholeRun = UINT32_MAX;
  RunRef run;
  uint32_t result = wholeRun; // the result that is known
};

/// Counts since the session began.
struct SessionStats {
  uint64_t programs = 0, submitted = 0, succeeded = 0, failed = 0; // the difference is in flight
  uint64_t pendingInputs = 0;                                      // that were not there when submitted
  unsigned threads = 0;                                            // of the pool, started so far
};

/// One engine and one world for many runs in a process: a pool of threads that all runs share, one event
/// loop, one HTTP client with its connections, one set of gates. Gates and the rates found with them are
/// shared by what they guard, not by symbol: two plans that declare the same bounds for the same model at the
/// same origin (scheme, host, port) share one gate.
///
/// Pending inputs: a run whose input is not there yet starts at once; only operations that need the input
/// wait for it. If the producer fails, the consumer fails with the producer's failure, and nothing more of it
/// starts; of several failed inputs, that of the first parameter is reported.
///
/// Grants: deny by default. What a plan may touch is what the options grant, and what its `load` grants in
/// addition. They cannot be changed once a plan has been loaded.
///
/// After a fork, the child has no session: everything it asks of one fails (`session-forked`), and destroying
/// the copy does nothing.
///
/// Thread safety: all members, from any thread, but for the destructor.
class Session {
public:
  explicit Session(SessionOptions options = {});
  /// Cancels all runs, waits until they are over, and ends the threads. Callbacks are still called.
  ~Session();
  Session(const Session &) = delete;

  /// Changes the grants; fails (`grants-frozen`) once a plan has been loaded.
  Result<void, OpError> grant(const std::function<void(Grants &)> &change);

  /// Verifies and prepares a plan; `name` is its name in messages. Reports why it is rejected. `ownGrants`,
  /// if given, replaces the session's grants for this plan: for a plan made from the calling code itself,
  /// with what that code names added. A plan from elsewhere is loaded without.
  Result<ProgramRef> load(std::string_view bytes, std::string_view name, DiagnosticEngine &diagnostics,
                          const Grants *ownGrants = nullptr);

  /// Starts a run of a function; the inputs must be as many as its parameters and of their types. Whatever is
  /// wrong, there is a run, which has then failed at once (`bad-submit`).
  RunRef submit(const ProgramRef &program, uint32_t function, std::vector<RunInput> inputs,
                RunSettings settings = {});

  /// Cancels a run: nothing more of it starts, what waits is cancelled except writes that have begun, and the
  /// run fails (`run-cancelled`). Without effect on one that is over.
  void cancel(const RunRef &run);
  void cancelAll();
  /// Stops what `cancelAll` has left in flight, for a process that is about to exit: requests are abandoned,
  /// and those that may have taken effect are reported as unknown; programs are terminated.
  void abandonAll();

  /// Waits until a run is over. Not from a callback. False in a forked child, at once, if it is not over.
  bool wait(const RunRef &run);
  /// The same for a limited time in nanoseconds; whether it is over.
  bool waitFor(const RunRef &run, int64_t nanoseconds);

  /// A descriptor (eventfd) that is readable while `takeCompleted` has something to give; owned by the
  /// session. -1: the system provides none.
  int completedDescriptor();
  /// Events of runs submitted with RunSettings::queued since the last call, in order. Does not wait.
  std::vector<RunEvent> takeCompleted();

  SessionStats stats() const;

private:
  friend struct SessionRun;
  struct Impl;
  std::unique_ptr<Impl> impl;
};

} // namespace xcs
