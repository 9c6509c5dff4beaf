#include "Io/BlockingPool.h"
#include <utility>

using namespace xcs;

BlockingPool::BlockingPool(uv_loop_t *loop, size_t most)
    : most(std::max<size_t>(most, 1)), ready(new uv_async_t) {
  uv_async_init(loop, ready, [](uv_async_t *h) { static_cast<BlockingPool *>(h->data)->deliver(); });
  ready->data = this;
}

BlockingPool::~BlockingPool() {
  {
    std::lock_guard lock(mutex);
    stopping = true;
  }
  wakeUp.notify_all();
  for (std::thread &thread : threads)
    thread.join();
  uv_close(reinterpret_cast<uv_handle_t *>(ready),
           [](uv_handle_t *h) { delete reinterpret_cast<uv_async_t *>(h); });
}

void BlockingPool::submit(Step work, Step done) {
  bool wanted;
  {
    std::lock_guard lock(mutex);
    waiting.push_back({std::move(work), std::move(done)});
    wanted = waiting.size() > idle && threads.size() < most;
  }
  if (wanted)
    threads.emplace_back([this] { runThread(); });
  else
    wakeUp.notify_one();
}

void BlockingPool::runThread() {
  std::unique_lock lock(mutex);
  while (true) {
    ++idle;
    wakeUp.wait(lock, [this] { return stopping || !waiting.empty(); });
    --idle;
    if (stopping)
      return;
    Job job = std::move(waiting.front());
    waiting.pop_front();
    lock.unlock();
    job.work();
    lock.lock();
    finished.push_back(std::move(job.done));
    uv_async_send(ready);
  }
}

void BlockingPool::deliver() {
  std::vector<Step> steps;
  {
    std::lock_guard lock(mutex);
    steps.swap(finished);
  }
  for (Step &step : steps)
    step();
}
