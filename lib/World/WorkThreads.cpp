#include "World/WorkThreads.h"
#include <utility>

using namespace xcs;

void WorkThreads::post(std::function<void()> work, Time when) {
  {
    MutexLock lock(mutex);
    if (stopping)
      return;
    if (idle <= waiting.size() && threads.size() < most) {
      threads.emplace_back();
      if (threads.back().start([this] { runThread(); }) != 0)
        threads.pop_back();
    }
    if (!threads.empty()) {
      waiting.emplace(when, std::move(work));
      wakeUp.notifyOne();
      return;
    }
  }
  work();
}

void WorkThreads::runThread() {
  mutex.lock();
  while (!stopping) {
    const Time now = std::chrono::steady_clock::now();
    if (!waiting.empty() && waiting.begin()->first <= now) {
      std::function<void()> work = std::move(waiting.begin()->second);
      waiting.erase(waiting.begin());
      mutex.unlock();
      work();
      work = nullptr;
      mutex.lock();
      continue;
    }
    ++idle;
    if (waiting.empty())
      wakeUp.wait(mutex);
    else
      wakeUp.waitUntil(mutex, waiting.begin()->first);
    --idle;
  }
  mutex.unlock();
}

void WorkThreads::stop() {
  std::vector<Thread> ending;
  {
    MutexLock lock(mutex);
    stopping = true;
    waiting.clear();
    ending.swap(threads);
  }
  wakeUp.notifyAll();
  for (Thread &thread : ending)
    thread.join();
}
