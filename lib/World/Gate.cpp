#include "World/Gate.h"
#include <algorithm>

using namespace xcs;

Gate::Gate(uint64_t capacity, double requestsPerMinute, double tokensPerMinute)
    : capacity(capacity), requests(requestsPerMinute, 1), tokens(tokensPerMinute, 1) {}

bool Gate::paceAllows(double tokensWanted, int64_t now) {
  // Both are called, so that both refill.
  bool one = requests.allows(1, now), other = tokens.allows(tokensWanted, now);
  return one && other && now >= heldUntil && throttle.allows(now);
}

int64_t Gate::paceReadyAt(double tokensWanted, int64_t now) const {
  return std::max(
      {requests.readyAt(1, now), tokens.readyAt(tokensWanted, now), heldUntil, throttle.readyAt()});
}

Gate::Pause Gate::pauseAt(int64_t now) const {
  if (int64_t asked = std::max(heldUntil, throttle.pauseEnd()); asked > now)
    return {asked, true};
  double first = queue.empty() ? 0 : queue.begin()->second.tokens;
  int64_t reset = std::max(requests.resetFor(1, now), tokens.resetFor(first, now));
  return {reset > now ? reset : 0, false};
}

void Gate::take(int64_t now, double tokensWanted, uint64_t slots) {
  throttle.started(now);
  requests.take(1);
  tokens.take(tokensWanted);
  mostInFlight = std::max(mostInFlight, inFlight += slots);
}

void Gate::wait(Applicant *who, const Place &place, double tokensWanted, uint64_t slots) {
  if (queue.empty())
    recordsArrivals = false; // the next to ask sees all of them
  queue.emplace(place, Waiting{who, tokensWanted, slots});
  if (recordsArrivals)
    recordArrival(place);
}

void Gate::recordArrival(const Place &place) {
  static constexpr size_t slack = 64;
  if (arrivals.size() > 2 * queue.size() + slack) // not asked for in a while: most no longer wait
    std::erase_if(arrivals, [this](const Place &one) { return !waitingIn(one); });
  arrivals.push_back(place);
}

Applicant *Gate::ready(int64_t now, int64_t &wakeAt) {
  wakeAt = 0;
  if (queue.empty())
    return nullptr;
  const Waiting &first = queue.begin()->second;
  if (!hasSlots(first.slots))
    return nullptr;
  if (!paceAllows(first.tokens, now)) {
    wakeAt = paceReadyAt(first.tokens, now);
    return nullptr;
  }
  return first.who;
}

void Gate::updateFromServer(const RateWindow &requestsLeft, const RateWindow &tokensLeft, Mark mark,
                            int64_t now) {
  requests.updateFromServer(requestsLeft, mark.requests, now);
  tokens.updateFromServer(tokensLeft, mark.tokens, now);
}
