#pragma once
#include "xcs/Plan/Plan.h"
#include "xcs/Support/Host.h"
#include "xcs/World/Grants.h"
#include "xcs/World/HostCallables.h"
#include "xcs/World/World.h"
#include <cstdint>
#include <optional>

namespace xcs {

/// What a plan may touch.
struct WorldOptions {
  Grants grants;
  Limits limits;
  /// Provides the environment, the time of day and the log; never null.
  std::shared_ptr<Host> host = processHost();
  /// The limit on descriptors of a started program; none: that of this process.
  std::optional<uint64_t> programDescriptors = std::nullopt;
  /// The functions of the program that embeds the run, for `host.call`; null: it has none, and a plan that
  /// calls one is refused.
  std::shared_ptr<HostCallables> callables = nullptr;
  /// How many of them may run at once; at least 1. Each takes a thread while it runs.
  unsigned hostThreads = 256;
};

/// The real world: sockets, programs, files, the clock, as far as `options` grants them. Its thread starts
/// with the first operation that needs it. `plan` must outlive the world.
MakeWorld liveWorld(const PlanView &plan, WorldOptions options);

} // namespace xcs
