#include "xcs/Io/Reactor.h"
#include "Io/ReactorLoop.h"
#include "Io/SocketWatch.h"
#include "xcs/Io/Beneath.h"
#include "xcs/Support/Mutex.h"
#include "xcs/Support/Thread.h"
#include <cassert>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <vector>

using namespace xcs;

/// `open` opens the handles one by one and may fail at each of them; `close` closes those that were opened.
struct Reactor::Impl {
  explicit Impl(Hooks hooks) : hooks(std::move(hooks)) {}

  /// Returns empty, or what the system refused.
  std::string open();
  void run();
  void close();
  void takePosted();
  void rang();
  void turn();
  void armAlarm();

  Hooks hooks;
  uv_loop_t loop{};
  bool hasLoop = false;
  bool isOwned = false; // the reactor has an owner that may be called back
  uv_async_t wakeUp{};
  Descriptor alarmFile; // a timerfd: libuv's own timers count whole milliseconds
  uv_poll_t alarm{};
  uv_prepare_t beforeSleep{};
  uv_check_t afterSleep{};
  int64_t alarmAt = 0; // 0: disarmed
  SocketWatch sockets;
  int64_t now = 0; // of this turn; 0: not read yet
  Timers timers;

  Mutex mutex;
  std::vector<Step> posted XCS_GUARDED_BY(mutex);
  bool stopping XCS_GUARDED_BY(mutex) = false;

  Thread thread;
};

/// libuv aborts the process if it has no descriptor for its first loop, so this tries beforehand whether
/// there are enough.
static int findDescriptors() {
  std::vector<Descriptor> found;
  while (found.size() < Reactor::descriptors) {
    found.emplace_back(eventfd(0, EFD_CLOEXEC));
    if (!found.back())
      return errno;
  }
  return 0;
}

std::string xcs::uvError(int error) {
  char text[128];
  return uv_strerror_r(error, text, sizeof(text));
}

std::string Reactor::Impl::open() {
  if (int error = findDescriptors())
    return std::strerror(error);
  if (int error = uv_loop_init(&loop))
    return uvError(error);
  hasLoop = true;
  loop.data = this;
  alarmFile = Descriptor(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
  if (!alarmFile)
    return std::strerror(errno);
  static constexpr auto of = [](auto *handle) { return static_cast<Impl *>(handle->loop->data); };
  int error = uv_async_init(&loop, &wakeUp, [](uv_async_t *h) { of(h)->takePosted(); });
  error = error ? error : uv_poll_init(&loop, &alarm, *alarmFile);
  error = error ? error : uv_poll_start(&alarm, UV_READABLE, [](uv_poll_t *h, int, int) { of(h)->rang(); });
  error = error ? error : sockets.open(&loop);
  error = error ? error : uv_prepare_init(&loop, &beforeSleep);
  error = error ? error : uv_prepare_start(&beforeSleep, [](uv_prepare_t *h) { of(h)->turn(); });
  error = error ? error : uv_check_init(&loop, &afterSleep);
  error = error ? error : uv_check_start(&afterSleep, [](uv_check_t *h) { of(h)->turn(); });
  if (!error)
    error = -thread.start([this] { run(); });
  return error ? uvError(error) : "";
}

void Reactor::Impl::close() {
  if (!hasLoop)
    return;
  uv_walk(&loop, [](uv_handle_t *h, void *) { uv_is_closing(h) ? void() : uv_close(h, nullptr); }, nullptr);
  uv_run(&loop, UV_RUN_DEFAULT);
  [[maybe_unused]] int open = uv_loop_close(&loop);
  assert(!open && "something that lives on the reactor outlives it");
}

void Reactor::Impl::run() {
  // A peer that closes early must not kill the process; the write returns the error instead.
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  uv_run(&loop, UV_RUN_DEFAULT);
  if (hooks.closing)
    hooks.closing();
  isOwned = false; // the owner must not be called any more
  close();
}

void Reactor::Impl::takePosted() {
  now = 0;
  std::vector<Step> steps;
  bool stop;
  {
    MutexLock lock(mutex);
    steps.swap(posted);
    stop = stopping;
  }
  isOwned = true;
  for (Step &step : steps)
    step();
  if (stop)
    uv_stop(&loop);
}

/// What is due runs in the following turn, which sets the alarm again.
void Reactor::Impl::rang() {
  uint64_t expirations;
  // Nothing to read: the alarm was set again meanwhile and will ring later.
  if (read(*alarmFile, &expirations, sizeof expirations) == sizeof expirations)
    alarmAt = 0;
}

void Reactor::Impl::turn() {
  if (!isOwned)
    return;
  now = monotonicNanoseconds();
  timers.run(now);
  if (hooks.turn)
    hooks.turn();
  armAlarm();
  now = 0; // the reactor may sleep
}

void Reactor::Impl::armAlarm() {
  int64_t next = timers.nextDeadline();
  if (next == alarmAt)
    return;
  alarmAt = next; // none, 0, disarms it
  itimerspec at{};
  at.it_value.tv_sec = next / 1'000'000'000;
  at.it_value.tv_nsec = next % 1'000'000'000;
  [[maybe_unused]] int error = timerfd_settime(*alarmFile, TFD_TIMER_ABSTIME, &at, nullptr);
  assert(!error && "the time is one, and the descriptor is ours");
}

Reactor::Reactor(std::unique_ptr<Impl> made) : impl(std::move(made)) {}

Result<std::unique_ptr<Reactor>, std::string> Reactor::start(Hooks hooks) {
  auto made = std::make_unique<Impl>(std::move(hooks));
  if (std::string why = made->open(); !why.empty()) {
    made->close();
    return why;
  }
  return std::unique_ptr<Reactor>(new Reactor(std::move(made)));
}

Reactor::~Reactor() {
  {
    MutexLock lock(impl->mutex);
    impl->stopping = true;
  }
  uv_async_send(&impl->wakeUp);
  impl->thread.join();
}

void Reactor::post(Step step) {
  {
    MutexLock lock(impl->mutex);
    impl->posted.push_back(std::move(step));
  }
  uv_async_send(&impl->wakeUp);
}

Timers &Reactor::timers() { return impl->timers; }

int64_t Reactor::now() {
  if (!impl->now)
    impl->now = monotonicNanoseconds();
  return impl->now;
}

void Reactor::refreshNow() { impl->now = 0; }

void Reactor::turnWhile(const std::function<bool()> &condition) {
  while (condition())
    uv_run(&impl->loop, UV_RUN_ONCE);
}

uv_loop_t *ReactorLoop::of(Reactor &reactor) { return &reactor.impl->loop; }

SocketWatch &ReactorLoop::socketsOf(Reactor &reactor) { return reactor.impl->sockets; }
