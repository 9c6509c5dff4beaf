#pragma once
#include "xcs/Support/Diagnostics.h"
#include "xcs/World/World.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace xcs {

/// How an operation failed, as the user sees it.
struct RunFailure {
  Diag id{};
  std::string message;
  uint32_t op = UINT32_MAX; // index in PlanView::ops; none for failures of the run as a whole
  int64_t attempt = 1;
  std::vector<uint32_t> indices; // iteration of each enclosing `map`, outermost first
  std::vector<uint32_t> place;   // compares like program order; empty for failures of the run as a whole
  std::vector<uint32_t> calls;   // the calls that led to its function; innermost first
  uint32_t input = UINT32_MAX;   // the parameter whose producer failed (RunPool.h); then `op` is none
};

/// Counters of one run. `dispatches`: nodes of the plan that were carried out, each on its own or swept
/// together with others; so it is the same for every number of workers.
struct RunStats {
  uint64_t operations = 0, dispatches = 0, frames = 0, peakFrames = 0, steals = 0;
  uint64_t worldOperations = 0, peakInFlight = 0, cancelled = 0;
  uint64_t refused = 0; // operations that were not permitted
  WorldUsage world;     // over all operations
  int64_t wallNanoseconds = 0;
  unsigned threads = 1; // started by the run, including the calling one
};

/// One dispatch, for `--trace`. Times in nanoseconds since the run began.
struct TraceEvent {
  uint32_t op;    // index in PlanView::ops
  uint32_t count; // operations in the dispatch
  int64_t start, end;
  uint32_t index; // iteration of the innermost `map`; UINT32_MAX outside
  uint16_t worker;
  bool world; // whether it was in flight outside the pool between start and end
  bool ok;
  std::string draw; // digest of a sample's, read's or write's identity (World/Draw.h); else empty
};

struct RunReport {
  bool ok = false;
  /// Whether there are results: the run is ok, or it kept going, and none depends on a failure.
  bool hasResults = false;
  std::vector<Value> results;
  RunFailure failure;
  /// Of a run that kept going: the failures after that one, in program order; the first 1,000 of
  /// `otherFailures`.
  std::vector<RunFailure> others;
  uint64_t otherFailures = 0;
  /// Writes that may or may not have happened, in program order. If there is one, the run has failed, and
  /// this decides its exit code whatever `failure` says.
  std::vector<RunFailure> unknown;
  /// Writes that come after the failure in program order but have happened, in that order; without a message.
  std::vector<RunFailure> happened;
  RunStats stats;
  uint64_t seed = 0; // the seed of `random.*`: the same seed gives the same draws
  std::vector<TraceEvent> trace;
  std::vector<OpUsage> usage;         // of each operation that called a model, in the order of the plan
  std::optional<BudgetReport> budget; // what was spent of it; none: it was not limited
  /// Forms of the secrets that the run has used: everything printed is searched for them (redactSecrets).
  std::vector<std::string> secrets;
  /// Names of used secrets that are too short to be searched for.
  std::vector<std::string> shortSecrets;
};

} // namespace xcs
