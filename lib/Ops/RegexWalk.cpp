#include "Ops/RegexWalk.h"
#include "Ops/TextUnits.h"
#include "xcs/Support/Mutex.h"
#include "xcs/Support/Thread.h"
#include <algorithm>
#include <atomic>
#include <chrono>
#include <vector>

using namespace xcs;

/// The searches themselves. They belong to the caller, or to the thread that makes them while the caller
/// waits; `abandoned` and what the mutex guards are for both.
struct RegexWalk::Searches {
  Searches(const Regex &regex, const Value &value, size_t groupCount, Find find, const Limits &limits)
      : regex(regex), value(value), text(value.text()), groupCount(groupCount),
        most(find == Find::First ? 1 : std::max<size_t>(1, groupsAtOnce / groupCount)),
        stepsLeft(find == Find::First ? UINT64_MAX : limits[Limit::RegexSteps]) {}

  static constexpr size_t groupsAtOnce = 1024; // so that the hand-over costs nothing beside the searches

  void findOne();
  void findSome();
  static bool findSomeOnThread(const std::shared_ptr<Searches> &self, const Limits &limits);
  bool mayTakeLong() const { return from <= text.size() && regex.mayTakeLong(text.size() - from); }
  std::span<std::string_view> groupsOf(size_t match) {
    return std::span(found).subspan(match * groupCount, groupCount);
  }

  const Regex regex;
  const Value value; // holds the text, however the call ends
  const std::string_view text;
  const size_t groupCount, most;
  uint64_t stepsLeft;
  size_t from = 0;
  size_t lastEnd = std::string_view::npos; // of the previous match
  std::vector<std::string_view> found;     // the groups of matches, one match after the other
  size_t count = 0, given = 0;             // how many were found; how many `next` has given
  bool ended = false, outOfSteps = false;
  std::atomic<bool> abandoned{false};

  Mutex mutex;
  bool done XCS_GUARDED_BY(mutex) = false;
  Condition isDone;

private:
  bool search(std::span<std::string_view> groups);
  void findSomeAndTell();
  bool waitUntilDone(const Limits &limits);
};

/// The search from `from` on; counted as if it read all of the rest.
bool RegexWalk::Searches::search(std::span<std::string_view> groups) {
  if (from > text.size())
    return false;
  const uint64_t steps = regex.mayBacktrack() ? text.size() - from : 0;
  outOfSteps = steps > stepsLeft;
  stepsLeft -= outOfSteps ? 0 : steps;
  return !outOfSteps && regex.find(text, from, groups);
}

/// Adds the next match, or notes that there is none.
void RegexWalk::Searches::findOne() {
  found.resize((count + 1) * groupCount);
  const std::span<std::string_view> groups = groupsOf(count);
  while (search(groups)) {
    ++count;
    if (groups.empty()) // its position is not asked for, and so no second one is
      return;
    const auto begin = static_cast<size_t>(groups[0].data() - text.data());
    if (groups[0].empty() && begin == lastEnd) { // the next search begins after the next code point
      --count;
      from = codePointEnd(text, begin);
      continue;
    }
    from = lastEnd = begin + groups[0].size();
    return;
  }
  ended = true;
}

void RegexWalk::Searches::findSome() {
  while (!ended && count < most && !abandoned.load(std::memory_order_relaxed))
    findOne();
}

/// What the thread does.
void RegexWalk::Searches::findSomeAndTell() {
  findSome();
  MutexLock lock(mutex);
  done = true;
  isDone.notifyOne();
}

/// Waits for the thread; false when the run was stopped meanwhile.
bool RegexWalk::Searches::waitUntilDone(const Limits &limits) {
  static constexpr std::chrono::milliseconds interval(10);
  MutexLock lock(mutex);
  while (!done) {
    if (limits.isStopped())
      return false;
    isDone.waitUntil(mutex, std::chrono::steady_clock::now() + interval);
  }
  done = false; // for the next thread
  return true;
}

/// False when the run was stopped meanwhile: then all this belongs to the thread alone.
bool RegexWalk::Searches::findSomeOnThread(const std::shared_ptr<Searches> &self, const Limits &limits) {
  Thread thread;
  if (thread.start([self] { self->findSomeAndTell(); }) != 0) {
    self->findSome(); // the system gives no thread: then it takes what it takes
    return true;
  }
  if (self->waitUntilDone(limits)) {
    thread.join();
    return true;
  }
  self->abandoned.store(true, std::memory_order_relaxed);
  thread.detach();
  return false;
}

RegexWalk::RegexWalk(const Regex &regex, const Value &text, size_t groupCount, Find find,
                     const Limits &limits)
    : limits(limits), start(text.text().data()),
      searches(std::make_shared<Searches>(regex, text, groupCount, find, limits)) {}

bool RegexWalk::isOutOfSteps() const { return searches && searches->outOfSteps; }

/// Finds the next matches, where the last ones have been given; false when the run was stopped.
bool RegexWalk::search() {
  searches->count = searches->given = 0;
  if (limits.isStopped())
    return false;
  if (!searches->mayTakeLong()) {
    searches->findOne();
    return true;
  }
  if (Searches::findSomeOnThread(searches, limits))
    return true;
  searches.reset();
  return false;
}

bool RegexWalk::next() {
  if (!searches)
    return false;
  if (searches->given == searches->count && (searches->ended || !search()))
    return false;
  if (searches->given == searches->count)
    return false;
  current = searches->groupsOf(searches->given++);
  return true;
}
