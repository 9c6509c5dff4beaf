#include "World/Admission.h"
#include <algorithm>
#include <utility>

using namespace xcs;

Admission::Admission(LetIn admit, WakeAt wakeAt) : admit(std::move(admit)), wakeAt(std::move(wakeAt)) {}

void Admission::lookAt(Gate &gate) {
  if (!std::exchange(gate.isLookedAt, true))
    toPump.push_back(&gate);
}

bool Admission::apply(Applicant &someone) {
  auto first = std::find_if(someone.gates.begin(), someone.gates.end(), [](Gate *gate) { return gate; });
  if (first == someone.gates.end())
    return false;
  (*first)->wait(&someone, someone.waitsIn, someone.tokens);
  someone.waitsAt = *first;
  lookAt(**first);
  return true;
}

void Admission::withdraw(Applicant &someone) {
  if (Gate *gate = std::exchange(someone.waitsAt, nullptr))
    gate->forget(someone.waitsIn);
}

void Admission::free(const std::array<Gate *, 3> &gates) {
  for (Gate *gate : gates)
    if (gate) {
      gate->leave();
      lookAt(*gate);
    }
}

void Admission::leave(Applicant &someone) {
  if (std::exchange(someone.holdsSlots, false))
    free(someone.gates);
}

uint64_t Admission::releaseWhenSettled(Applicant &someone, double nextPriority, int64_t until) {
  bool isScarce = std::any_of(someone.gates.begin(), someone.gates.end(), [&](Gate *gate) {
    return gate && gate->isFull() && !gate->isAhead(nextPriority);
  });
  if (!isScarce || !std::exchange(someone.holdsSlots, false)) {
    leave(someone);
    return 0;
  }
  held.emplace(++lastToken, Held{someone.gates, until});
  return lastToken;
}

void Admission::settled(std::span<const uint64_t> tokens) {
  for (uint64_t token : tokens)
    if (auto at = held.find(token); at != held.end()) {
      free(at->second.gates);
      held.erase(at);
    }
}

void Admission::endHolds(int64_t now) {
  std::erase_if(held, [&](const auto &entry) {
    bool isOver = entry.second.until <= now;
    if (isOver)
      free(entry.second.gates);
    return isOver;
  });
}

int64_t Admission::nextRelease() const {
  int64_t next = INT64_MAX;
  for (const auto &[token, slots] : held)
    next = std::min(next, slots.until);
  return held.empty() ? 0 : next;
}

/// Takes a slot of each gate, or of none: then it waits at the first gate that is closed, or at which one
/// with precedence waits.
bool Admission::takeSlots(Applicant &someone, int64_t now) {
  for (Gate *gate : someone.gates)
    if (gate && (gate->isBehind(someone.waitsIn) || !gate->isOpen(now, someone.tokens))) {
      gate->wait(&someone, someone.waitsIn, someone.tokens);
      someone.waitsAt = gate;
      lookAt(*gate); // possibly only its pace keeps it closed
      return false;
    }
  for (Gate *gate : someone.gates)
    if (gate)
      gate->take(now, someone.tokens);
  someone.holdsSlots = true;
  return true;
}

// This terminates: an applicant moves from one open gate to another only if one with precedence waits there.
// The first of all applicants at open gates is admitted, or moves to a closed gate.
void Admission::pump(int64_t now) {
  while (!toPump.empty()) {
    Gate *gate = toPump.back();
    toPump.pop_back();
    gate->isLookedAt = false;
    int64_t again;
    while (Applicant *next = gate->next(now, again)) {
      next->waitsAt = nullptr;
      if (takeSlots(*next, now))
        admit(*next);
    }
    if (again)
      wakeAt(*gate, again);
  }
}
