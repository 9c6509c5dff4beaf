#include "Runtime/Pool.h"
#include <algorithm>

using namespace xcs;

static void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

void Worker::grow() {
  std::vector<Task> larger(std::max<size_t>(64, ring.size() * 2));
  uint32_t count = size();
  for (uint32_t i = 0; i < count; ++i)
    larger[i] = ring[(head + i) & (ring.size() - 1)];
  ring.swap(larger);
  head = 0;
  tail = count;
}

Pool::Pool(unsigned jobs, TaskRunner &runner, FirstWorker first)
    : runner(runner), started(first == FirstWorker::Caller ? 1 : 0) {
  for (unsigned i = 0; i < jobs; ++i) {
    workers.push_back(std::make_unique<Worker>());
    workers.back()->index = i;
  }
}

void Pool::stop() {
  stopping.store(true);
  epoch.fetch_add(1);
  epoch.notify_all();
  std::vector<std::thread> ended;
  {
    MutexLock lock(startMutex);
    ended.swap(threads);
  }
  for (std::thread &thread : ended)
    thread.join();
}

void Pool::wake() {
  // Both sides change `sleepers` in one step, so one comes first: either this sees the sleeper, or the
  // sleeper, which checks again after its step, sees what was published before this one.
  if (sleepers.fetch_add(0, std::memory_order_acq_rel)) {
    epoch.fetch_add(1, std::memory_order_release);
    epoch.notify_one();
  }
}

/// Threads start one at a time, whenever there is work for which no worker may be awake.
void Pool::shareBatch(Worker &w) {
  uint32_t expected = 0;
  if (!w.offer.compare_exchange_strong(expected, 2, std::memory_order_acquire))
    return;
  uint32_t count = std::min(Worker::batchSize, (w.size() + 1) / 2);
  for (uint32_t i = 0; i < count; ++i)
    w.batch[i] = w.ring[w.head++ & (w.ring.size() - 1)];
  w.offered = count;
  w.offer.store(1, std::memory_order_release);
  wake();
  if (!sleepers.load(std::memory_order_relaxed))
    startThread();
}

void Pool::startThread() {
  if (threadsStarted() == workers.size())
    return;
  MutexLock lock(startMutex);
  if (threadsStarted() < workers.size()) {
    Worker &next = *workers[threadsStarted()];
    threads.emplace_back([this, &next] { loop(next); });
    started.fetch_add(1, std::memory_order_relaxed);
  }
}

bool Pool::take(Worker &from, Worker &to) {
  uint32_t full = 1;
  if (from.offer.load(std::memory_order_relaxed) != 1 ||
      !from.offer.compare_exchange_strong(full, 2, std::memory_order_acquire))
    return false;
  uint32_t count = from.offered;
  // Pushed so that the batch keeps its order on the new stack.
  for (uint32_t i = 0; i < count; ++i)
    to.push(from.batch[i]);
  from.offer.store(0, std::memory_order_release);
  if (&from != &to)
    ++to.steals;
  return true;
}

bool Pool::takeInjected(Worker &w) {
  if (!hasInjected.load(std::memory_order_acquire))
    return false;
  MutexLock lock(injectMutex);
  for (auto task = injected.rbegin(); task != injected.rend(); ++task)
    w.push(*task); // the first injected is popped first
  injected.clear();
  hasInjected.store(false, std::memory_order_relaxed);
  return !w.empty();
}

bool Pool::findWork(Worker &w) {
  if (take(w, w) || takeInjected(w))
    return true;
  for (size_t i = 1; i < workers.size(); ++i)
    if (take(*workers[(w.index + i) % workers.size()], w))
      return true;
  return false;
}

bool Pool::anythingOffered() const {
  if (hasInjected.load(std::memory_order_acquire))
    return true;
  return std::any_of(workers.begin(), workers.end(),
                     [](auto &w) { return w->offer.load(std::memory_order_acquire) == 1; });
}

/// Work is in the hands of a worker that is awake, or offered or injected. A worker that took some in between
/// is awake at the second count, or has finished it. The count is one step, as in `wake`: a worker that goes
/// to sleep later sees what the caller published before it.
bool Pool::isIdle() const {
  auto areAllAsleep = [this] { return sleepers.fetch_add(0, std::memory_order_acq_rel) == threadsStarted(); };
  return areAllAsleep() && !anythingOffered() && areAllAsleep();
}

void Pool::drain(Worker &w) {
  while (!w.empty()) {
    // Injected tasks go first: they may start the next wait, and a worker that always has tasks would
    // otherwise never check for them.
    if (hasInjected.load(std::memory_order_relaxed))
      takeInjected(w);
    runner.execute(w, w.pop());
  }
  runner.idle(w);
}

bool Pool::over(const Worker &w) const {
  return stopping.load(std::memory_order_acquire) ||
         (w.index == 0 && finished.load(std::memory_order_acquire));
}

/// Spins for about 30 us, the cost of waking a sleeping thread, then sleeps until something is offered or
/// injected.
void Pool::spinThenSleep(Worker &w, unsigned &idleRounds) {
  if (++idleRounds < 600) {
    for (int i = 0; i < 8; ++i)
      relax();
    return;
  }
  idleRounds = 0;
  uint32_t seen = epoch.load(std::memory_order_acquire);
  uint32_t asleep = sleepers.fetch_add(1, std::memory_order_acq_rel) + 1; // see wake
  if (!anythingOffered() && !over(w)) {
    if (asleep == threadsStarted())
      runner.onAllIdle();
    epoch.wait(seen, std::memory_order_acquire);
  }
  sleepers.fetch_sub(1, std::memory_order_relaxed);
}

void Pool::loop(Worker &w) {
  unsigned idleRounds = 0;
  while (!over(w)) {
    if (!w.empty() || findWork(w)) {
      busy.fetch_add(1, std::memory_order_relaxed);
      drain(w);
      busy.fetch_sub(1, std::memory_order_relaxed);
      idleRounds = 0;
    } else {
      spinThenSleep(w, idleRounds);
    }
  }
}

void Pool::work() {
  finished.store(false, std::memory_order_relaxed);
  loop(*workers[0]);
}

void Pool::finish(const Worker &w) {
  finished.store(true, std::memory_order_release);
  if (w.index == 0)
    return; // the calling thread: it checks `finished` next
  epoch.fetch_add(1, std::memory_order_seq_cst);
  epoch.notify_all();
}

void Pool::injectAll(std::span<const Task> tasks) {
  {
    MutexLock lock(injectMutex);
    injected.insert(injected.end(), tasks.begin(), tasks.end());
    hasInjected.store(true, std::memory_order_release);
  }
  wake();
  // Every thread may be in one long task; a stale count costs an extra thread or the wait for one task.
  if (busy.load(std::memory_order_relaxed) >= threadsStarted())
    startThread();
}
