#include "xcs/Io/BlockingPool.h"
#include "xcs/Support/Thread.h"
#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

using namespace xcs;

/// The state shared with the pool's threads. Steps posted to the reactor own it too, because one may be left
/// when the pool is destroyed.
struct BlockingPool::Queue : std::enable_shared_from_this<Queue> {
  struct Job {
    uint64_t ticket;
    Step work, done;
  };
  explicit Queue(Reactor &reactor) : reactor(reactor) {}
  void runThread();
  void deliver();

  Reactor &reactor;
  std::mutex mutex; // guards the rest
  std::condition_variable wakeUp;
  std::deque<Job> waiting; // by ticket
  uint64_t lastTicket = 0;
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

uint64_t BlockingPool::submit(Step work, Step done) {
  bool wantsThread;
  uint64_t ticket;
  {
    std::lock_guard lock(queue->mutex);
    ticket = ++queue->lastTicket;
    auto ended = [this, done = std::move(done)] {
      --left;
      done();
    };
    queue->waiting.push_back({ticket, std::move(work), std::move(ended)});
    ++left;
    wantsThread = queue->waiting.size() > queue->idle && threads.size() < most;
  }
  if (wantsThread) {
    threads.emplace_back();
    if (threads.back().start([shared = queue.get()] { shared->runThread(); }) == 0)
      return ticket;
    threads.pop_back();
  }
  if (threads.empty()) {
    withdraw(ticket);
    return 0;
  }
  queue->wakeUp.notify_one(); // with fewer threads than useful it only takes longer
  return ticket;
}

bool BlockingPool::withdraw(uint64_t ticket) {
  Queue::Job job; // destroyed without the lock
  std::lock_guard lock(queue->mutex);
  auto found = std::lower_bound(queue->waiting.begin(), queue->waiting.end(), ticket,
                                [](const Queue::Job &job, uint64_t ticket) { return job.ticket < ticket; });
  if (found == queue->waiting.end() || found->ticket != ticket)
    return false;
  job = std::move(*found);
  queue->waiting.erase(found);
  --left;
  return true;
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
    job.work = nullptr; // frees its captures before `done` can run
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
