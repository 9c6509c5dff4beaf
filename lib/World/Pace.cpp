#include "World/Pace.h"
#include <algorithm>
#include <cmath>

using namespace xcs;

Pace::Pace(double perMinute, double leastBurst) {
  if (perMinute <= 0)
    return;
  ratePerNanosecond = perMinute / 60e9;
  burst = level = std::max(leastBurst, perMinute / 60);
}

double Pace::needed(double amount) const { return std::min(amount, burst); }

bool Pace::serverAllows(double amount, int64_t now) const {
  if (now >= resetAt)
    return true;
  return left >= (limit > 0 ? std::min(amount, limit) : amount);
}

bool Pace::allows(double amount, int64_t now) {
  if (ratePerNanosecond > 0) {
    if (refilledAt)
      level = std::min(burst, level + static_cast<double>(now - refilledAt) * ratePerNanosecond);
    refilledAt = now;
    if (level < needed(amount))
      return false;
  }
  return serverAllows(amount, now);
}

int64_t Pace::readyAt(double amount, int64_t now) const {
  int64_t ready = now;
  if (ratePerNanosecond > 0 && level < needed(amount))
    ready += static_cast<int64_t>(std::ceil((needed(amount) - level) / ratePerNanosecond));
  return serverAllows(amount, now) ? ready : std::max(ready, resetAt);
}

void Pace::take(double amount) {
  level -= amount;
  left -= amount;
  total += amount;
}

void Pace::updateFromServer(const RateWindow &window, double mark, int64_t now) {
  if (!window.known() || mark < lastMark)
    return;
  lastMark = mark;
  left = window.remaining - (total - mark);
  limit = window.limit;
  resetAt = window.reset > INT64_MAX - now ? INT64_MAX : now + window.reset;
}
