#include "Io/Spawn.h"
#include "xcs/Io/Beneath.h"
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace xcs;

namespace {

/// What the child reports if it cannot become the program.
struct Refusal {
  int error = 0;
  bool ofDirectory = false;
};

} // namespace

// From vfork to exec the child borrows this process's memory while the calling thread is suspended. So until
// the end of `beginProgram` the child may only make system calls: no allocation, no locks, nothing that other
// threads read.

[[noreturn]] static void refuse(int report, bool ofDirectory) {
  Refusal refusal{errno, ofDirectory};
  [[maybe_unused]] ssize_t told = write(report, &refusal, sizeof refusal);
  _exit(127);
}

/// Resets handlers, which are code of this process, and ignored signals, which the program would inherit.
static void resetSignals() {
  struct sigaction byDefault{};
  byDefault.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal)
    sigaction(signal, &byDefault, nullptr);
}

/// Makes `streams` the descriptors 0, 1 and 2. Those that already have such a number are moved away first.
static bool placeStreams(const int (&streams)[3]) {
  int from[3];
  for (int i = 0; i < 3; ++i) {
    from[i] = streams[i] < 0 ? open("/dev/null", i == 0 ? O_RDONLY : O_WRONLY) : streams[i];
    if (from[i] >= 0 && from[i] < 3)
      from[i] = fcntl(from[i], F_DUPFD_CLOEXEC, 3);
    if (from[i] < 0)
      return false;
  }
  for (int i = 0; i < 3; ++i)
    if (dup2(from[i], i) < 0)
      return false;
  return true;
}

/// Closes all of the child's descriptors but the standard ones and `kept`, which moves to 3. Other parts of
/// this process may have opened any of them.
static int closeOthers(int kept) {
  if (kept != 3 && dup3(kept, 3, O_CLOEXEC) < 0)
    return kept;
#ifdef SYS_close_range
  if (syscall(SYS_close_range, 4u, ~0u, 0u) == 0)
    return 3;
#endif
  rlimit most{}; // Linux before 5.9, and sandboxes
  getrlimit(RLIMIT_NOFILE, &most);
  for (rlim_t number = 4; number < most.rlim_cur; ++number)
    close(static_cast<int>(number));
  return 3;
}

[[noreturn]] static void beginProgram(const SpawnPlan &plan, int report) {
  setsid();
  resetSignals();
  if (!placeStreams(plan.streams))
    refuse(report, false);
  report = closeOthers(report);
  if (plan.openFiles) {
    rlimit bound{};
    getrlimit(RLIMIT_NOFILE, &bound);
    bound.rlim_cur = static_cast<rlim_t>(*plan.openFiles);
    setrlimit(RLIMIT_NOFILE, &bound);
  }
  if (plan.directory && chdir(plan.directory) != 0)
    refuse(report, true);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execve(plan.program, plan.arguments, plan.environment);
  refuse(report, false);
}

/// A separate function, so that no variable of the caller is in a register that the child changes.
[[gnu::noinline]] static int startChild(const SpawnPlan &plan, int report) {
  pid_t process = vfork();
  if (process == 0)
    beginProgram(plan, report);
  return process;
}

/// A pipe whose ends are above the standard descriptors, even in a process where those are closed.
static bool openReport(Descriptor (&ends)[2]) {
  int made[2];
  if (pipe2(made, O_CLOEXEC) != 0)
    return false;
  for (int i = 0; i < 2; ++i)
    ends[i] = Descriptor(made[i]);
  for (Descriptor &end : ends)
    if (*end < 3)
      end = Descriptor(fcntl(*end, F_DUPFD_CLOEXEC, 3));
  return ends[0] && ends[1];
}

Spawned xcs::spawn(const SpawnPlan &plan) {
  Spawned out;
  Descriptor report[2];
  if (!openReport(report)) {
    out.error = errno;
    return out;
  }
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before); // no handler runs in the child
  out.process = startChild(plan, *report[1]);
  out.error = out.process < 0 ? errno : 0;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  report[1] = Descriptor();
  if (out.process < 0)
    return out;
  Refusal refusal;
  ssize_t got;
  while ((got = read(*report[0], &refusal, sizeof refusal)) < 0 && errno == EINTR)
    ;
  if (got == 0) // closed by exec
    return out;
  while (waitpid(out.process, nullptr, 0) < 0 && errno == EINTR)
    ;
  return {-1, got == sizeof refusal ? refusal.error : EIO, refusal.ofDirectory};
}
