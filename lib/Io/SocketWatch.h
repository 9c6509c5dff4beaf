#pragma once
#include "xcs/Support/Descriptor.h"
#include <cstdint>
#include <uv.h>
#include <vector>

namespace xcs {

/// Who has sockets watched.
class SocketOwner {
public:
  /// The socket is ready to be read (EPOLLIN), written (EPOLLOUT), or both. One that has failed counts as
  /// readable: reading is how its owner meets what is left in it, and the failure.
  virtual void ready(int socket, uint32_t events) = 0;

protected:
  ~SocketOwner() = default;
};

/// Sockets in an epoll of their own, which the loop watches as one descriptor: to watch, change or forget one
/// is a single system call, and costs the same however many there are.
///
/// Invariants: a socket is forgotten before it is closed. It may be closed, and its number used again, while
/// the events of one turn are handed out: what was reported of the old one is not taken for the new one.
/// Thread safety: the reactor's thread only.
class SocketWatch {
public:
  SocketWatch() = default;
  SocketWatch(const SocketWatch &) = delete;
  SocketWatch &operator=(const SocketWatch &) = delete;

  /// Makes the epoll and gives it to the loop, whose end closes the handle. Returns 0, or libuv's error.
  int open(uv_loop_t *loop);
  /// Watches a socket for `events` (EPOLLIN, EPOLLOUT), or for others than before. False if the system
  /// refuses.
  bool watch(SocketOwner &owner, int socket, uint32_t events);
  void forget(int socket);

private:
  /// What is known of a descriptor number.
  struct Entry {
    SocketOwner *owner = nullptr; // null: it is not watched
    uint32_t registration = 0;    // told apart from earlier ones of the same number
    uint32_t events = 0;
  };
  void handOut();

  Descriptor epoll;
  uv_poll_t poll{};
  std::vector<Entry> entries; // by descriptor number
  uint32_t registrations = 0;
};

} // namespace xcs
