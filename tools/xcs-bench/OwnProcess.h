#pragma once
#include <cstdint>
#include <functional>
#include <vector>

namespace xcs::bench {

/// What one run of a side took, as its process measured it.
struct SideCost {
  double seconds = 0, cpuSeconds = 0; // of the body; `cpuSeconds` of all its threads
  double peakMiB = 0;                 // resident, of the process since its fork
};

/// What a body wishes to report besides its cost; 0 where it has nothing to say.
using SideBody = std::function<uint64_t()>;

/// A side of a comparison over several runs.
struct SideRuns {
  std::vector<SideCost> costs;
  uint64_t said = 0; // what the last body returned

  double seconds() const;
  double cpuSeconds() const;
  double peakMiB() const;
};

/// Runs the sides in turn, A B C A B C ..., `rounds` times after one warm-up each, every run in a process
/// forked for it: what an earlier run left in the heap would make the next one faster or slower. Exits with a
/// message if one of them cannot be started or fails. The caller must have no threads.
std::vector<SideRuns> runsInTurn(int rounds, const std::vector<SideBody> &sides);

} // namespace xcs::bench
