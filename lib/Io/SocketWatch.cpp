#include "Io/SocketWatch.h"
#include <cerrno>
#include <sys/epoll.h>

using namespace xcs;

static constexpr int eventsAtOnce = 256; // what more there is is reported in the next turn

int SocketWatch::open(uv_loop_t *loop) {
  epoll = Descriptor(epoll_create1(EPOLL_CLOEXEC));
  if (!epoll)
    return -errno; // libuv's errors are negated ones of the system
  if (int error = uv_poll_init(loop, &poll, *epoll))
    return error;
  poll.data = this;
  return uv_poll_start(&poll, UV_READABLE,
                       [](uv_poll_t *h, int, int) { static_cast<SocketWatch *>(h->data)->handOut(); });
}

/// An event carries the registration that it is for, and the number of the socket.
static epoll_event eventFor(uint32_t registration, int socket, uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = static_cast<uint64_t>(registration) << 32 | static_cast<uint32_t>(socket);
  return event;
}

bool SocketWatch::watch(SocketOwner &owner, int socket, uint32_t events) {
  if (static_cast<size_t>(socket) >= entries.size())
    entries.resize(static_cast<size_t>(socket) + 1);
  Entry &entry = entries[static_cast<size_t>(socket)];
  if (entry.owner == &owner && entry.events == events)
    return true;
  const bool isNew = !entry.owner;
  entry.registration = isNew ? ++registrations : entry.registration;
  epoll_event event = eventFor(entry.registration, socket, events);
  if (epoll_ctl(*epoll, isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event)) {
    entry.owner = nullptr;
    return false;
  }
  entry.owner = &owner;
  entry.events = events;
  return true;
}

void SocketWatch::forget(int socket) {
  if (static_cast<size_t>(socket) >= entries.size() || !entries[static_cast<size_t>(socket)].owner)
    return;
  entries[static_cast<size_t>(socket)].owner = nullptr;
  epoll_ctl(*epoll, EPOLL_CTL_DEL, socket, nullptr);
}

void SocketWatch::handOut() {
  epoll_event events[eventsAtOnce];
  const int count = epoll_wait(*epoll, events, eventsAtOnce, 0);
  for (int i = 0; i < count; ++i) {
    const auto socket = static_cast<uint32_t>(events[i].data.u64);
    const Entry entry = entries[socket]; // an owner that is called may have more of them watched
    if (!entry.owner || entry.registration != events[i].data.u64 >> 32)
      continue; // closed since the events were asked for
    const bool isReadable = events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR | EPOLLRDHUP);
    entry.owner->ready(static_cast<int>(socket), (isReadable ? EPOLLIN : 0u) | (events[i].events & EPOLLOUT));
  }
}
