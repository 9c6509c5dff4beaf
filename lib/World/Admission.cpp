#include "World/Admission.h"
#include <algorithm>
#include <utility>

using namespace xcs;

Admission::Admission(LetIn admit, WakeAt wakeAt) : admit(std::move(admit)), wakeAt(std::move(wakeAt)) {}

void Admission::scheduleCheck(Gate &gate) {
  if (!std::exchange(gate.isCheckScheduled, true))
    toPump.push_back(&gate);
}

void Admission::waitAt(Applicant &applicant, GateUse use) {
  use.gate->wait(&applicant, applicant.queuePlace, applicant.tokens, use.slots);
  scheduleCheck(*use.gate); // possibly only its pace keeps it closed
}

bool Admission::enqueue(Applicant &applicant) {
  if (applicant.gates.empty())
    return false;
  applicant.waitingGate = applicant.gates.front().gate;
  waitAt(applicant, applicant.gates.front());
  return true;
}

/// Those after it may start now.
void Admission::leaveQueues(Applicant &applicant) {
  Gate *waitedFor = std::exchange(applicant.waitingGate, nullptr);
  const bool wasInAll = std::exchange(applicant.isInAllQueues, false);
  for (const GateUse &use : applicant.gates)
    if (wasInAll || use.gate == waitedFor) {
      use.gate->forget(applicant.queuePlace);
      scheduleCheck(*use.gate);
    }
}

void Admission::withdraw(Applicant &applicant) {
  if (applicant.waitingGate)
    leaveQueues(applicant);
}

void Admission::free(const GateUses &gates) {
  for (const GateUse &use : gates) {
    use.gate->release(use.slots);
    scheduleCheck(*use.gate);
  }
}

void Admission::release(Applicant &applicant) {
  if (std::exchange(applicant.holdsSlots, false))
    free(applicant.gates);
}

uint64_t Admission::remove(Applicant &applicant, Gate &gate) {
  auto use = std::find_if(applicant.gates.begin(), applicant.gates.end(),
                          [&](const GateUse &one) { return one.gate == &gate; });
  if (use == applicant.gates.end())
    return 0;
  const uint64_t slots = use->slots;
  applicant.gates.erase(use);
  gate.release(slots);
  scheduleCheck(gate);
  return slots;
}

void Admission::resize(Applicant &applicant, Gate &gate, uint64_t slots) {
  for (GateUse &use : applicant.gates)
    if (use.gate == &gate && use.slots != slots) {
      use.slots = slots;
      gate.resize(applicant.queuePlace, slots);
      scheduleCheck(gate);
    }
}

uint64_t Admission::releaseWhenSettled(Applicant &applicant, double nextPriority, int64_t until) {
  bool isScarce = std::any_of(applicant.gates.begin(), applicant.gates.end(), [&](const GateUse &use) {
    return use.gate->isFull() && !use.gate->firstPrecedes(nextPriority);
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

/// The first of its gates at which it may not start: one with precedence waits there, or it is closed. Null
/// if it may start.
static const GateUse *closedTo(const Applicant &applicant, int64_t now) {
  const auto *closed = std::find_if(applicant.gates.begin(), applicant.gates.end(), [&](const GateUse &use) {
    return use.gate->hasWaiterBefore(applicant.queuePlace) ||
           !use.gate->isOpen(now, applicant.tokens, use.slots);
  });
  return closed == applicant.gates.end() ? nullptr : closed;
}

/// It is first at an open gate, but another one is closed.
void Admission::keepOut(Applicant &applicant, GateUse closed) {
  const bool lacksSlots =
      closed.gate->hasWaiterBefore(applicant.queuePlace) || !closed.gate->hasSlots(closed.slots);
  if (lacksSlots && applicant.isInAllQueues) {
    applicant.waitingGate = closed.gate;
    scheduleCheck(*closed.gate);
    return;
  }
  leaveQueues(applicant);
  applicant.waitingGate = closed.gate;
  applicant.isInAllQueues = lacksSlots && ++applicant.timesPassedOver >= mostPassedOver;
  for (const GateUse &use : applicant.gates)
    if (applicant.isInAllQueues || use.gate == closed.gate)
      waitAt(applicant, use);
}

void Admission::start(Applicant &applicant, int64_t now) {
  leaveQueues(applicant);
  applicant.timesPassedOver = 0;
  for (const GateUse &use : applicant.gates)
    use.gate->take(now, applicant.tokens, use.slots);
  applicant.holdsSlots = true;
  admit(applicant);
}

// This terminates: an applicant moves from one open gate to another only if one with precedence waits there,
// and one in all its queues has another gate checked only if that is closed or one with precedence waits
// there. The first of all applicants at open gates is admitted, or moves to a closed gate.
void Admission::pump(int64_t now) {
  while (!toPump.empty()) {
    Gate *gate = toPump.back();
    toPump.pop_back();
    gate->isCheckScheduled = false;
    int64_t again;
    while (Applicant *first = gate->ready(now, again)) {
      const GateUse *closed = closedTo(*first, now);
      if (!closed) {
        start(*first, now);
        continue;
      }
      keepOut(*first, *closed);
      if (first->isInAllQueues) // it is still here, and none may pass it
        break;
    }
    if (again)
      wakeAt(*gate, again);
  }
}
