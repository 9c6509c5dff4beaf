#include "World/Admission.h"
#include <gtest/gtest.h>
#include <limits>

using namespace xcs;

namespace {

/// One gate of one slot, and who is let in, in order.
struct OneSlot {
  Gate gate{1, 0};
  std::vector<Applicant *> in;
  Admission admission{[this](Applicant &applicant) { in.push_back(&applicant); }, [](Gate &, int64_t) {}};
  uint64_t turns = 0;

  void enqueue(Applicant &applicant, double priority) {
    applicant.gates = {&gate};
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
