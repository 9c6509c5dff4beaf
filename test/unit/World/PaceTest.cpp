#include "World/GateSupport.h"
#include <gtest/gtest.h>

using namespace xcs;

static constexpr int64_t second = 1'000'000'000, start = 5 * second;

static RateWindow window(double limit, double remaining, int64_t reset) { return {limit, remaining, reset}; }

TEST(Pace, MoreThanABurstNeedsAFullBucketAndLeavesADebt) {
  Pace pace(6000, 1); // 100 a second
  ASSERT_TRUE(pace.allows(250, start));
  pace.take(250); // 150 in debt
  EXPECT_FALSE(pace.allows(50, start));
  EXPECT_NEAR(static_cast<double>(pace.readyAt(50, start) - start), 2e9, 10);
  EXPECT_FALSE(pace.allows(50, start + second));
  EXPECT_TRUE(pace.allows(50, start + 2 * second + 10));
}

TEST(Pace, WhatAnAnswerTookInTruthIsMadeUpFor) {
  Pace pace(6000, 1);
  ASSERT_TRUE(pace.allows(100, start));
  pace.take(100);
  pace.adjust(-60); // it was 40
  EXPECT_TRUE(pace.allows(60, start));
  pace.adjust(200);
  EXPECT_NEAR(static_cast<double>(pace.readyAt(60, start) - start), 2e9, 10);
}

TEST(Pace, AnExhaustedServerIsLeftAloneUntilItsReset) {
  Pace pace(0, 1);
  pace.take(1);
  double mark = pace.taken();
  EXPECT_TRUE(pace.allows(1, start));
  pace.updateFromServer(window(10, 0, 3 * second), mark, start);
  EXPECT_FALSE(pace.allows(1, start + 2 * second));
  EXPECT_EQ(pace.readyAt(1, start), start + 3 * second);
  EXPECT_TRUE(pace.allows(1, start + 3 * second));
}

TEST(Pace, StartsTheServerHasNotCountedYetAreTakenOff) {
  Pace pace(0, 1);
  pace.take(1);
  double mark = pace.taken();
  pace.take(1); // started before the answer to the first came
  pace.updateFromServer(window(10, 2, second), mark, start);
  EXPECT_TRUE(pace.allows(1, start));
  pace.take(1);
  EXPECT_FALSE(pace.allows(1, start));
}

TEST(Pace, AnOlderAnswerThatComesLateSaysNothingNew) {
  Pace pace(0, 1);
  pace.take(1);
  double first = pace.taken();
  pace.take(1);
  pace.updateFromServer(window(10, 0, second), pace.taken(), start);
  pace.updateFromServer(window(10, 9, second), first, start);
  EXPECT_FALSE(pace.allows(1, start));
}

TEST(Pace, WhatAServerDoesNotKnowIsNotBelieved) {
  for (RateWindow unknown :
       {window(0, 0, second), window(10, -1, second), window(10, 0, -1), window(10, 0, 0)}) {
    Pace pace(0, 1);
    pace.updateFromServer(unknown, pace.taken(), start);
    EXPECT_TRUE(pace.allows(1, start));
  }
}

// How long an operation waits for that is bounded by its timeout (Runtime/server-pauses.test).
TEST(Pace, AServerMayNameAnyReset) {
  Pace pace(0, 1);
  pace.updateFromServer(window(10, 0, 100'000 * second), pace.taken(), start);
  EXPECT_EQ(pace.readyAt(1, start), start + 100'000 * second);
  EXPECT_EQ(pace.resetFor(1, start), start + 100'000 * second);
  pace.updateFromServer(window(10, 0, INT64_MAX), pace.taken(), start);
  EXPECT_EQ(pace.readyAt(1, start), INT64_MAX);
}

TEST(Pace, ARequestBeyondTheServersWholeLimitStillGoesOut) {
  Pace pace(0, 1);
  pace.updateFromServer(window(100, 100, second), pace.taken(), start);
  EXPECT_TRUE(pace.allows(5000, start)); // the server will say what it thinks of it
}

TEST(Gate, TokensPaceAsWellAsRequests) {
  Gate gate(0, 0, 6000); // a burst of 100 tokens, then 100 a second
  EXPECT_TRUE(enter(gate, op(1), 0, start, 80));
  EXPECT_FALSE(enter(gate, op(2), 0, start, 80));
  EXPECT_FALSE(enter(gate, op(3), 0, start, 1)); // nobody overtakes
  int64_t wakeAt;
  EXPECT_EQ(next(gate, start, wakeAt), nullptr);
  EXPECT_NEAR(static_cast<double>(wakeAt - start), 6e8, 10);
  EXPECT_EQ(next(gate, wakeAt + 1, wakeAt, 80), op(2));
  EXPECT_EQ(next(gate, start + 2 * second, wakeAt, 1), op(3));
}

TEST(Gate, RateHeadersHoldTheNextOnesBack) {
  Gate gate(0, 0);
  ASSERT_TRUE(enter(gate, op(1), 0, start));
  gate.updateFromServer(window(60, 0, 2 * second), RateWindow(), gate.mark(), start);
  EXPECT_FALSE(enter(gate, op(2), 0, start));
  int64_t wakeAt;
  EXPECT_EQ(next(gate, start, wakeAt), nullptr);
  EXPECT_EQ(wakeAt, start + 2 * second);
  EXPECT_EQ(next(gate, wakeAt, wakeAt), op(2));
}

TEST(Gate, AServersRetryAfterHoldsEverybody) {
  Gate gate(0, 0);
  gate.hold(start + second);
  gate.hold(start); // an earlier end changes nothing
  EXPECT_FALSE(enter(gate, op(1), 0, start));
  int64_t wakeAt;
  EXPECT_EQ(next(gate, start, wakeAt), nullptr);
  EXPECT_EQ(wakeAt, start + second);
  EXPECT_EQ(next(gate, wakeAt, wakeAt), op(1));
}
