#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <uv.h>
#include <vector>

namespace xcs {

/// Threads for what blocks, such as files on a slow disk: as many as there is work at once, up to a bound;
/// they end with the pool. An idle pool uses no processor time. Thread safety: the event loop's thread only,
/// but that `work` runs on a thread of the pool.
class BlockingPool {
public:
  using Step = std::function<void()>;

  BlockingPool(uv_loop_t *loop, size_t most);
  /// Waits for what is under way; what waits is dropped, and no `done` is called any more.
  ~BlockingPool();

  /// Runs `work` on a thread of the pool, then `done` on the loop's.
  void submit(Step work, Step done);

private:
  struct Job {
    Step work, done;
  };
  void runThread();
  void deliver();

  const size_t most;
  uv_async_t *ready; // closed and freed by the loop
  std::mutex mutex;  // guards the next five
  std::condition_variable wakeUp;
  std::deque<Job> waiting;
  std::vector<Step> finished;
  size_t idle = 0;
  bool stopping = false;
  std::vector<std::thread> threads;
};

} // namespace xcs
