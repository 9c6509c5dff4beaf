#pragma once
#include "xcs/Io/Reactor.h"
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace xcs {

class Thread;

/// Threads for blocking calls, such as files on a slow disk. The pool starts threads as needed, up to a
/// bound, and joins them when it is destroyed. Work begins in the order of submission. An idle pool uses no
/// processor time. Thread safety: the reactor's thread only; `work` runs on a thread of the pool.
class BlockingPool {
public:
  using Step = std::function<void()>;

  BlockingPool(Reactor &reactor, size_t most);
  /// Waits for work that has begun; drops the rest. No `done` is called any more.
  ~BlockingPool();

  /// Runs `work` on a thread of the pool, then `done` on the reactor's. Returns a ticket for `withdraw`,
  /// never 0; 0 if the system cannot create any thread: then neither is called.
  [[nodiscard]] uint64_t submit(Step work, Step done);
  /// Withdraws work that has not begun: then neither step is called. False if it has begun.
  bool withdraw(uint64_t ticket);
  /// How many submitted jobs have neither finished nor been withdrawn.
  size_t size() const { return left; }

private:
  struct Queue;
  const size_t most;
  size_t left = 0;
  std::shared_ptr<Queue> queue;
  std::vector<Thread> threads;
};

} // namespace xcs
