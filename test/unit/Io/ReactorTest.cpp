#include "Io/ReactorSupport.h"
#include "xcs/Io/Beneath.h"
#include <algorithm>
#include <atomic>
#include <climits>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <thread>

using namespace xcs;

TEST(Reactor, StepsRunInTheOrderInWhichTheyWerePosted) {
  std::vector<int> order;
  {
    auto reactor = startedReactor();
    for (int i = 0; i < 1000; ++i)
      reactor->post([&order, i] { order.push_back(i); });
  } // those that are left run before it ends
  ASSERT_EQ(order.size(), 1000u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(Reactor, StepsComeFromAnyThread) {
  uint64_t sum = 0; // the reactor's thread only
  {
    auto reactor = startedReactor();
    std::vector<std::thread> posters;
    for (int t = 0; t < 4; ++t)
      posters.emplace_back([&] {
        for (int i = 0; i < 1000; ++i)
          reactor->post([&sum] { ++sum; });
      });
    for (std::thread &poster : posters)
      poster.join();
  }
  EXPECT_EQ(sum, 4000u);
}

TEST(Reactor, TimersRunInTheOrderOfTheirDeadlinesAndNeverEarly) {
  auto reactor = startedReactor();
  std::atomic<int> left{3};
  std::vector<int> order;
  std::vector<int64_t> early;
  onReactor(*reactor, [&] {
    int64_t now = monotonicNanoseconds();
    for (int i : {2, 0, 1}) {
      int64_t when = now + (i + 1) * 300'000; // fractions of a millisecond count
      reactor->timers().add(when, [&, i, when] {
        early.push_back(std::min<int64_t>(monotonicNanoseconds() - when, 0));
        order.push_back(i);
        --left;
        left.notify_one();
      });
    }
  });
  for (int seen = left; seen; seen = left)
    left.wait(seen);
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(early, (std::vector<int64_t>{0, 0, 0}));
}

TEST(Reactor, ATimerTakenBackDoesNotRing) {
  bool rang = false;
  auto reactor = startedReactor();
  onReactor(*reactor, [&] {
    uint64_t id = reactor->timers().add(monotonicNanoseconds() + 1'000'000, [&] { rang = true; });
    reactor->timers().remove(id);
  });
  std::atomic<bool> later{false};
  onReactor(*reactor, [&] {
    reactor->timers().add(monotonicNanoseconds() + 3'000'000, [&] {
      later = true;
      later.notify_one();
    });
  });
  later.wait(false);
  EXPECT_FALSE(rang);
}

TEST(Reactor, ATurnFollowsEveryStepAndEveryTimer) {
  std::atomic<int> turns{0};
  auto reactor = startedReactor({.turn =
                                     [&] {
                                       ++turns;
                                       turns.notify_one();
                                     },
                                 .closing = {}});
  EXPECT_EQ(turns, 0) << "before the owner has it";
  int before = 0;
  onReactor(*reactor, [&] { before = turns; });
  for (int seen = turns; seen <= before; seen = turns)
    turns.wait(seen);
  std::atomic<int> atTimer{INT_MAX};
  onReactor(*reactor, [&] {
    reactor->timers().add(monotonicNanoseconds() + 1'000'000, [&] { atTimer = turns.load(); });
  });
  for (int seen = turns; seen <= atTimer; seen = turns)
    turns.wait(seen);
}

TEST(Reactor, TheEndIsTheOwnersBeforeItIsTheThreads) {
  std::vector<std::string> order;
  std::atomic<bool> rang{false};
  std::unique_ptr<Reactor> reactor;
  Reactor *self = nullptr;
  reactor = startedReactor({.turn = {}, .closing = [&] {
                              order.push_back("closing");
                              self->timers().add(monotonicNanoseconds() + 2'000'000, [&] { rang = true; });
                              self->turnWhile([&] { return !rang; });
                              order.push_back("closed");
                            }});
  self = reactor.get();
  reactor->post([&] { order.push_back("posted"); });
  reactor.reset();
  EXPECT_EQ(order, (std::vector<std::string>{"posted", "closing", "closed"}));
}

TEST(Reactor, TimersThatHaveNotRungAreDropped) {
  auto reactor = startedReactor();
  onReactor(*reactor,
            [&] { reactor->timers().add(INT64_MAX, [] { ADD_FAILURE() << "nobody waits 292 years"; }); });
}

/// Each number of descriptors that are left: either there is a reactor that works, or a reason, and what it
/// had opened is closed again.
TEST(Reactor, WithoutDescriptorsThereIsAReason) {
  startedReactor(); // what libuv keeps for the whole process
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  Descriptor first(eventfd(0, EFD_CLOEXEC));
  const auto lowest = static_cast<rlim_t>(*first);
  first = Descriptor();
  unsigned refused = 0, worked = 0;
  for (rlim_t spare = 0; spare <= Reactor::descriptors + 8; ++spare) {
    rlimit few = before;
    few.rlim_cur = lowest + spare;
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
    auto made = Reactor::start({});
    if (made) {
      bool ran = false;
      onReactor(**made, [&] { ran = true; });
      EXPECT_TRUE(ran);
      ++worked;
    } else {
      EXPECT_EQ(made.error(), "Too many open files");
      ++refused;
    }
    if (made)
      (*made).reset();
    Descriptor again(eventfd(0, EFD_CLOEXEC));
    EXPECT_TRUE(spare == 0 || *again == static_cast<int>(lowest)) << "something was left open";
  }
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_GT(refused, 4u);
  EXPECT_GT(worked, 1u);
}
