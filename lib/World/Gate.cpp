#include "World/Gate.h"
#include <algorithm>

using namespace xcs;

Gate::Gate(uint64_t capacity, double requestsPerMinute, double tokensPerMinute)
    : capacity(capacity), requests(requestsPerMinute, 1), tokens(tokensPerMinute, 1) {}

bool Gate::paceAllows(double tokensWanted, int64_t now) {
  // Both are called, so that both refill.
  bool one = requests.allows(1, now), other = tokens.allows(tokensWanted, now);
  return one && other && now >= heldUntil;
}

int64_t Gate::paceReadyAt(double tokensWanted, int64_t now) const {
  return std::max({requests.readyAt(1, now), tokens.readyAt(tokensWanted, now), heldUntil});
}

void Gate::take(double tokensWanted) {
  requests.take(1);
  tokens.take(tokensWanted);
  mostInFlight = std::max(mostInFlight, ++inFlight);
}

void Gate::wait(Applicant *who, const Place &place, double tokensWanted) {
  queue.emplace(place, Waiting{who, tokensWanted});
}

Applicant *Gate::next(int64_t now, int64_t &wakeAt) {
  wakeAt = 0;
  if (queue.empty() || (capacity && inFlight >= capacity))
    return nullptr;
  double wanted = queue.begin()->second.tokens;
  if (!paceAllows(wanted, now)) {
    wakeAt = paceReadyAt(wanted, now);
    return nullptr;
  }
  return queue.extract(queue.begin()).mapped().who;
}

void Gate::told(const RateWindow &requestsLeft, const RateWindow &tokensLeft, Mark mark, int64_t now) {
  requests.told(requestsLeft, mark.requests, now);
  tokens.told(tokensLeft, mark.tokens, now);
}
