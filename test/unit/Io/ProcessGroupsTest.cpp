#include "xcs/Io/ProcessGroups.h"
#include "gtest/gtest.h"
#include <csignal>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace xcs;

namespace {

/// A process in a group of its own that does nothing.
int startIdle() {
  const int process = fork();
  if (process == 0) {
    setpgid(0, 0);
    for (;;)
      pause();
  }
  setpgid(process, process);
  return process;
}

/// The signal that ended it.
int signalOf(int process) {
  int status = 0;
  waitpid(process, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

TEST(ProcessGroups, KillingWaitsForAProgramThatIsAboutToStart) {
  ProcessGroups groups;
  ASSERT_TRUE(groups.beginStart());
  const int process = startIdle();
  std::thread starter([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    groups.endStart(process);
  });
  groups.killAll();
  // It was killed before `killAll` returned, after which this process might have exited.
  siginfo_t found{};
  for (int i = 0; i < 400 && found.si_pid != process; ++i) {
    waitid(P_PID, static_cast<id_t>(process), &found, WEXITED | WNOHANG | WNOWAIT);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_EQ(found.si_pid, process);
  starter.join();
  kill(process, SIGKILL);
  EXPECT_EQ(signalOf(process), SIGKILL);
  EXPECT_FALSE(groups.beginStart());
}

TEST(ProcessGroups, AStartThatHangsIsNotWaitedForAndKilledWhenItComes) {
  ProcessGroups groups;
  ASSERT_TRUE(groups.beginStart());
  ASSERT_TRUE(groups.beginStart());
  groups.endStart(0); // did not start
  const auto begun = std::chrono::steady_clock::now();
  groups.killAll();
  EXPECT_GE(std::chrono::steady_clock::now() - begun, ProcessGroups::startGrace);
  const int process = startIdle();
  groups.endStart(process);
  EXPECT_EQ(signalOf(process), SIGKILL);
}

TEST(ProcessGroups, AGroupThatWasRemovedIsLeftAlone) {
  ProcessGroups groups;
  ASSERT_TRUE(groups.beginStart());
  const int process = startIdle();
  groups.endStart(process);
  groups.remove(process);
  groups.killAll();
  kill(process, SIGTERM);
  EXPECT_EQ(signalOf(process), SIGTERM);
}

} // namespace
