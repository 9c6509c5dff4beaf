#pragma once
#include "xcs/Ops/Kernel.h"
#include "xcs/Support/Host.h"
#include "xcs/Support/Limits.h"
#include <cstdint>
#include <optional>

namespace xcs {

/// The order in which ready nodes may start. Dataflow is the normal one; the others are for comparison and
/// debugging.
enum class Schedule : uint8_t {
  Dataflow, // a node starts when its own predecessors have finished
  Levels,   // level by level, with a barrier between them
  Serial,   // one node after another, in the plan's order
};

struct RunOptions {
  unsigned jobs = 0; // worker threads, including the calling one; 0: one per core
  Schedule schedule = Schedule::Dataflow;
  int64_t timeoutNanoseconds = 0; // of the whole run; 0: none
  std::optional<uint64_t> seed;   // of `random.*`; none: a different one in each run
  bool trace = false;             // record every dispatch
  bool keepGoing = false;         // what depends on no failure continues, and all failures are reported
  Limits limits;
  /// The source of the seed for `random.*` if `seed` is none; never null.
  std::shared_ptr<Host> host = processHost();
  /// Replaces the kernel of every pure operation; for benchmarks of the executor itself. Null: the real ones.
  Kernel kernelOverride = nullptr;
  /// The estimated cost of every pure operation, for the same. None: that of its row.
  std::optional<uint32_t> kernelNanoseconds;
};

} // namespace xcs
