#include "xcs/Io/Children.h"
#include "Io/ReactorSupport.h"
#include "xcs/Io/Beneath.h"
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace xcs;
using End = ChildOutcome::End;

namespace {

/// Programs on a reactor of their own. It ends when nothing of them is left.
class ChildrenTest : public ::testing::Test {
protected:
  explicit ChildrenTest(std::optional<uint64_t> openFiles = std::nullopt) {
    reactor = startedReactor({.turn = {}, .closing = [this] {
                                reactor->turnWhile([this] { return children->busy(); });
                                children.reset();
                              }});
    onReactor(*reactor, [&] { children.emplace(*reactor, openFiles); });
  }
  ~ChildrenTest() override {
    Reactor *made = reactor.get();
    delete made; // `closing` still looks at it
    static_cast<void>(reactor.release());
    std::filesystem::remove_all(folder);
  }

  static ChildSpec shell(std::string script) {
    ChildSpec spec;
    spec.program = "/bin/sh";
    spec.arguments = {"sh", "-c", std::move(script)};
    spec.outputLimit = 1 << 20;
    return spec;
  }
  ChildOutcome run(ChildSpec spec) {
    ChildOutcome out;
    Latch ended(1);
    onReactor(*reactor, [&] {
      children->start(std::move(spec), [&](ChildOutcome outcome) {
        out = std::move(outcome);
        ended.countDown();
      });
    });
    ended.wait();
    return out;
  }
  std::string said(std::string script) { return run(shell(std::move(script))).out; }

  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("xcs-children-" + std::to_string(getpid()));
  std::optional<Children> children;
  std::unique_ptr<Reactor> reactor;
};

/// As the tools start programs: with the bound that they had themselves.
class BoundChildrenTest : public ChildrenTest {
protected:
  BoundChildrenTest() : ChildrenTest(77) {}
};

} // namespace

TEST_F(ChildrenTest, ExitAndBothOutputsComeBack) {
  ChildOutcome outcome = run(shell("echo out; echo err >&2; exit 3"));
  EXPECT_EQ(outcome.end, End::Exited);
  EXPECT_EQ(outcome.exit, 3);
  EXPECT_EQ(outcome.out, "out\n");
  EXPECT_EQ(outcome.err, "err\n");
  EXPECT_EQ(run(shell("kill -9 $$")).exit, 137);
}

TEST_F(ChildrenTest, InputLargerThanAPipeIsRead) {
  ChildSpec spec = shell("wc -c");
  spec.hasInput = true;
  spec.input.assign(1 << 20, 'x');
  EXPECT_EQ(std::stoi(run(spec).out), 1 << 20);
  spec.arguments = {"sh", "-c", "exit 7"}; // or it is not
  EXPECT_EQ(run(spec).exit, 7);
  EXPECT_EQ(said("wc -c"), "0\n") << "without input there is nothing to read";
}

TEST_F(ChildrenTest, ItsEnvironmentIsWhatItWasGiven) {
  ::setenv("XCS_CHILDREN_TEST", "of the host", 1);
  ChildSpec spec = shell("/usr/bin/env");
  spec.program = "/usr/bin/env";
  spec.arguments = {"env"};
  spec.environment = {"A=1", "B=two words"};
  EXPECT_EQ(run(spec).out, "A=1\nB=two words\n");
  spec.environment.clear();
  EXPECT_EQ(run(spec).out, "");
}

TEST_F(ChildrenTest, ItLeadsASessionAndAGroupOfItsOwn) {
  EXPECT_EQ(said("set -- $(cat /proc/$$/stat); [ $5 = $$ ] && [ $6 = $$ ] && echo own"), "own\n");
}

/// Descriptors that close on exec, that do not, and one that takes the place of a standard one.
TEST_F(ChildrenTest, ItInheritsNoDescriptorAndTheHostKeepsItsOwn) {
  static constexpr char list[] =
      "cd /proc/self/fd; for n in 0 1 2 3 4 5 6 7 8 9 40 41; do [ -e $n ] && echo $n; "
      "done";
  const std::string before = said(list);
  int leaks = ::open("/dev/null", O_RDONLY), closes = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(dup2(leaks, 40), 40);
  ASSERT_EQ(dup3(closes, 41, O_CLOEXEC), 41);
  EXPECT_EQ(said(list), before);
  EXPECT_EQ(fcntl(40, F_GETFD), 0) << "what the host shares with its own programs is its business";
  EXPECT_EQ(fcntl(41, F_GETFD), FD_CLOEXEC);
  for (int number : {leaks, closes, 40, 41})
    ::close(number);
}

TEST_F(ChildrenTest, SignalsOfTheHostAreNotItsOwn) {
  std::signal(SIGUSR1, SIG_IGN);
  sigset_t set, before;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  pthread_sigmask(SIG_BLOCK, &set, &before);
  std::string status = said("grep -E '^Sig(Blk|Ign)' /proc/$$/status | tr -d '\\t'");
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  struct sigaction action;
  sigaction(SIGUSR1, nullptr, &action);
  EXPECT_EQ(action.sa_handler, SIG_IGN);
  std::signal(SIGUSR1, SIG_DFL);
  EXPECT_EQ(status, "SigBlk:0000000000000000\nSigIgn:0000000000000000\n");
}

TEST_F(ChildrenTest, TheHostIsNotToldOfItsEnd) {
  struct sigaction action;
  run(shell("exit 0"));
  sigaction(SIGCHLD, nullptr, &action);
  EXPECT_EQ(action.sa_handler, SIG_DFL) << "a handler for SIGCHLD was left";
  EXPECT_EQ(said("exit 0"), "");
}

TEST_F(ChildrenTest, WhereNobodyMayWaitForItThatIsSaid) {
  std::signal(SIGCHLD, SIG_IGN);
  ChildOutcome outcome = run(shell("echo lost"));
  std::signal(SIGCHLD, SIG_DFL);
  EXPECT_EQ(outcome.end, End::Lost);
  EXPECT_EQ(outcome.reason, "this process ignores SIGCHLD, or waits for programs that are not its own");
}

TEST_F(BoundChildrenTest, ItMayOpenAsManyFilesAsItWasTold) {
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(said("ulimit -Sn"), "77\n") << "from its first instruction on";
  rlimit after;
  getrlimit(RLIMIT_NOFILE, &after);
  EXPECT_EQ(before.rlim_cur, after.rlim_cur);
}

TEST_F(ChildrenTest, WhyItCannotStartIsSaid) {
  std::filesystem::create_directories(folder);
  auto file = [&](const char *name, std::string_view content, mode_t mode) {
    std::string path = folder / name;
    std::ofstream(path, std::ios::binary) << content;
    chmod(path.c_str(), mode);
    return path;
  };
  auto reason = [&](std::string program, std::string directory = {}) {
    ChildSpec spec;
    spec.program = std::move(program);
    spec.arguments = {"x"};
    spec.directory = std::move(directory);
    ChildOutcome outcome = run(spec);
    EXPECT_EQ(outcome.end, End::NotStarted);
    return outcome.reason;
  };
  EXPECT_EQ(reason("/no/such/program"), "no such file or directory");
  EXPECT_EQ(reason("/bin/sh", "/no/such/place"), "no such file or directory: its directory `/no/such/place`");
  EXPECT_EQ(reason("/bin/sh", "/bin/sh"), "not a directory: its directory `/bin/sh`");
  EXPECT_EQ(reason(file("plain", "text", 0644)), "permission denied");
  EXPECT_EQ(reason(file("nothing", "\x01\x02", 0755)),
            "it is neither a binary of this machine nor a script that begins with `#!`");
  EXPECT_EQ(reason(file("missing", "#! /no/such/python -u\n", 0755)),
            "no such file or directory: its interpreter `/no/such/python`");
  EXPECT_EQ(reason(file("windows", "#!/bin/sh\r\n", 0755)),
            "no such file or directory: its interpreter `/bin/sh\r`");
  EXPECT_EQ(reason(file("outer", "#!" + std::string(folder / "missing") + "\n", 0755)),
            "no such file or directory: its interpreter `/no/such/python`");
  EXPECT_EQ(reason(file("data", "#!" + std::string(folder / "plain") + "\n", 0755)),
            "permission denied: its interpreter `" + std::string(folder / "plain") + "`");
}

/// A binary whose loader is missing is as puzzling as such a script.
TEST_F(ChildrenTest, AMissingLoaderIsNamed) {
  std::filesystem::create_directories(folder);
  std::ifstream in("/bin/sh", std::ios::binary);
  std::string binary{std::istreambuf_iterator<char>(in), {}};
  size_t loader = binary.find("/ld-linux");
  if (loader == std::string::npos)
    GTEST_SKIP() << "/bin/sh has another loader";
  binary.replace(loader, 9, "/no-linux");
  std::string path = folder / "binary";
  std::ofstream(path, std::ios::binary) << binary;
  chmod(path.c_str(), 0755);
  ChildSpec spec;
  spec.program = path;
  spec.arguments = {"x"};
  std::string reason = run(spec).reason;
  EXPECT_TRUE(reason.starts_with("no such file or directory: its interpreter `/")) << reason;
  EXPECT_NE(reason.find("/no-linux"), std::string::npos) << reason;
}

TEST_F(ChildrenTest, WithoutDescriptorsItIsNotStarted) {
  run(shell("true")); // libuv opens a descriptor for itself with its first pipe
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  Descriptor next(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const auto lowest = static_cast<rlim_t>(*next);
  next = Descriptor();
  unsigned lacking = 0, started = 0;
  for (rlim_t spare = 0; spare < 16; ++spare) {
    rlimit few = before;
    few.rlim_cur = lowest + spare;
    setrlimit(RLIMIT_NOFILE, &few);
    ChildSpec spec = shell("cat");
    spec.hasInput = true;
    spec.input = "through";
    ChildOutcome outcome = run(spec);
    setrlimit(RLIMIT_NOFILE, &before);
    if (outcome.end == End::LacksDescriptors) {
      ++lacking;
    } else {
      EXPECT_EQ(outcome.end, End::Exited) << outcome.reason;
      EXPECT_EQ(outcome.out, "through");
      ++started;
    }
    for (int i = 0; i < 1000 && children->busy(); ++i) // its last descriptors close behind its end
      usleep(1000);
    Descriptor again(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(static_cast<rlim_t>(*again), lowest) << "something was left open";
  }
  EXPECT_GE(lacking, 4u);
  EXPECT_GE(started, 2u);
}

TEST_F(ChildrenTest, TooMuchOutputEndsIt) {
  ChildSpec spec = shell("yes");
  spec.outputLimit = 1000;
  EXPECT_EQ(run(spec).end, End::TooMuchOutput);
}

TEST_F(ChildrenTest, WhatItLeavesRunningIsKilled) {
  std::string left = said("sleep 60 >/dev/null 2>&1 & echo $!");
  for (int i = 0; i < 500 && kill(std::stoi(left), 0) == 0; ++i) { // a zombie until init looks
    std::ifstream stat("/proc/" + std::to_string(std::stoi(left)) + "/stat");
    std::string text;
    std::getline(stat, text);
    if (text.find(") Z") != std::string::npos)
      break;
    usleep(10'000);
    ASSERT_LT(i, 499);
  }
}

TEST_F(ChildrenTest, StoppedBeforeItBeginsItHasNotRun) {
  std::filesystem::create_directories(folder);
  Latch ended(1);
  unsigned withdrawn = 0, stopped = 0;
  onReactor(*reactor, [&] {
    std::vector<Children::Child *> queued;
    for (int i = 0; i < 100; ++i)
      queued.push_back(children->start(shell("touch " + std::string(folder) + "/" + std::to_string(i)),
                                       [](ChildOutcome) { ADD_FAILURE() << "nobody wants it"; }));
    for (Children::Child *child : queued)
      ++(children->stop(child) ? stopped : withdrawn);
    ended.countDown();
  });
  ended.wait();
  EXPECT_GT(withdrawn, 0u);
  for (int i = 0; i < 1000 && children->busy(); ++i)
    usleep(10'000);
  EXPECT_FALSE(children->busy());
  const auto ran = std::distance(std::filesystem::directory_iterator(folder), {});
  EXPECT_LE(ran, static_cast<long>(stopped));
}

TEST_F(ChildrenTest, TheReactorGoesOnWhileProgramsStart) {
  static constexpr int programs = 200;
  Latch ended(programs);
  int64_t spent = 0; // of the reactor's thread, waits for the system included
  onReactor(*reactor, [&] {
    int64_t begin = monotonicNanoseconds();
    for (int i = 0; i < programs; ++i) {
      ChildSpec spec;
      spec.program = "/bin/true";
      spec.arguments = {"true"};
      children->start(spec, [&](ChildOutcome outcome) {
        EXPECT_EQ(outcome.exit, 0) << outcome.reason;
        ended.countDown();
      });
    }
    spent = monotonicNanoseconds() - begin;
  });
  const int64_t begin = monotonicNanoseconds();
  ended.wait();
  // Starting them here would take as long as all of them do; handing them over takes a hundredth of it.
  EXPECT_LT(spent, (monotonicNanoseconds() - begin) / 2);
}
