#pragma once
#include "xcs/Plan/Plan.h"
#include "xcs/Support/Host.h"
#include "xcs/Support/Mutex.h"
#include "xcs/World/Grants.h"
#include "xcs/World/HostCallables.h"
#include "xcs/World/People.h"
#include "xcs/World/World.h"
#include <cstdint>
#include <memory>
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
  /// Who answers the questions of `ask.human`; null: no one.
  std::shared_ptr<People> people = nullptr;
  /// What each run may spend on models.
  BudgetLimits budget = {};
};

class EventLoop; // lib/World/EventLoop.h

/// What the real worlds of many runs may share: the event loop with its thread, the HTTP client with its
/// connections, gates and the rates found with them, threads for blocking calls, programs. A gate is shared
/// by resources of the same kind, origin, model, secret and bounds, whatever their symbols; a `limit`, by
/// those of the same symbol and bounds. Thread safety: all members, from any thread.
class SharedLoop {
public:
  /// The limits and the denials of hosts hold for all worlds.
  explicit SharedLoop(WorldOptions options);
  ~SharedLoop();
  SharedLoop(const SharedLoop &) = delete;
  /// Once all runs are over: waits for programs that were terminated, then ends the threads. Nothing is
  /// submitted afterwards.
  void shutdown();

  // For worlds.
  /// The loop, which starts with the first call.
  EventLoop &get();
  const WorldOptions options;

private:
  Mutex mutex; // held while the loop is made
  std::unique_ptr<EventLoop> loop XCS_GUARDED_BY(mutex);
};

/// The real world: sockets, programs, files, the clock, as far as `options` grants them. Its thread starts
/// with the first operation that needs it. `plan` must outlive the world. The secrets that it may use are
/// read by this call. `shared`: the loop it shares with others; null: it has one of its own.
MakeWorld liveWorld(const PlanView &plan, WorldOptions options, std::shared_ptr<SharedLoop> shared = nullptr);

} // namespace xcs
