#pragma once
#include <cstdint>

namespace xcs {

/// How many sockets a run has descriptors for.
struct SocketBudget {
  uint64_t inFlight; // transfers at once
  uint64_t keptIdle; // connections kept for later ones
};

/// How much a run does at once, so that it has descriptors for all of it. Nothing is never allowed.
struct DescriptorBudget {
  SocketBudget sockets;
  uint64_t files, programs;
};

/// How many descriptors this process may still open.
uint64_t freeDescriptors();

/// Shares out `free` descriptors. `files` and `programs` are what a run may have at most; sockets get what
/// those leave.
DescriptorBudget descriptorBudget(uint64_t free, uint64_t files, uint64_t programs);

} // namespace xcs
