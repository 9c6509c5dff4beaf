#include "World/Admission.h"
#include <algorithm>
#include <utility>

using namespace xcs;

Admission::Admission(LetIn admit, WakeAt wakeAt) : admit(std::move(admit)), wakeAt(std::move(wakeAt)) {}

void Admission::scheduleCheck(Gate &gate) {
  if (!std::exchange(gate.isCheckScheduled, true))
    toPump.push_back(&gate);
}

bool Admission::enqueue(Applicant &applicant) {
  auto first = std::find_if(applicant.gates.begin(), applicant.gates.end(), [](Gate *gate) { return gate; });
  if (first == applicant.gates.end())
    return false;
  (*first)->wait(&applicant, applicant.queuePlace, applicant.tokens);
  applicant.waitingGate = *first;
  scheduleCheck(**first);
  return true;
}

void Admission::withdraw(Applicant &applicant) {
  if (Gate *gate = std::exchange(applicant.waitingGate, nullptr))
    gate->forget(applicant.queuePlace);
}

void Admission::free(const std::array<Gate *, 3> &gates) {
  for (Gate *gate : gates)
    if (gate) {
      gate->release();
      scheduleCheck(*gate);
    }
}

void Admission::release(Applicant &applicant) {
  if (std::exchange(applicant.holdsSlots, false))
    free(applicant.gates);
}

uint64_t Admission::releaseWhenSettled(Applicant &applicant, double nextPriority, int64_t until) {
  bool isScarce = std::any_of(applicant.gates.begin(), applicant.gates.end(), [&](Gate *gate) {
    return gate && gate->isFull() && !gate->firstPrecedes(nextPriority);
  });
  if (!isScarce || !std::exchange(applicant.holdsSlots, false)) {
    release(applicant);
    return 0;
  }
  held.emplace(++lastToken, Held{applicant.gates, until});
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
bool Admission::takeSlots(Applicant &applicant, int64_t now) {
  for (Gate *gate : applicant.gates)
    if (gate && (gate->hasWaiterBefore(applicant.queuePlace) || !gate->isOpen(now, applicant.tokens))) {
      gate->wait(&applicant, applicant.queuePlace, applicant.tokens);
      applicant.waitingGate = gate;
      scheduleCheck(*gate); // possibly only its pace keeps it closed
      return false;
    }
  for (Gate *gate : applicant.gates)
    if (gate)
      gate->take(now, applicant.tokens);
  applicant.holdsSlots = true;
  return true;
}

// This terminates: an applicant moves from one open gate to another only if one with precedence waits there.
// The first of all applicants at open gates is admitted, or moves to a closed gate.
void Admission::pump(int64_t now) {
  while (!toPump.empty()) {
    Gate *gate = toPump.back();
    toPump.pop_back();
    gate->isCheckScheduled = false;
    int64_t again;
    while (Applicant *next = gate->next(now, again)) {
      next->waitingGate = nullptr;
      if (takeSlots(*next, now))
        admit(*next);
    }
    if (again)
      wakeAt(*gate, again);
  }
}
