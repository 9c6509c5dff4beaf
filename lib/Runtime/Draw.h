#pragma once
#include "Runtime/WorldOp.h"

namespace xcs {

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

} // namespace xcs
