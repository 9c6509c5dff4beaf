#include "xcs-run/Signals.h"
#include <csignal>
#include <thread>
#include <unistd.h>

using namespace xcs;
using namespace xcs::runner;

static sigset_t watchedSignals() {
  sigset_t set;
  sigemptyset(&set);
  // What whoever started us ignores (nohup, a shell's background job) stays ignored.
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action;
    if (sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN)
      sigaddset(&set, signal);
  }
  return set;
}

SignalGuard::SignalGuard() {
  sigset_t set = watchedSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  // A reader of our messages who leaves must not end the process: nobody would stop what it has started.
  std::signal(SIGPIPE, SIG_IGN);
  // The thread waits for as long as the process lives; it ends with it.
  std::thread(&SignalGuard::wait, this).detach();
}

void SignalGuard::watch(Executor *executor) {
  std::lock_guard lock(mutex);
  watched = executor;
}

void SignalGuard::wait(SignalGuard *guard) {
  sigset_t set = watchedSignals();
  int signal;
  sigwait(&set, &signal);
  if (guard->interruptRun())
    sigwait(&set, &signal);
  // A run that computes does not look up, nor does one whose result nobody reads; nobody waits for that.
  const timespec grace{1, 0};
  if (guard->tell(&Executor::abandon))
    sigtimedwait(&set, nullptr, &grace);
  _exit(static_cast<int>(ExitCode::Interrupted));
}

void SignalGuard::runIsOver() {
  std::lock_guard lock(mutex);
  over = true;
}

bool SignalGuard::interruptRun() {
  std::lock_guard lock(mutex);
  if (watched && !over)
    watched->interrupt();
  return watched && !over;
}

bool SignalGuard::tell(void (Executor::*what)()) {
  std::lock_guard lock(mutex);
  if (watched)
    (watched->*what)();
  return watched;
}
