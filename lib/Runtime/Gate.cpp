#include "Runtime/Gate.h"
#include <algorithm>

using namespace xcs;

Gate::Gate(uint64_t capacity, double requestsPerMinute, double tokensPerMinute)
    : capacity(capacity), requests(requestsPerMinute, 1), tokens(tokensPerMinute, 1) {}

bool Gate::paceAllows(double tokensWanted, int64_t now) {
  // Both are asked, so that both refill.
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

bool Gate::enter(WorldOp *op, double priority, int64_t now, double tokensWanted) {
  bool free = !capacity || inFlight < capacity;
  if (queue.empty() && free && paceAllows(tokensWanted, now)) {
    take(tokensWanted);
    return true;
  }
  queue.push_back({priority, sequence++, op, tokensWanted});
  std::push_heap(queue.begin(), queue.end());
  return false;
}

void Gate::forget(WorldOp *op) {
  for (Waiting &waiting : queue)
    if (waiting.op == op)
      waiting.op = nullptr;
}

WorldOp *Gate::next(int64_t now, int64_t &wakeAt) {
  wakeAt = 0;
  while (!queue.empty()) {
    double wanted = queue.front().tokens;
    if (queue.front().op) {
      if (capacity && inFlight >= capacity)
        return nullptr;
      if (!paceAllows(wanted, now)) {
        wakeAt = paceReadyAt(wanted, now);
        return nullptr;
      }
    }
    WorldOp *op = queue.front().op;
    std::pop_heap(queue.begin(), queue.end());
    queue.pop_back();
    if (op) {
      take(wanted);
      return op;
    }
  }
  return nullptr;
}

void Gate::told(const RateWindow &requestsLeft, const RateWindow &tokensLeft, Mark mark, int64_t now) {
  requests.told(requestsLeft, mark.requests, now);
  tokens.told(tokensLeft, mark.tokens, now);
}
