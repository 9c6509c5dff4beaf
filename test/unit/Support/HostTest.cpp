#include "xcs/Support/Host.h"
#include <cstdlib>
#include <gtest/gtest.h>
#include <set>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace xcs;

TEST(Host, TheProcessIsReadAndNotChanged) {
  ProcessHost host;
  setenv("XCS_TEST_HOST", "a value", 1);
  setenv("XCS_TEST_EMPTY", "", 1);
  EXPECT_EQ(host.environment("XCS_TEST_HOST"), "a value");
  EXPECT_EQ(host.environment("XCS_TEST_EMPTY"), "");
  EXPECT_EQ(host.environment("XCS_TEST_NOT_SET"), std::nullopt);
  EXPECT_EQ(host.environment(std::string_view("XCS_TEST_HOST\0x", 15)), std::nullopt)
      << "a name ends at no NUL";
  EXPECT_GT(host.timeOfDay(), int64_t(1'700'000'000) * 1'000'000'000);
  EXPECT_NE(host.entropy(), host.entropy());
}

TEST(Host, NoTwoThreadsDrawTheSame) {
  constexpr size_t threads = 4, draws = 1000;
  std::vector<std::vector<uint64_t>> drawn(threads);
  std::vector<std::thread> running;
  for (std::vector<uint64_t> &mine : drawn)
    running.emplace_back([&mine] {
      ProcessHost host;
      for (size_t i = 0; i != draws; ++i)
        mine.push_back(host.entropy());
    });
  for (std::thread &thread : running)
    thread.join();
  std::set<uint64_t> all;
  for (const std::vector<uint64_t> &mine : drawn)
    all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), threads * draws);
}

TEST(Host, AForkedProcessDrawsItsOwn) {
  ProcessHost host;
  host.entropy(); // the state that the child would go on with
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const uint64_t bits = host.entropy();
    _exit(write(ends[1], &bits, sizeof bits) == sizeof bits ? 0 : 1);
  }
  uint64_t ofChild = 0;
  EXPECT_EQ(read(ends[0], &ofChild, sizeof ofChild), static_cast<ssize_t>(sizeof ofChild));
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  close(ends[0]);
  close(ends[1]);
  EXPECT_NE(ofChild, host.entropy());
}

TEST(Host, AFakeOneIsWhatTheTestSays) {
  FakeHost one, other;
  one.variables["NAME"] = "value";
  one.time = 5;
  EXPECT_EQ(one.environment("NAME"), "value");
  EXPECT_EQ(one.environment("PATH"), std::nullopt);
  EXPECT_EQ(one.timeOfDay(), 5);
  EXPECT_EQ(one.entropy(), other.entropy());
  EXPECT_NE(one.entropy(), one.entropy());
  one.log("a\n", [] { return true; });
  one.log("b\nc\n", [] { return false; });
  EXPECT_EQ(one.logged(), "a\nb\nc\n");
  EXPECT_EQ(other.logged(), "");
}
