#pragma once
#include "World/Gate.h"

namespace xcs {

/// The gate never looks into operations: any addresses will do.
inline Applicant *op(uintptr_t n) { return reinterpret_cast<Applicant *>(n * 64); }

/// The place of whoever comes next.
inline Gate::Place placeOf(double priority) {
  static uint64_t turns = 0;
  return {priority, turns++};
}

/// What the event loop does with a newcomer: a slot at once, or a place in the queue.
inline bool enter(Gate &gate, Applicant *newcomer, double priority, int64_t now, double tokens = 0) {
  bool free = !gate.hasWaiting() && gate.isOpen(now, tokens);
  if (free)
    gate.take(now, tokens);
  else
    gate.wait(newcomer, placeOf(priority), tokens);
  return free;
}

/// What it does when a slot came back, or the time has passed that the gate asked for.
inline Applicant *next(Gate &gate, int64_t now, int64_t &wakeAt, double tokens = 0) {
  Applicant *found = gate.next(now, wakeAt);
  if (found)
    gate.take(now, tokens);
  return found;
}

} // namespace xcs
