#include "xcs-run/StandardError.h"
#include "xcs/Support/Visible.h"
#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <poll.h>
#include <thread>
#include <unistd.h>
#include <utility>

using namespace xcs;
using namespace xcs::runner;

static constexpr size_t mostKept = size_t(16) << 20; // beyond that, log lines wait
static constexpr std::chrono::milliseconds lookInterval{20};

StandardError::StandardError() : isTerminal(isatty(STDERR_FILENO)) { SetUnbuffered(); }
StandardError::~StandardError() = default;

/// Whether PIPE_BUF bytes can be written without waiting (POSIX: poll, and write to a pipe).
static bool isWritable() {
  pollfd error{STDERR_FILENO, POLLOUT, 0};
  return poll(&error, 1, 0) == 1 && (error.revents & POLLOUT);
}

void StandardError::put(std::string_view text) {
  while (!text.empty() && kept.empty() && !writing && !isBroken && isWritable()) {
    ssize_t done = ::write(STDERR_FILENO, text.data(), std::min<size_t>(text.size(), PIPE_BUF));
    if (done < 0 && errno != EINTR)
      isBroken = true; // there is no way to report that messages were lost
    text.remove_prefix(done > 0 ? static_cast<size_t>(done) : 0);
  }
  if (text.empty() || isBroken)
    return;
  kept += text;
  startWriter();
  hasText.notify_one();
}

void StandardError::write_impl(const char *text, size_t size) {
  std::lock_guard lock(mutex);
  position += size;
  put({text, size});
}

void StandardError::log(std::string_view lines, const std::function<bool()> &wanted) {
  const std::string shown = isTerminal ? visibleLines(lines) : std::string();
  std::unique_lock lock(mutex);
  // There is no notification when an operation is no longer wanted.
  while (!hasRoom.wait_for(lock, lookInterval, [&] { return kept.size() < mostKept || isBroken; }))
    if (!wanted())
      return;
  put(isTerminal ? std::string_view(shown) : lines);
}

void StandardError::finish(std::optional<std::chrono::milliseconds> atMost) {
  std::unique_lock lock(mutex);
  auto isDone = [&] { return (kept.empty() && !writing) || isBroken; };
  if (!atMost)
    hasRoom.wait(lock, isDone);
  else if (!hasRoom.wait_for(lock, *atMost, isDone))
    isBroken = true; // and is not waited for again
}

/// Blocks all signals in the writer: SignalGuard has a thread for them.
void StandardError::startWriter() {
  if (std::exchange(isStarted, true))
    return;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread(&StandardError::work, this).detach();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void StandardError::work() {
  std::unique_lock lock(mutex);
  while (!isBroken) {
    hasText.wait(lock, [&] { return !kept.empty(); });
    std::string text = std::exchange(kept, {});
    for (writing = text.size(); writing && !isBroken;) {
      lock.unlock();
      ssize_t done = ::write(STDERR_FILENO, text.data() + (text.size() - writing), writing);
      const int error = done < 0 ? errno : 0;
      lock.lock();
      writing -= done > 0 ? static_cast<size_t>(done) : 0;
      isBroken = error != 0 && error != EINTR && error != EAGAIN;
    }
    writing = 0;
    hasRoom.notify_all();
  }
}
