#include "xcs/Io/Timers.h"
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <string>

using namespace xcs;

TEST(Timers, RunInTheOrderOfTheirDeadlinesThenOfTheirAdding) {
  Timers timers;
  std::string order;
  for (auto [when, name] : {std::pair(30, 'c'), {10, 'a'}, {30, 'd'}, {20, 'b'}})
    timers.add(when, [&order, name] { order += name; });
  EXPECT_EQ(timers.run(9), 10);
  EXPECT_EQ(order, "");
  EXPECT_EQ(timers.run(20), 30);
  EXPECT_EQ(order, "ab");
  EXPECT_EQ(timers.run(100), 0);
  EXPECT_EQ(order, "abcd");
}

TEST(Timers, ARemovedOneDoesNotRunAndItsIdMeansNothingAnyMore) {
  Timers timers;
  int ran = 0;
  uint64_t first = timers.add(10, [&] { ran += 1; });
  timers.remove(first);
  EXPECT_EQ(timers.nextDeadline(), 0);
  timers.add(20, [&] { ran += 10; }); // takes the place of the first
  timers.remove(first);
  timers.remove(0);
  EXPECT_EQ(timers.run(20), 0);
  EXPECT_EQ(ran, 10);
}

TEST(Timers, OneMayAddAndRemoveOthersWhileItRuns) {
  Timers timers;
  std::string order;
  uint64_t doomed = timers.add(11, [&] { order += "doomed "; });
  timers.add(10, [&] {
    order += "first ";
    timers.remove(doomed);
    timers.add(12, [&] { order += "due "; });
    timers.add(50, [&] { order += "later "; });
  });
  EXPECT_EQ(timers.run(20), 50);
  EXPECT_EQ(order, "first due ");
}

// Deadlines of operations are mostly far away and taken back soon: they must not pile up.
TEST(Timers, RemovedOnesTakeNoMemory) {
  Timers timers;
  timers.add(1'000'000, [] {});
  for (int i = 0; i < 100'000; ++i)
    timers.remove(timers.add(1'000'000 + i, [] {}));
  EXPECT_LE(timers.entries(), 3u);
}

TEST(Timers, BehaveAsASortedMapOfDeadlines) {
  std::mt19937 random(7);
  Timers timers;
  std::map<std::pair<int64_t, int>, uint64_t> expected; // deadline and number, to id
  std::vector<int> ran, wanted;
  int64_t now = 1;
  for (int i = 0; i < 20'000; ++i) {
    if (random() % 3) {
      int64_t when = now + 1 + random() % 50;
      expected[{when, i}] = timers.add(when, [&ran, i] { ran.push_back(i); });
    } else if (!expected.empty() && random() % 2) {
      auto victim = std::next(expected.begin(), random() % expected.size());
      timers.remove(victim->second);
      expected.erase(victim);
    }
    if (random() % 4 == 0) {
      now += random() % 20;
      timers.run(now);
      while (!expected.empty() && expected.begin()->first.first <= now) {
        wanted.push_back(expected.begin()->first.second);
        expected.erase(expected.begin());
      }
      ASSERT_EQ(ran, wanted);
      ASSERT_EQ(timers.nextDeadline(), expected.empty() ? 0 : expected.begin()->first.first);
    }
  }
}

TEST(Timers, WhatDoesNotFitIsTheEndOfTime) {
  EXPECT_EQ(timeAfter(5, 7), 12);
  EXPECT_EQ(timeAfter(int64_t(1) << 40, INT64_MAX), INT64_MAX);
  EXPECT_EQ(timeAfter(5, -7), -2);
}
