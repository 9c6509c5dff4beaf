#include "xcs-run/StandardError.h"
#include "xcs/Support/Visible.h"
#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <poll.h>
#include <sys/ioctl.h>
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
  hasText.notifyOne();
}

// ECMA-48: to the beginning of the line, and erase it.
static constexpr std::string_view eraseLine = "\r\033[K";

/// As much of a line as the terminal has columns for: a longer one would not be erased whole.
static std::string cutToTerminal(std::string line) {
  winsize size{};
  const size_t columns =
      ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1u : 79u;
  for (size_t at = 0, shown = 0; at < line.size(); ++at)
    if ((static_cast<unsigned char>(line[at]) & 0xc0) != 0x80 && ++shown > columns)
      return line.substr(0, at);
  return line;
}

void StandardError::setStatus(std::string line) {
  line = cutToTerminal(std::move(line));
  MutexLock lock(mutex);
  // A slow reader would only be held up; the next status says more.
  if (hasPrompt || line == status || (!kept.empty() && !line.empty()))
    return;
  put((status.empty() ? "" : std::string(eraseLine)) + line);
  status = std::move(line);
}

void StandardError::setPrompt(std::string_view line) {
  MutexLock lock(mutex);
  put((status.empty() ? "" : std::string(eraseLine)).append(line));
  status = line;
  hasPrompt = !line.empty();
}

void StandardError::putLines(std::string_view lines) {
  if (status.empty())
    return put(lines);
  put(std::string(eraseLine).append(lines));
  if (lines.ends_with('\n'))
    put(status);
  else
    status.clear();
}

void StandardError::write_impl(const char *text, size_t size) {
  MutexLock lock(mutex);
  position += size;
  putLines({text, size});
}

void StandardError::log(std::string_view lines, const std::function<bool()> &wanted) {
  const std::string shown = isTerminal ? visibleLines(lines) : std::string();
  MutexLock lock(mutex);
  // Nobody says when an operation is not wanted any more.
  while (kept.size() >= mostKept && !isBroken)
    if (!hasRoom.waitUntil(mutex, std::chrono::steady_clock::now() + lookInterval) && !wanted())
      return;
  putLines(isTerminal ? std::string_view(shown) : lines);
}

void StandardError::finish(std::optional<std::chrono::milliseconds> atMost) {
  const auto end = std::chrono::steady_clock::now() + atMost.value_or(std::chrono::milliseconds(0));
  MutexLock lock(mutex);
  while (!isDone())
    if (!atMost)
      hasRoom.wait(mutex);
    else if (!hasRoom.waitUntil(mutex, end))
      break;
  isBroken |= !isDone(); // no one waits for it again
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
  mutex.lock();
  while (!isBroken) {
    while (kept.empty())
      hasText.wait(mutex);
    std::string text = std::exchange(kept, {});
    for (writing = text.size(); writing && !isBroken;) {
      const size_t left = writing;
      mutex.unlock();
      ssize_t done = ::write(STDERR_FILENO, text.data() + (text.size() - left), left);
      const int error = done < 0 ? errno : 0;
      mutex.lock();
      writing -= done > 0 ? static_cast<size_t>(done) : 0;
      isBroken = error != 0 && error != EINTR && error != EAGAIN;
    }
    writing = 0;
    hasRoom.notifyAll();
  }
  mutex.unlock();
}
