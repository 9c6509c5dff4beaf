#include "xcs/Io/BlockingPool.h"
#include "xcs/Support/Thread.h"
#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

using namespace xcs;

/// What the pool's threads share with it. Steps of the reactor hold it too, for one may be left when the pool
/// is gone.
struct BlockingPool::Queue : std::enable_shared_from_this<Queue> {
  struct Job {
    Step work, done;
  };
  explicit Queue(Reactor &reactor) : reactor(reactor) {}
  void runThread();
  void deliver();

  Reactor &reactor;
  std::mutex mutex; // guards the rest
  std::condition_variable wakeUp;
  std::deque<Job> waiting;
  std::vector<Step> finished;
  size_t idle = 0;
  bool stopping = false;
};

BlockingPool::BlockingPool(Reactor &reactor, size_t most)
    : most(std::max<size_t>(most, 1)), queue(std::make_shared<Queue>(reactor)) {}

BlockingPool::~BlockingPool() {
  {
    std::lock_guard lock(queue->mutex);
    queue->stopping = true;
  }
  queue->wakeUp.notify_all();
  for (Thread &thread : threads)
    thread.join();
  std::lock_guard lock(queue->mutex);
  queue->finished.clear();
}

bool BlockingPool::submit(Step work, Step done) {
  bool wantsThread;
  {
    std::lock_guard lock(queue->mutex);
    queue->waiting.push_back({std::move(work), std::move(done)});
    wantsThread = queue->waiting.size() > queue->idle && threads.size() < most;
  }
  if (wantsThread) {
    threads.emplace_back();
    if (threads.back().start([shared = queue.get()] { shared->runThread(); }) == 0)
      return true;
    threads.pop_back();
  }
  if (!threads.empty()) { // with fewer than would be useful it takes longer
    queue->wakeUp.notify_one();
    return true;
  }
  queue->waiting.clear();
  return false;
}

void BlockingPool::Queue::runThread() {
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
    if (finished.size() == 1)
      reactor.post([shared = shared_from_this()] { shared->deliver(); });
  }
}

void BlockingPool::Queue::deliver() {
  std::vector<Step> steps;
  {
    std::lock_guard lock(mutex);
    steps.swap(finished);
  }
  for (Step &step : steps)
    step();
}
