#include "xcs/Io/BlockingPool.h"
#include "Io/ReactorSupport.h"
#include <mutex>
#include <optional>
#include <set>
#include <thread>

using namespace xcs;

namespace {

/// A pool on a reactor of its own; it goes first, on the reactor's thread.
struct Fixture {
  explicit Fixture(size_t most) {
    reactor = startedReactor({.turn = {}, .closing = [this] { pool.reset(); }});
    onReactor(*reactor, [&] { pool.emplace(*reactor, most); });
  }
  std::optional<BlockingPool> pool;
  std::unique_ptr<Reactor> reactor;
};

/// Holds threads until it is opened.
struct Door {
  std::atomic<bool> open{false};
  void pass() { open.wait(false); }
  void release() {
    open = true;
    open.notify_all();
  }
};

} // namespace

TEST(BlockingPool, WorkRunsElsewhereAndItsEndComesBack) {
  Fixture f(3);
  Latch ended(50);
  std::thread::id reactorThread;
  std::mutex mutex; // guards the next
  std::set<std::thread::id> workers;
  int wrong = 0;
  onReactor(*f.reactor, [&] {
    reactorThread = std::this_thread::get_id();
    for (int i = 0; i < 50; ++i)
      EXPECT_NE(f.pool->submit(
                    [&] {
                      std::lock_guard lock(mutex);
                      workers.insert(std::this_thread::get_id());
                    },
                    [&] {
                      wrong += std::this_thread::get_id() != reactorThread;
                      ended.countDown();
                    }),
                0u);
  });
  ended.wait();
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(workers.size(), 3u);
  EXPECT_EQ(workers.count(reactorThread), 0u);
}

TEST(BlockingPool, WhatHasNotBegunCanBeTakenBack) {
  Fixture f(1);
  Door door;
  std::atomic<int> begun{0};
  Latch ended(2);
  std::vector<uint64_t> tickets;
  onReactor(*f.reactor, [&] {
    for (int i = 0; i < 10; ++i)
      tickets.push_back(f.pool->submit(
          [&] {
            ++begun;
            begun.notify_all();
            door.pass();
          },
          [&] { ended.countDown(); }));
  });
  begun.wait(0);
  onReactor(*f.reactor, [&] {
    EXPECT_FALSE(f.pool->withdraw(tickets[0])) << "it has begun";
    for (int i = 1; i < 9; ++i)
      EXPECT_TRUE(f.pool->withdraw(tickets[static_cast<size_t>(i)]));
    EXPECT_FALSE(f.pool->withdraw(tickets[5])) << "twice";
    EXPECT_FALSE(f.pool->withdraw(0));
    EXPECT_FALSE(f.pool->withdraw(1000));
  });
  door.release();
  ended.wait(); // the first and the last
  EXPECT_EQ(begun, 2);
}

TEST(BlockingPool, ItEndsWithWhatIsUnderWayAndDropsTheRest) {
  std::atomic<int> begun{0}, done{0};
  {
    Fixture f(2);
    onReactor(*f.reactor, [&] {
      for (int i = 0; i < 100; ++i)
        EXPECT_NE(f.pool->submit(
                      [&] {
                        ++begun;
                        std::this_thread::sleep_for(std::chrono::milliseconds(5));
                      },
                      [&] { ++done; }),
                  0u);
      f.pool.reset();
      EXPECT_LE(begun, 2);
      begun = 100;
    });
  }
  EXPECT_EQ(begun, 100) << "work began when the pool was gone";
  EXPECT_EQ(done, 0);
}
