#pragma once
#include "xcs/Io/Reactor.h"
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace xcs {

class Thread;

/// Threads for what blocks, such as files on a slow disk: as many as there is work at once, up to a bound;
/// they end with the pool. An idle pool uses no processor time. Thread safety: the reactor's thread only,
/// but that `work` runs on a thread of the pool.
class BlockingPool {
public:
  using Step = std::function<void()>;

  BlockingPool(Reactor &reactor, size_t most);
  /// Waits for what is under way; what waits is dropped, and no `done` is called any more.
  ~BlockingPool();

  /// Runs `work` on a thread of the pool, then `done` on the reactor's. False when the system gives the pool
  /// no thread at all; then neither is called.
  [[nodiscard]] bool submit(Step work, Step done);

private:
  struct Queue;
  const size_t most;
  std::shared_ptr<Queue> queue;
  std::vector<Thread> threads;
};

} // namespace xcs
