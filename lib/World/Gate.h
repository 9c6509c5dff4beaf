#pragma once
#include "World/Pace.h"
#include "World/Throttle.h"
#include <cstdint>
#include <map>

namespace xcs {

struct Applicant;

/// Bounds how many operations of one resource are in flight and how fast they start, by number and by the
/// tokens they are thought to take. One gate a resource for the whole run, shared across nesting. Among those
/// that wait, the longest remaining critical path goes first, then the earliest to come; nobody overtakes the
/// first, however little he wants. An operation that needs several gates takes all of them at once, and holds
/// none while it waits at one that is closed: so nobody waits for a slot that a waiting one holds. Thread
/// safety: the event loop's thread only.
class Gate {
public:
  /// `capacity` 0: unbounded. A rate of 0: unpaced; else starts are spaced evenly, after a burst of one
  /// second's worth.
  Gate(uint64_t capacity, double requestsPerMinute, double tokensPerMinute = 0);

  /// Whether one more may start now: there is a slot, and the pace allows it. `now` in nanoseconds, `tokens`
  /// an estimate.
  bool isOpen(int64_t now, double tokensWanted = 0) {
    return (!capacity || inFlight < capacity) && paceAllows(tokensWanted, now);
  }
  bool hasWaiting() const { return !queue.empty(); }
  /// Whether no slot is left.
  bool isFull() const { return capacity && inFlight >= capacity; }
  /// Takes a slot of an open gate.
  void take(int64_t now, double tokensWanted = 0);
  /// Gives a slot back.
  void leave() { --inFlight; }
  /// Where an operation stands in the queue of any gate. No two have the same `turn`: whoever goes from one
  /// gate to the next stays before those that came later.
  struct Place {
    double priority;
    uint64_t turn;
    bool operator<(const Place &o) const {
      return priority != o.priority ? priority > o.priority : turn < o.turn;
    }
  };
  /// Whether somebody waits here who goes before whoever has that place.
  bool isBehind(const Place &place) const { return !queue.empty() && queue.begin()->first < place; }
  /// Whether the first that waits goes before all that come from now on with a priority of at most that.
  bool isAhead(double priority) const { return !queue.empty() && queue.begin()->first.priority >= priority; }
  /// Queues an operation; the place is what takes it out again.
  void wait(Applicant *who, const Place &place, double tokensWanted = 0);
  void forget(const Place &place) { queue.erase(place); }
  /// Takes the next operation that may start now out of the queue, without a slot; null when there is none.
  /// When only pacing holds it back, `wakeAt` is when to ask again (0: no need).
  Applicant *next(int64_t now, int64_t &wakeAt);
  uint64_t peak() const { return mostInFlight; }
  bool isLookedAt = false; // Admission is about to ask for the next

  /// What had been let in when an operation started, itself included.
  struct Mark {
    double requests, tokens;
  };
  Mark mark() const { return {requests.taken(), tokens.taken()}; }
  /// The rate headers of the answer to the operation that started at `mark`.
  void told(const RateWindow &requestsLeft, const RateWindow &tokensLeft, Mark mark, int64_t now);
  /// An operation took another number of tokens than was thought when it was let in.
  void settle(double estimated, double used) { tokens.adjust(used - estimated); }
  /// Starts nothing before `until`: the server asked everybody to wait.
  void hold(int64_t until) { heldUntil = until > heldUntil ? until : heldUntil; }
  /// What became of an operation that was sent at `sentAt`: the server took it, or sent it away because there
  /// were too many, and nothing is to start before `until`.
  void accepted(int64_t sentAt) { throttle.accepted(sentAt); }
  void rejected(int64_t sentAt, int64_t now, int64_t until) { throttle.rejected(sentAt, now, until); }
  /// The rate found since the first rejection.
  const Throttle &foundRate() const { return throttle; }

  /// A time for which the server lets nobody in: it asked for that, or its rate headers say that nothing is
  /// left.
  struct Pause {
    int64_t until = 0; // 0: there is none
    bool isAsked = false;
  };
  Pause pauseAt(int64_t now) const;
  /// Calls `visit` with each that waits, in order.
  template <class Visit> void forEachWaiting(Visit visit) const {
    for (const auto &[place, waiting] : queue)
      visit(*waiting.who);
  }

private:
  struct Waiting {
    Applicant *who;
    double tokens;
  };
  bool paceAllows(double tokensWanted, int64_t now);
  int64_t paceReadyAt(double tokensWanted, int64_t now) const;

  uint64_t capacity, inFlight = 0, mostInFlight = 0;
  Pace requests, tokens;
  Throttle throttle;
  int64_t heldUntil = 0;
  std::map<Place, Waiting> queue;
};

} // namespace xcs
