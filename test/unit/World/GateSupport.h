#pragma once
#include "World/Gate.h"
#include <map>

namespace xcs {

/// The gate never looks into operations: any addresses will do.
inline Applicant *op(uintptr_t n) { return reinterpret_cast<Applicant *>(n * 64); }

/// The place of whoever comes next.
inline Gate::Place placeOf(double priority) {
  static uint64_t turns = 0;
  return {priority, turns++};
}

/// Where those wait that `enter` has queued.
inline std::map<Applicant *, Gate::Place> &placesTaken() {
  static std::map<Applicant *, Gate::Place> places;
  return places;
}

inline void queueUp(Gate &gate, Applicant *who, const Gate::Place &place, double tokens = 0,
                    uint64_t slots = 1) {
  placesTaken()[who] = place;
  gate.wait(who, place, tokens, slots);
}

/// Takes the first that may start out of the queue.
inline Applicant *takeOut(Gate &gate, int64_t now, int64_t &wakeAt) {
  Applicant *found = gate.ready(now, wakeAt);
  if (found)
    gate.forget(placesTaken().at(found));
  return found;
}

/// What the event loop does with a newcomer: a slot at once, or a place in the queue.
inline bool enter(Gate &gate, Applicant *newcomer, double priority, int64_t now, double tokens = 0) {
  bool free = !gate.hasWaiting() && gate.isOpen(now, tokens);
  if (free)
    gate.take(now, tokens);
  else
    queueUp(gate, newcomer, placeOf(priority), tokens);
  return free;
}

/// What it does when a slot came back, or the time has passed that the gate asked for.
inline Applicant *next(Gate &gate, int64_t now, int64_t &wakeAt, double tokens = 0) {
  Applicant *found = takeOut(gate, now, wakeAt);
  if (found)
    gate.take(now, tokens);
  return found;
}

} // namespace xcs
