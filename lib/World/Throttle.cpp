#include "World/Throttle.h"
#include <algorithm>
#include <utility>

using namespace xcs;

static constexpr double second = 1e9;
/// The length of a window, in nanoseconds: the rate is measured over one to two of them.
static constexpr int64_t windowLength = 5'000'000'000;
/// Starts after a break as long as this are measured anew.
static constexpr int64_t breakLength = 1'000'000'000;
/// A server that asks to wait for less says little of its rate.
static constexpr int64_t shortestPause = 200'000'000;
/// A rate that is contradicted within so many seconds of its use is far too high; else it was nearly right.
static constexpr double soon = 2;
/// Rates beyond it are as good as none: the event loop lets in no faster.
static constexpr double fastest = 50'000;

bool Throttle::allows(int64_t now) {
  if (now < pausedUntil)
    return false;
  if (isPending)
    settle();
  return rate == 0 || now >= nextAt;
}

int64_t Throttle::readyAt() const { return rate == 0 ? pausedUntil : std::max(pausedUntil, nextAt); }

void Throttle::started(int64_t now) {
  if (rate == 0) {
    if (lastStart == INT64_MIN || now - lastStart > breakLength)
      previous = current = {now, 0};
    else if (now - current.from > windowLength)
      previous = std::exchange(current, {now, 0});
  } else {
    // A timer that came late is made up for, by one interval at most: no burst.
    int64_t interval = static_cast<int64_t>(second / rate);
    nextAt = std::max(nextAt, now - interval) + interval;
  }
  lastStart = now;
}

void Throttle::accepted(int64_t startedAt) {
  if (startedAt >= current.from)
    ++current.accepted;
  else if (startedAt >= previous.from)
    ++previous.accepted;
  ++acceptedSinceCut;
  vainInARow = 0;
  if (isPending && startedAt > firstSentAway)
    ++acceptedAfterwards;
  if (rate > 0 && !isPending && startedAt > cutAt)
    grow();
}

/// Small steps near the rate that was found, ever larger ones the longer it holds: 2 % after ten seconds,
/// twice as much after forty; in half the time as long as the rate has never been contradicted. Where nothing
/// was found it doubles each second.
void Throttle::grow() {
  if (isSearching) {
    rate += 1;
  } else {
    held += 1 / rate;
    double longer = held / (wasCut ? 40 : 20);
    rate = base * (1 + longer * longer * longer);
  }
  if (rate > fastest)
    rate = 0;
}

void Throttle::rejected(int64_t startedAt, int64_t now, int64_t until) {
  pausedUntil = std::max({pausedUntil, until, now + shortestPause});
  if (isPending)
    ++sentAway;
  if (startedAt <= cutAt) // it started before the rate was cut: that is known
    return;
  if (!isPending) {
    isPending = true;
    cutAt = now;
    firstSentAway = startedAt;
    sentAway = 1;
    acceptedAfterwards = 0;
  }
}

/// The pause is over: what was accepted up to its end was for that time.
void Throttle::settle() {
  isPending = false;
  const uint64_t count = previous.accepted + current.accepted;
  if (std::exchange(acceptedSinceCut, 0) == 0 && count == 0) {
    ++vain;
    ++vainInARow;
  }
  auto seconds = [&](int64_t from) {
    return std::max(static_cast<double>(pausedUntil - from) / second, 1e-3);
  };
  const double measured = static_cast<double>(count) / seconds(previous.from);
  // The next measure begins with the pause, which gave the server time to let in as much again.
  previous = current = {cutAt + 1, 0};
  if (hasGivenUp()) {
    rate = 0;
    return;
  }
  // A server that is full sends all away that come later. Else what it accepted is only what was asked of it.
  const bool wasFull = sentAway > acceptedAfterwards;
  isSearching = count == 0 || (rate == 0 && !wasFull);
  wasCut = rate > 0;
  if (count == 0)
    base = std::clamp(1 / seconds(cutAt), 0.01, 5.0);
  else if (rate == 0)
    base = 0.98 * measured;
  else
    base = std::clamp(measured, (held < soon ? 0.6 : 0.9) * rate, 0.95 * rate);
  rate = base;
  held = 0;
  nextAt = pausedUntil;
}
