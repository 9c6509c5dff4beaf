#pragma once
#include "xcs/Model/Usage.h"
#include "xcs/Ops/Kernel.h"
#include "xcs/Plan/Plan.h"
#include "xcs/World/Grants.h"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace xcs {

/// In which order ready nodes may start. Dataflow is the product; the others are for comparison and
/// debugging.
enum class Schedule : uint8_t {
  Dataflow, // a node starts when its own predecessors are done
  Levels,   // level after level, with a barrier between them
  Serial,   // one node after the other, in the plan's order
};

struct RunOptions {
  unsigned jobs = 0; // worker threads, the calling one included; 0: one a core
  Schedule schedule = Schedule::Dataflow;
  Grants grants;
  int64_t timeoutNanoseconds = 0; // of the whole run; 0: none
  std::optional<uint64_t> seed;   // of `random.*`; none: another one each run
  bool trace = false;             // record every dispatch
  Limits limits;
  /// Replaces the kernel of every pure operation; for benchmarks of the executor alone. Null: the real ones.
  Kernel kernelOverride = nullptr;
};

/// How an operation failed: what the user is told.
struct RunFailure {
  Diag id{};
  std::string message;
  uint32_t op = UINT32_MAX; // index in PlanView::ops; none for failures of the run as a whole
  int64_t attempt = 1;
  std::vector<uint32_t> indices; // iteration of each enclosing `map`, outermost first
  std::vector<uint32_t> place;   // compares as program order does; empty for failures of the run as a whole
  std::vector<uint32_t> calls;   // operations that called the function it is in, and so on; innermost first
};

/// Counted by the run itself.
struct RunStats {
  uint64_t operations = 0, dispatches = 0, frames = 0, peakFrames = 0, steals = 0;
  uint64_t worldOperations = 0, peakInFlight = 0, cancelled = 0;
  uint64_t requests = 0, retries = 0, connections = 0;
  ModelUsage models; // over all models
  int64_t wallNanoseconds = 0;
  unsigned threads = 1; // started by the run, the calling one included
};

/// One dispatch, for `--trace`. Times in nanoseconds since the run began.
struct TraceEvent {
  uint32_t op;    // index in PlanView::ops
  uint32_t count; // operations in the dispatch
  int64_t start, end;
  uint32_t index; // iteration of the innermost `map`; UINT32_MAX outside
  uint16_t worker;
  bool world; // in flight outside the pool between start and end
  bool ok;
  std::string draw; // digest of a sample's, read's or write's identity (World/Draw.h); else empty
};

struct RunReport {
  bool ok = false;
  std::vector<Value> results;
  RunFailure failure;
  /// Writes that may or may not have happened, in program order: where there is one, the run has failed, and
  /// that is its exit code whatever `failure` says.
  std::vector<RunFailure> unknown;
  /// Writes behind the failure in program order that have happened all the same, in that order; without a
  /// message.
  std::vector<RunFailure> happened;
  RunStats stats;
  uint64_t seed = 0; // what `random.*` drew from: given again, it gives the same draws
  std::vector<TraceEvent> trace;
  std::vector<OpUsage> usage; // of each operation that called a model, in the order of the plan
  /// Forms of the secrets the run has used: whatever is printed is searched for them (redactSecrets).
  std::vector<std::string> secrets;
  /// Names of those that were used and are too short to be searched for.
  std::vector<std::string> shortSecrets;
};

/// Carries out a plan: a work-stealing pool for operations that compute, an event loop for operations that
/// wait, both started when first needed. The failure reported is the first in program order, whatever `jobs`
/// and the schedule. Thread safety: one run at a time; `interrupt` from any thread.
class Executor {
public:
  /// `plan` must be verified and outlive the executor.
  Executor(const PlanView &plan, const RunOptions &options);
  ~Executor();
  Executor(const Executor &) = delete;

  /// Runs a function; `arguments` fit its parameters. May be called again and again; threads are kept between
  /// runs.
  RunReport run(uint32_t function, std::vector<Value> arguments);

  /// Stops the run under way: nothing more is started, what waits is cancelled but for writes that have
  /// started, and the run fails as interrupted. From any thread, but not from a signal handler; without a run
  /// it does nothing.
  void interrupt();
  /// Stops what `interrupt` has left under way, for a process that is about to end: requests are given up,
  /// and those that may have been carried out reported as unknown; programs are told to end, and killed with
  /// their groups after a moment. From any thread.
  void abandon();
  /// Kills all programs with their groups at once, and those that are started from now on. From any thread;
  /// takes no memory and does not wait for the event loop.
  void killPrograms();
  /// Whether a write that may not be repeated is under way, or has ended with an unknown outcome: what a
  /// process that ends now without a report leaves behind. From any thread.
  bool hasUncertainWrites() const;
  /// Waits for what is left of programs that were told to end: they are killed after a second, or at once by
  /// `abandon`.
  void waitForPrograms();

  class Impl; // lib/Runtime/Engine.h

private:
  std::unique_ptr<Impl> impl;
};

/// The exit code of a failed run.
ExitCode exitCodeOf(const RunReport &report);
/// Replaces every occurrence of a secret by `[redacted]`; those that overlap by one.
std::string redactSecrets(std::string text, const std::vector<std::string> &secrets);
/// The same for a JSON text, which stays one: within strings, whole escapes at a time; a number that contains
/// a secret becomes the string `"[redacted]"`.
std::string redactJson(std::string text, const std::vector<std::string> &secrets);

} // namespace xcs
