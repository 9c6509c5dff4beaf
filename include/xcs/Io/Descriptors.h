#pragma once
#include "xcs/Support/Limits.h"
#include <cstdint>

namespace xcs {

/// How many sockets a run has descriptors for.
struct SocketBudget {
  uint64_t inFlight; // transfers at once
  uint64_t keptIdle; // connections kept for later ones
};

/// Raises what this process may have open to what the system lets it raise it to, once; gives that number.
uint64_t raiseDescriptorLimit();
/// Gives a program that has just been started the bound that this process was started with: some loop over
/// all descriptors they might have.
void restoreDescriptorLimit(int pid);

/// Shares out what is left of `descriptors` when files and programs have theirs. Never nothing.
SocketBudget socketBudget(uint64_t descriptors, const Limits &limits);

} // namespace xcs
