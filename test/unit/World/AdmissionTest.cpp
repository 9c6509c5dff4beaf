#include "World/Admission.h"
#include <deque>
#include <gtest/gtest.h>
#include <limits>
#include <random>

using namespace xcs;

namespace {

/// One gate of one slot, and who is let in, in order.
struct OneSlot {
  Gate gate{1, 0};
  std::vector<Applicant *> in;
  Admission admission{[this](Applicant &applicant) { in.push_back(&applicant); }, [](Gate &, int64_t) {}};
  uint64_t turns = 0;

  void enqueue(Applicant &applicant, double priority) {
    applicant.gates.push_back({&gate});
    applicant.queuePlace = {priority, turns++};
    admission.enqueue(applicant);
  }
};

} // namespace

TEST(Admission, ASlotIsKeptForWhatMayComeBeforeAllThatWait) {
  OneSlot at;
  Applicant first, waiting, next;
  at.enqueue(first, 5);
  at.enqueue(waiting, 2);
  at.admission.pump(1);
  uint64_t token = at.admission.releaseWhenSettled(first, 4, 100);
  ASSERT_NE(token, 0u);
  at.admission.pump(2);
  EXPECT_EQ(at.in, std::vector<Applicant *>{&first});
  at.enqueue(next, 4);
  at.admission.settled({&token, 1});
  at.admission.pump(3);
  EXPECT_EQ(at.in, (std::vector<Applicant *>{&first, &next}));
}

TEST(Admission, ASlotGoesOnAtOnceWhereTheNextIsKnown) {
  for (double nextPriority : {0.0, 1.0, 2.0}) { // of equals, who waits came first
    OneSlot at;
    Applicant first, waiting;
    at.enqueue(first, 5);
    at.enqueue(waiting, 2);
    at.admission.pump(1);
    EXPECT_EQ(at.admission.releaseWhenSettled(first, nextPriority, 100), 0u);
    at.admission.pump(2);
    EXPECT_EQ(at.in, (std::vector<Applicant *>{&first, &waiting})) << nextPriority;
  }
}

TEST(Admission, ASlotIsKeptForALimitedTime) {
  OneSlot at;
  Applicant first, waiting;
  at.enqueue(first, 5);
  at.enqueue(waiting, 2);
  at.admission.pump(1);
  uint64_t token = at.admission.releaseWhenSettled(first, std::numeric_limits<double>::infinity(), 100);
  EXPECT_EQ(at.admission.nextRelease(), 100);
  at.admission.endHolds(99);
  at.admission.pump(99);
  EXPECT_EQ(at.in.size(), 1u);
  at.admission.endHolds(100);
  at.admission.pump(100);
  EXPECT_EQ(at.in, (std::vector<Applicant *>{&first, &waiting}));
  EXPECT_EQ(at.admission.nextRelease(), 0);
  at.admission.settled({&token, 1}); // too late: nothing happens twice
  at.admission.pump(101);
  EXPECT_FALSE(at.gate.isOpen(102));
}

namespace {

/// Two gates, and who is let in, in order.
struct TwoGates {
  Gate left, right;
  std::vector<Applicant *> in;
  Admission admission{[this](Applicant &applicant) { in.push_back(&applicant); },
                      [this](Gate &gate, int64_t when) { (&gate == &left ? leftAt : rightAt) = when; }};
  int64_t leftAt = 0, rightAt = 0; // when it must be checked again
  uint64_t turns = 0;

  TwoGates(uint64_t leftSlots, uint64_t rightSlots, double rightRate = 0)
      : left(leftSlots, 0), right(rightSlots, rightRate) {}

  void enqueue(Applicant &applicant, uint64_t ofLeft, uint64_t ofRight, double priority = 0) {
    if (ofLeft)
      applicant.gates.push_back({&left, ofLeft});
    if (ofRight)
      applicant.gates.push_back({&right, ofRight});
    applicant.queuePlace = {priority, turns++};
    admission.enqueue(applicant);
    admission.pump(1);
  }
  /// Ends one, and lets in who comes next.
  void end(Applicant &applicant) {
    admission.release(applicant);
    admission.pump(1);
  }
  bool isIn(const Applicant &applicant) const { return applicant.holdsSlots; }
};

} // namespace

TEST(Admission, SlotsOfAllGatesAreTakenTogetherOrNotAtAll) {
  TwoGates at(2, 1);
  Applicant holder, both, one;
  at.enqueue(holder, 0, 1);
  at.enqueue(both, 2, 1);
  at.enqueue(one, 1, 0);
  EXPECT_EQ(at.in, (std::vector<Applicant *>{&holder, &one})); // it waits on the right, and holds nothing
  at.end(holder);
  EXPECT_FALSE(at.isIn(both)); // one slot is in use on the left
  at.end(one);
  EXPECT_TRUE(at.isIn(both));
  at.end(both);
  EXPECT_TRUE(at.left.hasSlots(2));
  EXPECT_TRUE(at.right.hasSlots(1));
  EXPECT_FALSE(at.left.hasSlots(3));
}

TEST(Admission, ManyThatTakeOneDoNotKeepOutOneThatTakesTwo) {
  TwoGates at(2, 0);
  std::deque<Applicant> ones(100);
  Applicant two;
  at.enqueue(ones[0], 1, 0);
  at.enqueue(ones[1], 1, 0);
  at.enqueue(two, 2, 0);
  for (size_t i = 2; i < ones.size(); ++i)
    at.enqueue(ones[i], 1, 0);
  at.end(ones[0]);
  EXPECT_FALSE(at.isIn(ones[2]));
  at.end(ones[1]);
  EXPECT_TRUE(at.isIn(two));
  EXPECT_EQ(at.in.size(), 3u);
}

/// While it waits at one gate, others take the slots of the other one, in turn: without a bound it would
/// never find both.
TEST(Admission, OneThatIsPassedOverAtBothGatesComesToItsTurn) {
  TwoGates at(2, 2);
  std::deque<Applicant> lefts(2), rights(2);
  Applicant both;
  at.enqueue(lefts[0], 1, 0);
  at.enqueue(lefts[1], 1, 0);
  at.enqueue(rights[0], 0, 1);
  at.enqueue(rights[1], 0, 1);
  at.enqueue(both, 2, 2);
  unsigned rounds = 0;
  for (; !at.isIn(both) && rounds < 100; ++rounds) {
    std::deque<Applicant> &running = rounds % 2 ? rights : lefts;
    const size_t others = running.size();
    for (int i = 0; i < 2; ++i) { // those that come next are there before a slot is free
      running.emplace_back();
      at.enqueue(running.back(), rounds % 2 ? 0 : 1, rounds % 2 ? 1 : 0);
    }
    for (size_t i = 0; i < others; ++i)
      if (at.isIn(running[i]))
        at.end(running[i]);
  }
  EXPECT_TRUE(at.isIn(both));
  EXPECT_LE(rounds, 2 * Admission::mostPassedOver);
  EXPECT_GE(rounds, Admission::mostPassedOver);
  at.end(both);
  EXPECT_FALSE(at.left.hasSlots(1) && at.left.hasWaiting()); // the gates are open to the others again
  EXPECT_FALSE(at.right.hasSlots(1) && at.right.hasWaiting());
}

TEST(Admission, WhoIsWithdrawnKeepsNobodyOut) {
  TwoGates at(2, 0);
  Applicant first, two, one;
  at.enqueue(first, 1, 0);
  at.enqueue(two, 2, 0);
  at.enqueue(one, 1, 0);
  EXPECT_FALSE(at.isIn(one));
  at.admission.withdraw(two);
  at.admission.pump(1);
  EXPECT_TRUE(at.isIn(one));
}

TEST(Admission, APaceHoldsUpNobodyAtTheOtherGate) {
  TwoGates at(1, 0, 60); // one on the right each second
  Applicant first, both, left;
  at.enqueue(first, 0, 1);
  both.timesPassedOver = Admission::mostPassedOver; // however often it was passed over
  at.enqueue(both, 1, 1);
  at.enqueue(left, 1, 0);
  EXPECT_FALSE(at.isIn(both));
  EXPECT_TRUE(at.isIn(left));
  ASSERT_GT(at.rightAt, 1);
  at.end(left);
  at.admission.scheduleCheck(at.right);
  at.admission.pump(at.rightAt + 1);
  EXPECT_TRUE(at.isIn(both));
}

/// Of any mix, with some that are withdrawn: no gate gives more slots than it has, and all come in.
TEST(Admission, AnyMixComesThroughWithinItsBounds) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    std::mt19937 random(seed);
    auto below = [&random](uint64_t end) { return static_cast<uint64_t>(random() % end); };
    std::deque<Gate> gates;
    std::map<Gate *, uint64_t> slots, inUse;
    for (int i = 0; i < 3; ++i) {
      const uint64_t capacity = 1 + below(4);
      slots[&gates.emplace_back(capacity, 0)] = capacity;
    }
    std::vector<Applicant *> running;
    size_t cameIn = 0;
    Admission admission(
        [&](Applicant &applicant) {
          ++cameIn;
          running.push_back(&applicant);
          for (const GateUse &use : applicant.gates)
            EXPECT_LE(inUse[use.gate] += use.slots, slots[use.gate]) << seed;
        },
        [](Gate &, int64_t) { FAIL() << "no gate has a pace"; });
    std::deque<Applicant> all(60);
    size_t withdrawn = 0;
    for (size_t next = 0; next < all.size() || !running.empty();) {
      if (next < all.size() && (running.empty() || below(3))) {
        Applicant &one = all[next];
        for (Gate &gate : gates)
          if (below(2) || (&gate == &gates.back() && one.gates.empty()))
            one.gates.push_back({&gate, 1 + below(slots[&gate])});
        one.queuePlace = {static_cast<double>(below(3)), next++};
        admission.enqueue(one);
      } else {
        const size_t which = below(running.size());
        for (const GateUse &use : running[which]->gates)
          inUse[use.gate] -= use.slots;
        admission.release(*running[which]);
        running.erase(running.begin() + static_cast<ptrdiff_t>(which));
      }
      Applicant &any = all[below(all.size())];
      if (any.waitingGate && below(20) == 0) {
        admission.withdraw(any);
        ++withdrawn;
      }
      admission.pump(1);
    }
    EXPECT_EQ(cameIn + withdrawn, all.size()) << seed;
  }
}
