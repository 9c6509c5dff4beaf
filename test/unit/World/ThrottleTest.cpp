#include "World/Throttle.h"
#include <algorithm>
#include <deque>
#include <functional>
#include <gtest/gtest.h>
#include <queue>
#include <random>

using namespace xcs;

static constexpr int64_t millisecond = 1'000'000, second = 1'000'000'000;

namespace {

/// Whether a server lets a request in that arrives at that time.
using Server = std::function<bool(int64_t)>;

Server tokenBucket(double perSecond, double burst) {
  return [=, level = burst, last = int64_t{0}](int64_t now) mutable {
    level = std::min(burst, level + static_cast<double>(now - last) * perSecond / 1e9);
    last = now;
    return level >= 1 ? (--level, true) : false;
  };
}

/// So many in each second of the clock.
Server fixedWindow(int64_t most, int64_t phase) {
  return [=, window = int64_t{-1}, count = int64_t{0}](int64_t now) mutable {
    int64_t at = (now + phase) / second;
    if (at != window) {
      window = at;
      count = 0;
    }
    return ++count <= most;
  };
}

/// So many in any second; only those let in count.
Server slidingWindow(size_t most) {
  return [=, in = std::deque<int64_t>()](int64_t now) mutable {
    while (!in.empty() && in.front() <= now - second)
      in.pop_front();
    if (in.size() >= most)
      return false;
    in.push_back(now);
    return true;
  };
}

struct Outcome {
  int64_t requests = 0, rejections = 0;
  int64_t end = 0; // when the last was accepted
};

/// `calls` requests that are all there at `from`, each sent until it is accepted. An answer takes `latency`,
/// a rejection a millisecond; whoever is rejected asks to wait for `retryAfter`. At most `atOnce` are in
/// flight.
Outcome simulate(Throttle &throttle, Server server, int64_t calls, int64_t retryAfter, int64_t from = second,
                 int64_t latency = 100 * millisecond, int64_t atOnce = INT64_MAX,
                 const std::function<void(int64_t)> &everyStart = {}) {
  struct Event {
    int64_t when, startedAt;
    bool isAccepted;
    bool operator<(const Event &o) const { return when > o.when; }
  };
  std::priority_queue<Event> events;
  Outcome out;
  int64_t now = from, left = calls, inFlight = 0;
  while (out.requests - out.rejections < calls || inFlight) {
    while (left && inFlight < atOnce && throttle.allows(now)) {
      throttle.started(now);
      if (everyStart)
        everyStart(now);
      --left;
      ++inFlight;
      ++out.requests;
      bool isIn = server(now);
      events.push({now + (isIn ? latency : millisecond), now, isIn});
      ++now; // no two start at the same time
    }
    int64_t next = events.empty() ? INT64_MAX : events.top().when;
    if (left && inFlight < atOnce)
      next = std::min(next, std::max(throttle.readyAt(), now + 1));
    now = next;
    while (!events.empty() && events.top().when <= now) {
      Event event = events.top();
      events.pop();
      --inFlight;
      if (event.isAccepted) {
        throttle.accepted(event.startedAt);
        out.end = now - from;
      } else {
        throttle.rejected(event.startedAt, now, now + retryAfter);
        ++out.rejections;
        ++left;
      }
    }
  }
  return out;
}

} // namespace

TEST(Throttle, HoldsNobodyBackBeforeARejection) {
  Throttle throttle;
  for (int64_t i = 0; i < 10'000; ++i) {
    ASSERT_TRUE(throttle.allows(second));
    throttle.started(second);
    throttle.accepted(second);
  }
  EXPECT_EQ(throttle.perSecond(), 0);
}

// 60 calls against 10 a second: the first rejections come of all that were sent at once; beyond those, a
// tenth of the calls may be sent in vain. The shortest possible time is five seconds and one answer.
TEST(Throttle, SixtyCallsAgainstTenASecond) {
  for (auto &[name, server] : std::vector<std::pair<std::string, Server>>{
           {"bucket", tokenBucket(10, 10)},
           {"window", fixedWindow(10, 0)},
           {"window, other phase", fixedWindow(10, 700 * millisecond)},
           {"sliding", slidingWindow(10)}}) {
    Throttle throttle;
    Outcome out = simulate(throttle, server, 60, second);
    EXPECT_LE(out.requests, 60 + 60 + 6) << name;
    EXPECT_LE(out.end, 13 * second / 10 * 51 / 10) << name;
  }
}

// Whatever the rate, the number of calls, and whether the server says how long to wait.
TEST(Throttle, EveryRateIsFoundWithFewRejections) {
  for (int64_t perSecond : {2, 5, 10, 50, 400})
    for (int64_t retryAfter : {second / 2, second, 2 * second})
      for (int kind = 0; kind < 3; ++kind) {
        Server server = kind == 0
                            ? tokenBucket(static_cast<double>(perSecond), static_cast<double>(perSecond))
                        : kind == 1 ? fixedWindow(perSecond, 300 * millisecond)
                                    : slidingWindow(static_cast<size_t>(perSecond));
        Throttle throttle;
        int64_t calls = 40 * perSecond;
        Outcome out = simulate(throttle, server, calls, retryAfter, second, 200 * millisecond, 100);
        std::string what = std::to_string(perSecond) + " a second, asks for " + std::to_string(retryAfter) +
                           ", kind " + std::to_string(kind);
        EXPECT_LE(out.requests, calls + 100 + calls / 10) << what;
        // Who is asked to wait longer than it takes for more to be let in cannot know it.
        int64_t percent = retryAfter > second ? 160 : 130;
        EXPECT_LE(out.end, 39 * second * percent / 100 + second) << what;
      }
}

TEST(Throttle, ALaterMapStartsAtTheRateFound) {
  Throttle throttle;
  Server server = tokenBucket(10, 10);
  Outcome first = simulate(throttle, server, 60, second);
  Outcome later = simulate(throttle, server, 60, second, first.end + 10 * second);
  EXPECT_LE(later.requests, 66);
  EXPECT_LE(later.end, 75 * second / 10);
}

TEST(Throttle, AServerThatLetsInMoreIsFollowed) {
  Throttle throttle;
  simulate(throttle, tokenBucket(5, 5), 60, second);
  double before = throttle.perSecond();
  Outcome out = simulate(throttle, tokenBucket(20, 20), 1200, second, 100 * second);
  EXPECT_GT(throttle.perSecond(), 2.5 * before);
  EXPECT_LE(out.end, 120 * second); // 60 at 20 a second, 240 at 5
}

TEST(Throttle, AServerThatLetsInLessIsFollowed) {
  Throttle throttle;
  simulate(throttle, tokenBucket(20, 20), 200, second);
  Outcome out = simulate(throttle, tokenBucket(4, 4), 200, second, 100 * second);
  EXPECT_LE(out.requests, 240);
  EXPECT_LE(out.end, 50 * second * 13 / 10);
}

// Behind a pause one goes first, and none together with another.
TEST(Throttle, AfterAPauseTheyStartOneAfterTheOther) {
  Throttle throttle;
  std::vector<int64_t> starts;
  simulate(throttle, tokenBucket(10, 10), 60, second, second, 100 * millisecond, INT64_MAX,
           [&](int64_t now) { starts.push_back(now); });
  for (size_t i = 61; i < starts.size(); ++i)
    EXPECT_GE(starts[i] - starts[i - 1], 50 * millisecond) << i;
}

TEST(Throttle, AServerThatAcceptsNothingIsGivenUp) {
  Throttle throttle;
  int64_t now = second;
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(throttle.hasGivenUp());
    ASSERT_TRUE(throttle.allows(now));
    throttle.started(now);
    throttle.rejected(now, now + 1, now + second);
    EXPECT_FALSE(throttle.allows(now + second / 2));
    now += second;
    ASSERT_TRUE(throttle.allows(now));
  }
  EXPECT_TRUE(throttle.hasGivenUp());
  EXPECT_EQ(throttle.vainPauses(), 3u);
  EXPECT_EQ(throttle.perSecond(), 0);
  throttle.started(now);
  throttle.accepted(now);
  EXPECT_FALSE(throttle.hasGivenUp());
}

// Nothing is known of the rate where the server was busy with others from the start: it doubles until it is.
TEST(Throttle, WithoutAnyAcceptedItSearches) {
  Throttle throttle;
  Server inner = tokenBucket(50, 1);
  Server server = [&](int64_t now) { return now > 3 * second / 2 && inner(now); };
  Outcome out = simulate(throttle, server, 500, second, second);
  EXPECT_LE(out.end, 25 * second); // 10 at the full rate
  EXPECT_LE(out.requests, 500 + 500 + 50);
}

// Where the bound is on how many are in flight and no wait is asked for, the rate ends near bound / latency.
TEST(Throttle, ABoundOnWhatIsInFlight) {
  Throttle throttle;
  std::deque<int64_t> ends;
  Server server = [&](int64_t now) {
    while (!ends.empty() && ends.front() <= now)
      ends.pop_front();
    if (ends.size() >= 4)
      return false;
    ends.push_back(now + second);
    return true;
  };
  Outcome out = simulate(throttle, server, 80, second / 2, second, second);
  EXPECT_LE(out.requests, 80 + 80 + 24);
  EXPECT_LE(out.end, 40 * second); // 20 at the full rate
}

// Nothing is known of the rate by it: what came later was accepted, and little had been asked before.
TEST(Throttle, ALoneRejectionSlowsNobodyDownForLong) {
  for (int64_t atOnce : {4, 100})
    for (int64_t nth : {1, 3, 50}) {
      Throttle throttle;
      int64_t sent = 0;
      auto once = [&](int64_t) { return ++sent != nth; };
      Outcome out = simulate(throttle, once, 200, 5 * second, second, 50 * millisecond, atOnce);
      EXPECT_EQ(out.rejections, 1);
      EXPECT_LT(out.end, 17 * second)
          << atOnce << " at once, the " << nth << "th"; // 9 without it, at 4 at once
    }
}

TEST(Throttle, LatenessOfTimersIsMadeUpForWithoutABurst) {
  Throttle throttle;
  throttle.started(second);
  throttle.accepted(second);
  throttle.rejected(second + 1, second + 2, 2 * second);
  ASSERT_TRUE(throttle.allows(2 * second));
  int64_t now = 2 * second;
  for (int i = 0; i < 5; ++i) {
    throttle.started(now);
    now = throttle.readyAt() + millisecond; // each a little late
  }
  int64_t late = now + 10 * second; // once very late
  int started = 0;
  while (throttle.allows(late) && started < 10) {
    throttle.started(late);
    ++started;
  }
  EXPECT_LE(started, 2);
}
