#include "Runtime/Gate.h"
#include <algorithm>
#include <cmath>

using namespace xcs;

Gate::Gate(uint64_t capacity, double perMinute) : capacity(capacity) {
  if (perMinute > 0) {
    tokensPerNanosecond = perMinute / 60e9;
    burst = tokens = std::max(1.0, perMinute / 60);
  }
}

/// A token bucket: refills by the time passed, whole tokens only are spent.
bool Gate::paceAllows(int64_t now) {
  if (tokensPerNanosecond == 0)
    return true;
  if (refilledAt)
    tokens = std::min(burst, tokens + static_cast<double>(now - refilledAt) * tokensPerNanosecond);
  refilledAt = now;
  return tokens >= 1;
}

void Gate::take() {
  if (tokensPerNanosecond != 0)
    tokens -= 1;
  mostInFlight = std::max(mostInFlight, ++inFlight);
}

bool Gate::enter(WorldOp *op, double priority, int64_t now) {
  bool free = !capacity || inFlight < capacity;
  if (queue.empty() && free && paceAllows(now)) {
    take();
    return true;
  }
  queue.push_back({priority, sequence++, op});
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
    if (queue.front().op) {
      if (capacity && inFlight >= capacity)
        return nullptr;
      if (!paceAllows(now)) {
        wakeAt = now + static_cast<int64_t>(std::ceil((1 - tokens) / tokensPerNanosecond));
        return nullptr;
      }
    }
    WorldOp *op = queue.front().op;
    std::pop_heap(queue.begin(), queue.end());
    queue.pop_back();
    if (op) {
      take();
      return op;
    }
  }
  return nullptr;
}
