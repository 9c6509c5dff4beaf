#include "xcs-run/Signals.h"
#include <csignal>
#include <thread>
#include <unistd.h>

using namespace xcs;
using namespace xcs::runner;

static sigset_t watchedSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

SignalGuard::SignalGuard() {
  sigset_t set = watchedSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  // The thread waits for as long as the process lives; it ends with it.
  std::thread(&SignalGuard::wait, this).detach();
}

void SignalGuard::watch(Executor *executor) {
  std::lock_guard lock(mutex);
  watched = executor;
}

void SignalGuard::wait(SignalGuard *guard) {
  sigset_t set = watchedSignals();
  for (bool again = false;; again = true) {
    int signal;
    sigwait(&set, &signal);
    std::lock_guard lock(guard->mutex);
    if (again || !guard->watched)
      _exit(static_cast<int>(ExitCode::Interrupted));
    guard->watched->interrupt();
  }
}
