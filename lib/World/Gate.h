#pragma once
#include "World/Pace.h"
#include "World/Throttle.h"
#include <cstdint>
#include <map>
#include <vector>

namespace xcs {

struct Applicant;

/// Bounds how many operations of one resource are in flight and how fast they start, by number and by
/// estimated tokens. There is one gate per resource for the whole run, across nesting, and for all runs that
/// share an event loop (Gates.h). Of those that wait,
/// the longest remaining critical path goes first, then the earliest arrival; none overtakes the first,
/// however little it needs: so an operation that takes several slots comes to its turn, because the gate
/// empties for it. An operation that needs several gates takes the slots of all of them at once, and has none
/// while it waits (Admission.h). Thread safety: the event loop's thread only.
class Gate {
public:
  /// `capacity` 0: unbounded. A rate of 0: unpaced; otherwise starts are spaced evenly, after a burst of one
  /// second's worth.
  Gate(uint64_t capacity, double requestsPerMinute, double tokensPerMinute = 0);

  /// Whether so many slots are free.
  bool hasSlots(uint64_t slots) const { return !capacity || inFlight + slots <= capacity; }
  /// Whether one more operation may start now: it finds its slots, and the pace allows it. `now` in
  /// nanoseconds, `tokens` an estimate.
  bool isOpen(int64_t now, double tokensWanted = 0, uint64_t slots = 1) {
    return hasSlots(slots) && paceAllows(tokensWanted, now);
  }
  bool hasWaiting() const { return !queue.empty(); }
  /// Whether too few slots are free for the next operation.
  bool isFull() const { return !hasSlots(queue.empty() ? 1 : queue.begin()->second.slots); }
  /// Whether more than one slot is in use.
  bool isShared() const { return inFlight > 1; }
  /// Takes slots of an open gate, for one operation.
  void take(int64_t now, double tokensWanted = 0, uint64_t slots = 1);
  void release(uint64_t slots = 1) { inFlight -= slots; }
  /// Takes slots for good, whether or not so many are free; for a gate whose slots are used up (Budget.h).
  void keep(uint64_t slots) { inFlight += slots; }
  uint64_t slotsInUse() const { return inFlight; }
  /// The place of an operation in the queue of any gate. Each `turn` is unique: an operation that moves from
  /// one gate to another stays before those that arrived later.
  struct Place {
    double priority;
    uint64_t turn;
    bool operator<(const Place &o) const {
      return priority != o.priority ? priority > o.priority : turn < o.turn;
    }
  };
  /// Whether an operation with precedence over that place waits here.
  bool hasWaiterBefore(const Place &place) const { return !queue.empty() && queue.begin()->first < place; }
  /// Whether the first in the queue precedes all that arrive from now on with at most that priority.
  bool firstPrecedes(double priority) const {
    return !queue.empty() && queue.begin()->first.priority >= priority;
  }
  /// Queues an operation; its place is the key to remove it.
  void wait(Applicant *who, const Place &place, double tokensWanted = 0, uint64_t slots = 1);
  void forget(const Place &place) { queue.erase(place); }
  /// What waits in that place, if anything does, takes another number of slots.
  void resize(const Place &place, uint64_t slots) {
    if (auto at = queue.find(place); at != queue.end())
      at->second.slots = slots;
  }
  /// The operation that waits in that place; null if it no longer does.
  Applicant *waitingIn(const Place &place) const {
    auto at = queue.find(place);
    return at == queue.end() ? nullptr : at->second.who;
  }
  /// The first operation in the queue if it may start now; it stays there. Null if there is none. If only the
  /// pace prevents it, `wakeAt` is the time to ask again (0: no need).
  Applicant *ready(int64_t now, int64_t &wakeAt);
  uint64_t peak() const { return mostInFlight; }
  bool isCheckScheduled = false; // Admission is about to call `ready`

  /// What had been admitted when an operation started, including itself.
  struct Mark {
    double requests, tokens;
  };
  Mark mark() const { return {requests.taken(), tokens.taken()}; }
  /// Processes the rate headers of the answer to the operation that started at `mark`.
  void updateFromServer(const RateWindow &requestsLeft, const RateWindow &tokensLeft, Mark mark, int64_t now);
  /// An operation used a different number of tokens than estimated when it was admitted.
  void settle(double estimated, double used) { tokens.adjust(used - estimated); }
  /// Starts nothing before `until`: the server asked all clients to wait.
  void hold(int64_t until) { heldUntil = until > heldUntil ? until : heldUntil; }
  /// What became of an operation that was sent at `sentAt`: the server took it, or sent it away because there
  /// were too many, and nothing is to start before `until`.
  void accepted(int64_t sentAt) { throttle.accepted(sentAt); }
  void rejected(int64_t sentAt, int64_t now, int64_t until) { throttle.rejected(sentAt, now, until); }
  /// The rate found since the first rejection.
  const Throttle &foundRate() const { return throttle; }

  /// A time in which nothing may start: the server asked for that, or its rate headers say that nothing is
  /// left.
  struct Pause {
    int64_t until = 0; // 0: there is none
    bool isAsked = false;
  };
  Pause pauseAt(int64_t now) const;
  /// The first operation in the queue; null if it is empty.
  Applicant *first() const { return queue.empty() ? nullptr : queue.begin()->second.who; }
  /// Calls `visit` with those that wait and have arrived since the last call, in order of arrival; with
  /// `everyone`, and at the first call since the queue was empty, with all that wait.
  template <class Visit> void forEachArrival(bool everyone, Visit visit) {
    if (everyone || !recordsArrivals)
      for (const auto &[place, waiting] : queue)
        visit(*waiting.who);
    else
      for (const Place &place : arrivals)
        if (Applicant *who = waitingIn(place))
          visit(*who);
    recordsArrivals = !queue.empty();
    arrivals.clear();
  }

private:
  struct Waiting {
    Applicant *who;
    double tokens;
    uint64_t slots;
  };
  bool paceAllows(double tokensWanted, int64_t now);
  int64_t paceReadyAt(double tokensWanted, int64_t now) const;
  void recordArrival(const Place &place);

  uint64_t capacity, inFlight = 0, mostInFlight = 0; // in slots
  Pace requests, tokens;
  Throttle throttle;
  int64_t heldUntil = 0;
  std::map<Place, Waiting> queue;
  std::vector<Place> arrivals; // since `forEachArrival`, at most some more than wait
  bool recordsArrivals = false;
};

} // namespace xcs
