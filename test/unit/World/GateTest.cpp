#include "World/GateSupport.h"
#include <gtest/gtest.h>

using namespace xcs;

TEST(Gate, LetsInAsManyAsItHolds) {
  Gate gate(2, 0);
  EXPECT_TRUE(enter(gate, op(1), 0, 1));
  EXPECT_TRUE(enter(gate, op(2), 0, 1));
  EXPECT_FALSE(enter(gate, op(3), 0, 1));
  int64_t wakeAt;
  EXPECT_EQ(next(gate, 1, wakeAt), nullptr);
  gate.release();
  EXPECT_EQ(next(gate, 1, wakeAt), op(3));
  EXPECT_EQ(next(gate, 1, wakeAt), nullptr);
  EXPECT_EQ(gate.peak(), 2u);
}

TEST(Gate, UnboundedHoldsNobodyBack) {
  Gate gate(0, 0);
  for (uintptr_t i = 1; i <= 1000; ++i)
    EXPECT_TRUE(enter(gate, op(i), 0, 1));
  EXPECT_EQ(gate.peak(), 1000u);
}

TEST(Gate, LongestRemainingPathGoesFirstThenTheEarliest) {
  Gate gate(1, 0);
  ASSERT_TRUE(enter(gate, op(1), 0, 1));
  enter(gate, op(2), 10, 1);
  enter(gate, op(3), 30, 1);
  enter(gate, op(4), 30, 1);
  enter(gate, op(5), 20, 1);
  int64_t wakeAt;
  for (uintptr_t expected : {3, 4, 5, 2}) {
    gate.release();
    EXPECT_EQ(next(gate, 1, wakeAt), op(expected));
  }
}

TEST(Gate, ForgottenOnesAreSkippedAndTakeNoSlot) {
  Gate gate(1, 0);
  ASSERT_TRUE(enter(gate, op(1), 0, 1));
  Gate::Place second = placeOf(10);
  queueUp(gate, op(2), second);
  queueUp(gate, op(3), placeOf(5));
  gate.forget(second);
  gate.release();
  int64_t wakeAt;
  EXPECT_EQ(next(gate, 1, wakeAt), op(3));
}

TEST(Gate, ANewcomerDoesNotOvertakeThoseWhoWait) {
  Gate gate(1, 0);
  ASSERT_TRUE(enter(gate, op(1), 0, 1));
  EXPECT_FALSE(enter(gate, op(2), 0, 1));
  gate.release();
  EXPECT_FALSE(enter(gate, op(3), 0, 1));
  int64_t wakeAt;
  EXPECT_EQ(next(gate, 1, wakeAt), op(2));
}

TEST(Gate, WhoComesFromAnotherGateStaysBeforeThoseThatCameLater) {
  Gate first(1, 0), second(1, 0);
  Gate::Place early = placeOf(10), late = placeOf(10);
  queueUp(second, op(2), late);
  queueUp(first, op(1), early);
  int64_t wakeAt;
  ASSERT_EQ(takeOut(first, 1, wakeAt), op(1));
  queueUp(second, op(1), early);
  EXPECT_EQ(next(second, 1, wakeAt), op(1));
  second.release();
  EXPECT_EQ(next(second, 1, wakeAt), op(2));
}

TEST(Gate, WhoTakesSeveralSlotsIsNotPassedByWhoTakesOne) {
  Gate gate(3, 0);
  gate.take(1, 0, 2);
  queueUp(gate, op(2), placeOf(0), 0, 2);
  queueUp(gate, op(3), placeOf(0), 0, 1);
  int64_t wakeAt;
  EXPECT_EQ(gate.ready(1, wakeAt), nullptr); // one slot is free
  EXPECT_EQ(wakeAt, 0);
  EXPECT_TRUE(gate.isFull()); // for the one that is first
  gate.release(2);
  EXPECT_EQ(takeOut(gate, 1, wakeAt), op(2));
  gate.take(1, 0, 2);
  EXPECT_EQ(takeOut(gate, 1, wakeAt), op(3));
  gate.take(1, 0, 1);
  EXPECT_TRUE(gate.isFull());
  EXPECT_EQ(gate.peak(), 3u);
}

TEST(Gate, SeveralSlotsCountOnceTowardsTheRate) {
  const int64_t start = 1'000'000'000;
  Gate gate(4, 120); // two at once
  EXPECT_TRUE(gate.isOpen(start, 0, 2));
  gate.take(start, 0, 2);
  EXPECT_TRUE(gate.isOpen(start, 0, 2));
  gate.take(start, 0, 2);
  gate.release(4);
  EXPECT_FALSE(gate.isOpen(start, 0, 2));
}

TEST(Gate, PaceAllowsABurstOfOneSecondThenSpacesEvenly) {
  // 120 a minute: two at once, then one every half second.
  const int64_t start = 1'000'000'000;
  Gate gate(0, 120);
  EXPECT_TRUE(enter(gate, op(1), 0, start));
  EXPECT_TRUE(enter(gate, op(2), 0, start));
  EXPECT_FALSE(enter(gate, op(3), 0, start));
  int64_t wakeAt;
  EXPECT_EQ(next(gate, start, wakeAt), nullptr);
  EXPECT_NEAR(static_cast<double>(wakeAt - start), 5e8, 10);
  EXPECT_EQ(next(gate, wakeAt + 1, wakeAt), op(3));
}
