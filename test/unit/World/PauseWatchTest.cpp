#include "World/PauseWatch.h"
#include "World/Admission.h"
#include <deque>
#include <gtest/gtest.h>

using namespace xcs;

namespace {

/// A gate that is closed, who waits there and for how long each can, who was asked for that, and for whom the
/// pause was too long.
struct Paused {
  struct Waiter : Applicant {
    int64_t patience;
  };
  Gate gate{0, 0};
  PauseWatch watch;
  std::deque<Waiter> all;
  std::vector<size_t> given; // who cannot wait, by place in `all`
  size_t asked = 0;

  size_t come(int64_t patience, double priority = 0) {
    Waiter &one = all.emplace_back();
    one.patience = patience;
    one.queuePlace = {priority, all.size()};
    gate.wait(&one, one.queuePlace);
    return all.size() - 1;
  }
  void look(int64_t now, int64_t until) {
    watch.look(
        gate, {until, true}, now,
        [this](Applicant &applicant, int64_t since) {
          ++asked;
          return since + static_cast<Waiter &>(applicant).patience;
        },
        [this](Applicant &applicant) {
          size_t place = 0;
          while (&all[place] != &applicant)
            ++place;
          given.push_back(place);
          gate.forget(applicant.queuePlace);
        });
  }
};

} // namespace

TEST(PauseWatch, EndsThoseWhoCannotWaitAndNoOneElse) {
  Paused at;
  at.come(5);
  at.come(50);
  at.look(100, 120);
  EXPECT_EQ(at.given, std::vector<size_t>{0});
  at.come(19, 7); // the first of the queue, and the last to come
  at.come(20);
  at.look(100, 120);
  EXPECT_EQ(at.given, (std::vector<size_t>{0, 2}));
}

TEST(PauseWatch, APauseThatGrowsIsTooLongForMore) {
  Paused at;
  at.come(50);
  at.come(30);
  at.look(100, 120);
  EXPECT_TRUE(at.given.empty());
  at.look(110, 140);
  EXPECT_EQ(at.given, std::vector<size_t>{1});
  at.look(115, 151);
  EXPECT_EQ(at.given, (std::vector<size_t>{1, 0}));
  EXPECT_EQ(at.watch.since(), 100);
}

TEST(PauseWatch, AnotherPauseCountsFromItsOwnBeginning) {
  Paused at;
  at.come(50);
  at.look(100, 120);
  at.look(130, 170); // 30 after the first began, 10 after its end
  EXPECT_TRUE(at.given.empty());
  EXPECT_EQ(at.watch.since(), 130);
  at.look(131, 181);
  EXPECT_EQ(at.given, std::vector<size_t>{0});
}

TEST(PauseWatch, WhoHasGoneOnIsNotEnded) {
  Paused at;
  size_t gone = at.come(5);
  at.come(50);
  at.gate.forget(at.all[gone].queuePlace);
  at.look(100, 120);
  size_t later = at.come(25);
  at.look(101, 121);
  at.gate.forget(at.all[later].queuePlace);
  at.look(102, 149);
  EXPECT_TRUE(at.given.empty());
}

TEST(PauseWatch, WhoIsKeptIsEndedWhenThePauseGrowsAgain) {
  Paused at;
  size_t one = at.come(50);
  at.look(100, 120);
  at.watch.add(at.all[one].queuePlace, 130);
  at.look(101, 131);
  EXPECT_EQ(at.given, std::vector<size_t>{one});
}

// Each is asked once, whether they come one by one or the pause grows with each answer; and the gate does not
// remember more than wait when no one looks any longer.
TEST(PauseWatch, TheWorkGrowsWithThoseWhoComeAndNotWithTheirSquare) {
  for (size_t count : {1000u, 4000u, 16000u}) {
    Paused at;
    for (size_t i = 0; i < count; ++i) {
      at.come(1'000'000);
      at.look(100, 200);
    }
    EXPECT_EQ(at.asked, count);
    for (size_t i = 0; i < count; ++i)
      at.look(150, 200 + static_cast<int64_t>(i));
    EXPECT_EQ(at.asked, count);
    for (size_t i = 0; i < count; ++i) { // one that comes and goes on, again and again
      size_t last = at.come(1);
      at.gate.forget(at.all[last].queuePlace);
    }
    at.look(150, 100'000);
    EXPECT_EQ(at.asked, count);
    EXPECT_TRUE(at.given.empty());
  }
}
