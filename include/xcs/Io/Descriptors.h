#pragma once
#include <cstdint>

namespace xcs {

/// The sockets that a run has descriptors for.
struct SocketBudget {
  uint64_t inFlight; // transfers in flight
  uint64_t keptIdle; // connections kept for later requests
};

/// How much a run may do at once without running out of descriptors. Every part is at least 1.
struct DescriptorBudget {
  SocketBudget sockets;
  uint64_t files, programs;
};

/// How many descriptors this process may still open.
uint64_t freeDescriptors();

/// Divides `free` descriptors. `files` and `programs` are upper bounds; sockets receive the remainder.
DescriptorBudget descriptorBudget(uint64_t free, uint64_t files, uint64_t programs);

} // namespace xcs
