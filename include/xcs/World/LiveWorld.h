#pragma once
#include "xcs/Plan/Plan.h"
#include "xcs/World/Grants.h"
#include "xcs/World/World.h"
#include <cstdint>
#include <optional>

namespace xcs {

/// What a plan may touch.
struct WorldOptions {
  Grants grants;
  Limits limits;
  /// How many descriptors a program may have that is started; none: as many as this process.
  std::optional<uint64_t> programDescriptors = std::nullopt;
};

/// The real world: sockets, programs, files, the clock, as far as `options` grants them. Its thread is
/// started by the first operation that needs it. `plan` must outlive the world.
MakeWorld liveWorld(const PlanView &plan, WorldOptions options);

} // namespace xcs
