#include "xcs-run/Signals.h"
#include <chrono>
#include <csignal>
#include <ctime>
#include <optional>
#include <thread>
#include <unistd.h>
#include <utility>

using namespace xcs;
using namespace xcs::runner;
using Clock = std::chrono::steady_clock;

static constexpr std::chrono::seconds grace{1};

static sigset_t watchedSignals() {
  sigset_t set;
  sigemptyset(&set);
  // Signals that the parent process ignores (nohup, a shell's background job) stay ignored.
  for (int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1}) {
    struct sigaction action;
    if (sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN)
      sigaddset(&set, signal);
  }
  return set;
}

SignalGuard::SignalGuard(ProgressReport &progress) : progress(progress) {
  sigset_t set = watchedSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  // If the reader of our messages exits, this process must not be killed: its programs would run on.
  std::signal(SIGPIPE, SIG_IGN);
  // Nor may a limit on file sizes (`ulimit -f`) kill it: the write fails and is undone.
  std::signal(SIGXFSZ, SIG_IGN);
  // The thread waits for as long as the process lives.
  std::thread(&SignalGuard::wait, this).detach();
}

void SignalGuard::watch(Executor *executor) {
  MutexLock lock(mutex);
  // A process that is slow to end, such as one whose report is not read, still exits with the right code.
  wasUncertain = isUncertain();
  watched = executor;
}

bool SignalGuard::isUncertain() const { return wasUncertain || (watched && watched->hasUncertainWrites()); }

/// The next of the signals; 0 if none arrives before `end`.
static int nextSignal(const sigset_t &set, std::optional<Clock::time_point> end) {
  for (;;) {
    if (!end) {
      if (int signal = sigwaitinfo(&set, nullptr); signal > 0)
        return signal;
      continue; // something else interrupted the wait, such as a debugger
    }
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(*end - Clock::now());
    if (left.count() <= 0)
      return 0;
    const timespec time{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
    if (int signal = sigtimedwait(&set, nullptr, &time); signal > 0)
      return signal;
  }
}

void SignalGuard::wait(SignalGuard *guard) {
  const sigset_t set = watchedSignals();
  std::optional<Clock::time_point> end;
  for (bool isInterrupted = false;;) {
    const std::optional<Clock::time_point> look = guard->nextLook();
    const int signal = nextSignal(set, end && (!look || *end < *look) ? end : look);
    if (signal == 0 && end && Clock::now() >= *end)
      guard->end();
    if (signal == 0)
      guard->report(&ProgressReport::look);
    if (signal == SIGUSR1)
      guard->report(&ProgressReport::tell);
    if (signal == 0 || signal == SIGUSR1)
      continue;
    if (signal == SIGQUIT)
      guard->quit();
    if (end) {
      guard->tell(&Executor::killPrograms);
    } else if (!std::exchange(isInterrupted, true) && guard->interruptRun()) {
      continue;
    } else if (guard->tell(&Executor::abandon)) {
      // A run that computes, or whose output is not read, might not react: this does not wait for it.
      end = Clock::now() + grace;
    } else {
      guard->end();
    }
  }
}

// Where the process ends with its programs, the run must not continue with what became of them: its end waits
// for the mutex (runIsOver), so no result is written.

void SignalGuard::end() {
  MutexLock lock(mutex);
  if (watched)
    watched->killPrograms();
  _exit(static_cast<int>(isUncertain() ? ExitCode::OutcomeUnknown : ExitCode::Interrupted));
}

void SignalGuard::quit() {
  MutexLock lock(mutex);
  if (watched)
    watched->killPrograms();
  std::signal(SIGQUIT, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGQUIT);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  raise(SIGQUIT);
  _exit(static_cast<int>(ExitCode::Interrupted)); // in case the signal is ignored
}

void SignalGuard::runIsOver() {
  MutexLock lock(mutex);
  over = true;
  progress.stop();
}

void SignalGuard::report(void (ProgressReport::*how)(Executor &)) {
  MutexLock lock(mutex);
  if (watched && !over)
    (progress.*how)(*watched);
}

std::optional<Clock::time_point> SignalGuard::nextLook() {
  static constexpr std::chrono::milliseconds untilTheRun{50};
  MutexLock lock(mutex);
  const std::optional<Clock::time_point> look = progress.nextLook();
  if (over || !look)
    return std::nullopt;
  return watched ? *look : Clock::now() + untilTheRun;
}

ExitCode SignalGuard::exitOutOfMemory() {
  // Not waited for: it may be this very thread that holds it.
  if (!mutex.tryLock())
    return ExitCode::LimitExceeded;
  if (watched)
    watched->killPrograms();
  const ExitCode exit = isUncertain() ? ExitCode::OutcomeUnknown : ExitCode::LimitExceeded;
  mutex.unlock();
  return exit;
}

bool SignalGuard::interruptRun() {
  MutexLock lock(mutex);
  if (watched && !over)
    watched->interrupt();
  return watched && !over;
}

bool SignalGuard::tell(void (Executor::*what)()) {
  MutexLock lock(mutex);
  if (watched)
    (watched->*what)();
  return watched;
}
