#pragma once
#include "xcs/Support/Mutex.h"
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <thread>
#include <vector>

namespace xcs {

/// Something a worker does. What it means is the runner's affair.
struct Task {
  void *object;
  uint32_t detail;
  uint32_t kind;
};

/// A stack of tasks, and a batch of them for others. Only the worker's thread touches it, but for the batch,
/// which changes hands by `offer`.
struct alignas(64) Worker {
  static constexpr uint32_t batchSize = 64;

  unsigned index = 0;
  std::vector<Task> ring; // size is a power of two; the newest at tail - 1
  uint32_t head = 0, tail = 0;
  uint64_t steals = 0; // batches taken from others; for the runner to read and reset between runs

  // For the runner, to decide when to share.
  uint32_t ticks = 0;
  int64_t busySince = 0; // when it last had nothing to do; ns
  bool sharing = false;  // it has been busy for long enough to make waking others worth while
  void rested() {
    busySince = 0;
    sharing = false;
  }

  /// The offered batch. 0: empty; 1: full, anyone may take it; 2: being taken or filled.
  alignas(64) std::atomic<uint32_t> offer{0};
  uint32_t offered = 0;
  std::array<Task, batchSize> batch;

  bool empty() const { return head == tail; }
  uint32_t size() const { return tail - head; }
  void push(Task task) {
    if (size() == ring.size())
      grow();
    ring[tail++ & (ring.size() - 1)] = task;
  }
  Task pop() { return ring[--tail & (ring.size() - 1)]; }
  void grow();
};

/// Executes tasks.
class TaskRunner {
public:
  virtual ~TaskRunner() = default;
  virtual void execute(Worker &worker, Task task) = 0;
  /// Called when the worker has no tasks of its own left, before it looks elsewhere.
  virtual void idle(Worker &worker) = 0;
  /// Called when all workers are out of tasks, by the last of them, before it sleeps: nothing happens until
  /// something is injected.
  virtual void onAllIdle() {}
};

/// Workers with private stacks of tasks. A worker that has been busy for a while, or is about to do something
/// long, offers the older half of its tasks as one batch; idle workers take whole batches, spin a little,
/// then sleep. (Handing over many tasks at once costs one cache line; one by one, each would cost as much.
/// See docs/performance.md.)
///
/// Thread safety: `inject` from any thread; `work` on the calling thread, one at a time, and not where all
/// workers are threads of the pool; the rest from workers. Invariants: a task is in exactly one place (a
/// ring, a batch, the injected list, or running).
class Pool {
public:
  enum class FirstWorker : uint8_t {
    Caller, // of `work`
    Thread, // of the pool, like all others
  };
  Pool(unsigned jobs, TaskRunner &runner, FirstWorker first = FirstWorker::Caller);
  ~Pool() { stop(); }
  /// Ends the workers' threads; the pool must be idle. `work` must not be called afterwards.
  void stop();

  unsigned jobs() const { return static_cast<unsigned>(workers.size()); }
  Worker &worker(unsigned i) { return *workers[i]; }
  unsigned threadsStarted() const { return started.load(std::memory_order_relaxed); }

  /// Works on the calling thread, as worker 0, until `finish` is called.
  void work();
  /// Ends `work`; called once by the task that finishes the run, on worker `w`.
  void finish(const Worker &w);
  /// Adds tasks from outside the pool and wakes a sleeper, or starts a thread if all are busy. They come
  /// before the tasks of the worker that takes them.
  void inject(const std::vector<Task> &tasks) { injectAll(tasks); }
  void inject(Task task) { injectAll({&task, 1}); }
  /// Whether no worker has anything to do, and nothing waits for one. Only what is injected from then on
  /// changes it: the thread that injects can rely on it.
  bool isIdle() const;
  /// Whether a worker that has been at one task for long should let those come first.
  bool hasInjectedTasks() const { return hasInjected.load(std::memory_order_relaxed); }
  /// Offers the older half of a worker's tasks to the others, and starts or wakes one of them. Cheap if a
  /// batch is already offered.
  void share(Worker &w) {
    if (workers.size() > 1 && w.size() && w.offer.load(std::memory_order_relaxed) == 0)
      shareBatch(w);
  }

private:
  void injectAll(std::span<const Task> tasks);
  void shareBatch(Worker &w);
  void startThread();
  void drain(Worker &w);
  bool take(Worker &from, Worker &to);
  bool findWork(Worker &w);
  bool takeInjected(Worker &w);
  bool anythingOffered() const;
  void wake();
  void loop(Worker &w);
  void spinThenSleep(Worker &w, unsigned &idleRounds);
  bool over(const Worker &w) const;

  TaskRunner &runner;
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<std::thread> threads XCS_GUARDED_BY(startMutex);
  std::atomic<unsigned> started; // working threads, including the calling one
  Mutex startMutex;

  alignas(64) std::atomic<uint32_t> epoch{0}; // changes when there may be something to do
  mutable std::atomic<uint32_t> sleepers{0};
  std::atomic<uint32_t> busy{0}; // threads that are not looking for work
  std::atomic<bool> stopping{false}, finished{false};
  alignas(64) std::atomic<bool> hasInjected{false};
  Mutex injectMutex;
  std::vector<Task> injected XCS_GUARDED_BY(injectMutex);
};

} // namespace xcs
