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
  for (int signal : {SIGINT, SIGTERM}) {
    struct sigaction action;
    if (sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN)
      sigaddset(&set, signal);
  }
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
    if (again && guard->watched)
      guard->watched->killChildren();
    if (again || !guard->watched)
      _exit(static_cast<int>(ExitCode::Interrupted));
    guard->watched->interrupt();
  }
}
