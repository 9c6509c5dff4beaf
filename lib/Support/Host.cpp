#include "xcs/Support/Host.h"
#include "xcs/Support/Clock.h"
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <pthread.h>
#include <unistd.h>

using namespace xcs;

std::optional<std::string> ProcessHost::environment(std::string_view name) const {
  if (name.find('\0') != name.npos)
    return std::nullopt;
  const char *value = std::getenv(std::string(name).c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

int64_t ProcessHost::timeOfDay() const {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

// Counts how often this process has been forked off: the copy of a thread's state must not be used.
static std::atomic<uint32_t> forks{1};

/// The kernel is asked once in each thread, since that takes as long as a small run. From then on it is
/// splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
uint64_t ProcessHost::entropy() {
  static const int watched =
      pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); });
  thread_local uint64_t state = 0;
  thread_local uint32_t seededAt = 0;
  const uint32_t now = watched == 0 ? forks.load(std::memory_order_relaxed) : 0; // 0: unknown, ask each time
  if (seededAt != now || now == 0) {
    seededAt = now;
    if (getentropy(&state, sizeof state) != 0)
      state = static_cast<uint64_t>(monotonicNanoseconds());
  }
  uint64_t z = state += 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

std::shared_ptr<Host> xcs::processHost() { return std::make_shared<ProcessHost>(); }

std::optional<std::string> FakeHost::environment(std::string_view name) const {
  auto found = variables.find(name);
  return found == variables.end() ? std::nullopt : std::optional(found->second);
}

uint64_t FakeHost::entropy() {
  MutexLock lock(mutex);
  return bits++ * 0x9E3779B97F4A7C15; // spread over all bits, as what follows expects
}

void FakeHost::log(std::string_view added, const std::function<bool()> &) {
  MutexLock lock(mutex);
  lines += added;
}

std::string FakeHost::logged() const {
  MutexLock lock(mutex);
  return lines;
}
