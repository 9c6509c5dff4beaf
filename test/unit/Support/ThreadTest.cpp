#include "xcs/Support/Thread.h"
#include <atomic>
#include <gtest/gtest.h>
#include <vector>

using namespace xcs;

TEST(Thread, RunsItsBodyOnce) {
  std::atomic<int> runs{0};
  Thread thread;
  ASSERT_EQ(thread.start([&] { ++runs; }), 0);
  thread.join();
  EXPECT_EQ(runs, 1);
  thread.join(); // nothing is left to wait for
}

TEST(Thread, CanBeMovedWhileItRuns) {
  std::atomic<int> runs{0};
  std::vector<Thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back();
    ASSERT_EQ(threads.back().start([&] { ++runs; }), 0);
  }
  for (Thread &thread : threads)
    thread.join();
  EXPECT_EQ(runs, 8);
}

TEST(Thread, OneThatWasNeverStartedNeedsNoJoin) {
  Thread thread;
  Thread other = std::move(thread);
  other.join();
}
