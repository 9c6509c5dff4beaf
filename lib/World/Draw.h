#pragma once
#include "World/WorldOp.h"

namespace xcs {

// A draw is one execution of an operation that samples or writes. Its name was fixed before any pass
// (Transforms/Draws.h); with the names of the calls that led to it and the iterations around it, it is the
// same draw at every level, number of threads and schedule.

/// Random bits of one draw: a function of the run's seed, the name of the draw, the names of the calls that
/// led to it and the iterations around it, and of nothing else. Not for cryptography.
class DrawBits {
public:
  explicit DrawBits(const WorldOp::Site &site);

  uint64_t next();
  /// Evenly from 0 up to, not including, `bound`, which is not 0.
  uint64_t below(uint64_t bound);

private:
  uint64_t state;
};

/// The identity of an execution that reads, samples or writes, in 32 hexadecimal digits: of the request
/// itself (operation, request attributes of it and of its resource, operands, result types; of secrets their
/// names) and, unless it is a read, of where it stands: equal requests are draws of their own. Empty for
/// anything else.
std::string requestIdentity(const WorldOp::Site &site);

} // namespace xcs
