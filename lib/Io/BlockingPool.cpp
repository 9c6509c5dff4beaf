#include "xcs/Io/BlockingPool.h"
#include "xcs/Support/Mutex.h"
#include "xcs/Support/Thread.h"
#include <algorithm>
#include <deque>
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
  Mutex mutex;
  Condition wakeUp;
  std::deque<Job> waiting XCS_GUARDED_BY(mutex); // by ticket
  uint64_t lastTicket XCS_GUARDED_BY(mutex) = 0;
  std::vector<Step> finished XCS_GUARDED_BY(mutex);
  size_t idle XCS_GUARDED_BY(mutex) = 0;
  bool stopping XCS_GUARDED_BY(mutex) = false;
};

BlockingPool::BlockingPool(Reactor &reactor, size_t most)
    : most(std::max<size_t>(most, 1)), queue(std::make_shared<Queue>(reactor)) {}

BlockingPool::~BlockingPool() {
  {
    MutexLock lock(queue->mutex);
    queue->stopping = true;
  }
  queue->wakeUp.notifyAll();
  for (Thread &thread : threads)
    thread.join();
  MutexLock lock(queue->mutex);
  queue->finished.clear();
}

uint64_t BlockingPool::submit(Step work, Step done) {
  bool wantsThread;
  uint64_t ticket;
  {
    MutexLock lock(queue->mutex);
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
  queue->wakeUp.notifyOne(); // with fewer threads than would be useful it takes longer
  return ticket;
}

bool BlockingPool::withdraw(uint64_t ticket) {
  Queue::Job job; // freed without the lock
  MutexLock lock(queue->mutex);
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
  mutex.lock();
  while (true) {
    ++idle;
    while (!stopping && waiting.empty())
      wakeUp.wait(mutex);
    --idle;
    if (stopping)
      break;
    Job job = std::move(waiting.front());
    waiting.pop_front();
    mutex.unlock();
    job.work();
    job.work = nullptr; // what it holds is freed before `done` is called
    mutex.lock();
    finished.push_back(std::move(job.done));
    if (finished.size() == 1)
      reactor.post([shared = shared_from_this()] { shared->deliver(); });
  }
  mutex.unlock();
}

void BlockingPool::Queue::deliver() {
  std::vector<Step> steps;
  {
    MutexLock lock(mutex);
    steps.swap(finished);
  }
  for (Step &step : steps)
    step();
}
