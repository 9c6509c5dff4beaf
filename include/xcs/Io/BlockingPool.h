#pragma once
#include "xcs/Io/Reactor.h"
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace xcs {

class Thread;

/// Threads for what blocks, such as files on a slow disk: as many as there is work at once, up to a bound;
/// they end with the pool. Work begins in the order in which it was submitted. An idle pool uses no processor
/// time. Thread safety: the reactor's thread only, but that `work` runs on a thread of the pool.
class BlockingPool {
public:
  using Step = std::function<void()>;

  BlockingPool(Reactor &reactor, size_t most);
  /// Waits for what is under way; what waits is dropped, and no `done` is called any more.
  ~BlockingPool();

  /// Runs `work` on a thread of the pool, then `done` on the reactor's. A ticket for `withdraw`, never 0; 0
  /// when the system gives the pool no thread at all: then neither is called.
  [[nodiscard]] uint64_t submit(Step work, Step done);
  /// Takes work back that has not begun: then neither step is called. False when it has begun.
  bool withdraw(uint64_t ticket);
  /// How much of it has neither ended nor been taken back.
  size_t size() const { return left; }

private:
  struct Queue;
  const size_t most;
  size_t left = 0;
  std::shared_ptr<Queue> queue;
  std::vector<Thread> threads;
};

} // namespace xcs
