#pragma once
#include "xcs/Ops/Kernel.h"
#include "xcs/Support/Host.h"
#include "xcs/Support/Limits.h"
#include <cstdint>
#include <optional>

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
  int64_t timeoutNanoseconds = 0; // of the whole run; 0: none
  std::optional<uint64_t> seed;   // of `random.*`; none: another one each run
  bool trace = false;             // record every dispatch
  Limits limits;
  /// Whose entropy seeds `random.*`; never null.
  std::shared_ptr<Host> host = processHost();
  /// Replaces the kernel of every pure operation; for benchmarks of the executor alone. Null: the real ones.
  Kernel kernelOverride = nullptr;
};

} // namespace xcs
