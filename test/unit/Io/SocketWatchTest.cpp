#include "Io/SocketWatch.h"
#include "Io/ReactorLoop.h"
#include "Io/ReactorSupport.h"
#include <algorithm>
#include <functional>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace xcs;

namespace {

/// Owns what it watches, and does with what is ready as the test says.
class Owner final : public SocketOwner {
public:
  void ready(int socket, uint32_t events) override {
    seen.push_back({socket, events});
    if (then)
      then(socket);
  }
  std::vector<std::pair<int, uint32_t>> seen;
  std::function<void(int)> then;
};

class SocketWatchTest : public ::testing::Test {
protected:
  SocketWatchTest() : reactor(startedReactor()) {}
  /// Runs a step on the reactor's thread, then gives it time for a turn with what is ready.
  void step(const std::function<void()> &body) {
    onReactor(*reactor, body);
    turn();
  }
  void turn() {
    Latch passed(1);
    onReactor(*reactor, [&] {
      reactor->timers().add(monotonicNanoseconds() + 2'000'000, [&] { passed.countDown(); });
    });
    passed.wait();
  }
  SocketWatch &watched() { return ReactorLoop::socketsOf(*reactor); }

  std::unique_ptr<Reactor> reactor;
};

Descriptor counter(unsigned value) { return Descriptor(eventfd(value, EFD_CLOEXEC | EFD_NONBLOCK)); }

} // namespace

TEST_F(SocketWatchTest, WhatIsReadyIsToldToItsOwner) {
  Owner first, second;
  Descriptor full = counter(1), empty = counter(0);
  first.then = second.then = [&](int socket) { watched().forget(socket); };
  step([&] {
    EXPECT_TRUE(watched().watch(first, *full, EPOLLIN));
    EXPECT_TRUE(watched().watch(second, *empty, EPOLLIN));
  });
  EXPECT_EQ(first.seen, (std::vector<std::pair<int, uint32_t>>{{*full, EPOLLIN}}));
  EXPECT_TRUE(second.seen.empty());
  step([&] { EXPECT_TRUE(watched().watch(second, *empty, EPOLLIN | EPOLLOUT)); });
  EXPECT_EQ(second.seen, (std::vector<std::pair<int, uint32_t>>{{*empty, EPOLLOUT}}));
}

TEST_F(SocketWatchTest, AForgottenSocketIsNotToldOf) {
  Owner owner;
  Descriptor full = counter(1);
  step([&] {
    watched().watch(owner, *full, EPOLLIN);
    watched().forget(*full);
    watched().forget(*full);
    watched().forget(100'000); // never watched
  });
  EXPECT_TRUE(owner.seen.empty());
}

TEST_F(SocketWatchTest, ASocketThatHasFailedIsReadable) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  Descriptor here(ends[0]);
  close(ends[1]);
  Owner owner;
  owner.then = [&](int socket) { watched().forget(socket); };
  step([&] { watched().watch(owner, *here, EPOLLOUT); });
  ASSERT_EQ(owner.seen.size(), 1u);
  EXPECT_EQ(owner.seen[0].second, uint32_t(EPOLLIN | EPOLLOUT));
}

TEST_F(SocketWatchTest, WhatDoesNotExistIsRefused) {
  Owner owner;
  int gone;
  {
    Descriptor closed = counter(0);
    gone = *closed;
  }
  onReactor(*reactor, [&] { EXPECT_FALSE(watched().watch(owner, gone, EPOLLIN)); });
}

/// More than one look at the epoll brings.
TEST_F(SocketWatchTest, ManyThatAreReadyAtOnceAreAllToldOf) {
  Owner owner;
  std::vector<Descriptor> all;
  for (int i = 0; i < 600; ++i)
    all.push_back(counter(1));
  owner.then = [&](int socket) { watched().forget(socket); };
  step([&] {
    for (const Descriptor &one : all)
      watched().watch(owner, *one, EPOLLIN);
  });
  std::sort(owner.seen.begin(), owner.seen.end());
  EXPECT_EQ(std::unique(owner.seen.begin(), owner.seen.end()), owner.seen.end());
  EXPECT_EQ(owner.seen.size(), all.size());
}

/// Both are ready in one turn; the first to be told of has the other closed, and opens a new one, which gets
/// its number and is not ready.
TEST_F(SocketWatchTest, AnEventOfAClosedSocketIsNotTakenForTheNextOfItsNumber) {
  Owner before, after;
  Descriptor one = counter(1), other = counter(1);
  int reused = -1;
  before.then = [&](int told) {
    Descriptor &closed = told == *one ? other : one;
    reused = *closed;
    watched().forget(*one);
    watched().forget(*other);
    closed = Descriptor();
    closed = counter(0);
    ASSERT_EQ(*closed, reused);
    watched().watch(after, reused, EPOLLIN);
  };
  after.then = [&](int socket) { watched().forget(socket); };
  step([&] {
    watched().watch(before, *one, EPOLLIN);
    watched().watch(before, *other, EPOLLIN);
  });
  EXPECT_EQ(before.seen.size(), 1u);
  EXPECT_TRUE(after.seen.empty());
  step([&] {
    uint64_t more = 1;
    EXPECT_EQ(write(reused, &more, sizeof more), ssize_t(sizeof more));
  });
  EXPECT_EQ(after.seen, (std::vector<std::pair<int, uint32_t>>{{reused, EPOLLIN}}));
}
