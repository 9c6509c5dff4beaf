#pragma once
#include "Runtime/Engine.h"

namespace xcs {

/// A parameter of a run that is open to inputs.
struct Engine::OpenInput {
  std::atomic<bool> isTaken{false}; // its node has settled, or the one who set this settles it
  bool isThere = false;             // from the beginning
  Value value;                      // on its way to the frame
};

} // namespace xcs
