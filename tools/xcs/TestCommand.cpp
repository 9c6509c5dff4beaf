#include "Common/CommonFlags.h"
#include "Common/Output.h"
#include "xcs/Commands.h"
#include "xcs/Store/Recording.h"
#include "xcs/Support/Counted.h"
#include "xcs/Support/Descriptor.h"
#include "xcs/Support/ReadFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace xcs;
namespace cl = llvm::cl;

// A test is a folder: `run.args`, the arguments of `xcs run`; `recording.jsonl`, what came from outside; and
// `expected.txt`, what the run prints.

static constexpr std::string_view argumentsFile = "run.args", expectedFile = "expected.txt";
static constexpr uint64_t mostOutput = uint64_t(256) << 20;

namespace {

struct Flags {
  tools::FlagGroups groups{"Tests"};
  tools::CommonFlags common{groups};
  cl::list<std::string> folders{cl::Positional, cl::desc("FOLDER..."), cl::cat(groups.main)};
  tools::Switch update{"update", cl::desc("Write what the runs print to expected.txt"), cl::cat(groups.main)};
  tools::Switch record{"record",
                       cl::desc("Run with the real world and record it anew; then as --update. The grants in "
                                "run.args hold"),
                       cl::cat(groups.main)};
};

class Tester {
public:
  Tester(const Flags &flags, const char *self, DiagnosticEngine &diagnostics)
      : flags(flags), self(self), diagnostics(diagnostics) {}
  /// Runs the test in a folder and says what came of it, on standard output.
  void test(const std::string &folder);
  unsigned passed = 0, failed = 0;

private:
  bool recordAgain(const std::string &folder);
  void fail(const std::string &folder, const std::string &why);
  std::optional<std::string> run(const std::string &folder, const std::string &mode);

  const Flags &flags;
  const std::string self; // this program
  DiagnosticEngine &diagnostics;
};

} // namespace

static std::string pathIn(const std::string &folder, std::string_view name) {
  return folder + (folder.ends_with('/') ? "" : "/") + std::string(name);
}

/// Reads two pipes until both are closed.
static void readBoth(int (&pipes)[2], std::string (&texts)[2]) {
  pollfd polled[2] = {{pipes[0], POLLIN, 0}, {pipes[1], POLLIN, 0}};
  char buffer[1 << 14];
  while (polled[0].fd >= 0 || polled[1].fd >= 0) {
    if (::poll(polled, 2, -1) < 0 && errno != EINTR)
      return;
    for (int i = 0; i < 2; ++i) {
      if (polled[i].fd < 0 || !polled[i].revents)
        continue;
      const ssize_t count = ::read(polled[i].fd, buffer, sizeof buffer);
      if (count > 0 && texts[i].size() < mostOutput)
        texts[i].append(buffer, static_cast<size_t>(count));
      else if (count == 0 || (count < 0 && errno != EINTR))
        polled[i].fd = -1;
    }
  }
}

/// In the child: this program, in the folder of the test, with its standard output and error in pipes.
[[noreturn]] static void become(const char *self, const char *folder, std::vector<const char *> arguments,
                                int out, int error) {
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing >= 0 && ::dup2(nothing, 0) == 0 && ::dup2(out, 1) == 1 && ::dup2(error, 2) == 2 &&
      ::chdir(folder) == 0) {
    arguments.push_back(nullptr);
    ::execv(self, const_cast<char *const *>(arguments.data()));
  }
  ::_exit(127);
}

/// What a run in the folder prints: its result, and if it fails its exit code and its messages.
std::optional<std::string> Tester::run(const std::string &folder, const std::string &mode) {
  int out[2], error[2];
  if (::pipe2(out, O_CLOEXEC))
    return std::nullopt;
  if (::pipe2(error, O_CLOEXEC)) {
    ::close(out[0]);
    ::close(out[1]);
    return std::nullopt;
  }
  const std::string arguments = "@" + std::string(argumentsFile);
  const pid_t child = ::fork();
  if (child == 0)
    become(self.c_str(), folder.c_str(), {"xcs", "run", mode.c_str(), arguments.c_str()}, out[1], error[1]);
  ::close(out[1]);
  ::close(error[1]);
  int pipes[2] = {out[0], error[0]};
  std::string texts[2];
  int status = 0;
  if (child > 0) {
    readBoth(pipes, texts);
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
  }
  ::close(out[0]);
  ::close(error[0]);
  if (child < 0)
    return std::nullopt;
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return code ? texts[0] + "exit code " + std::to_string(code) + "\n" + texts[1] : texts[0];
}

void Tester::fail(const std::string &folder, const std::string &why) {
  ++failed;
  llvm::outs() << "FAILED  " << visible(folder) << ": " << why << '\n';
}

/// The first line in which two texts differ.
static std::string difference(llvm::StringRef wanted, llvm::StringRef found) {
  for (size_t line = 1;; ++line) {
    const auto [wantedLine, wantedRest] = wanted.split('\n');
    const auto [foundLine, foundRest] = found.split('\n');
    if (wantedLine != foundLine || (wanted.empty() != found.empty()))
      return std::string(expectedFile) + ":" + std::to_string(line) +
             " differs\n  expected: " + visible(wantedLine.str()) +
             "\n  printed:  " + visible(foundLine.str());
    if (wanted.empty())
      return "the line ends differ";
    wanted = wantedRest;
    found = foundRest;
  }
}

/// Moves the recording that is there out of the way until there is another one.
bool Tester::recordAgain(const std::string &folder) {
  const std::string file = pathIn(folder, recordingFile), before = file + ".before";
  const bool wasThere = ::rename(file.c_str(), before.c_str()) == 0;
  const bool isRun = run(folder, "--record=.").has_value() && llvm::sys::fs::exists(file);
  if (wasThere && isRun)
    ::unlink(before.c_str());
  else if (wasThere)
    (void)::rename(before.c_str(), file.c_str());
  return isRun;
}

void Tester::test(const std::string &folder) {
  const std::string expectedPath = pathIn(folder, expectedFile);
  if (!llvm::sys::fs::exists(pathIn(folder, argumentsFile)))
    return fail(folder, "it has no `run.args`; write the arguments of `xcs run` into it: the program, and "
                        "`--arg NAME=VALUE`");
  if (flags.record && !recordAgain(folder))
    return fail(folder, "it could not be recorded; `cd` there, and see what `xcs run @run.args` says");
  const std::optional<std::string> printed = run(folder, "--replay=.");
  if (!printed)
    return fail(folder, "the run could not be started");
  const std::string unusable = "exit code " + std::to_string(static_cast<int>(ExitCode::BadUsage)) + "\n";
  if (const size_t at = printed->find(unusable); (flags.update || flags.record) && at == 0)
    return fail(folder,
                "the run could not take place\n  " +
                    visible(llvm::StringRef(*printed).drop_front(unusable.size()).split('\n').first.str()));
  if (flags.update || flags.record) {
    if (!tools::writeOutput(expectedPath, *printed, diagnostics))
      return fail(folder, "its result could not be written");
  } else {
    const auto expected = readFile(expectedPath, mostOutput);
    if (!expected)
      return fail(folder, "it has no `expected.txt`; `xcs test --update` writes what the run prints");
    if (*expected != *printed)
      return fail(folder, difference(*expected, *printed));
  }
  ++passed;
  llvm::outs() << "passed  " << visible(folder) << '\n';
}

ExitCode driver::testFolders(int argc, char **argv) {
  tools::dropForeignOptions(argv[0]);
  Flags flags;
  if (!tools::readCommandLine(argc, argv, "xcs test",
                              "Runs recorded programs and compares what they print with what is expected.\n"))
    return ExitCode::BadUsage;
  DiagnosticEngine diagnostics(&llvm::errs(), flags.common.diagnostics);
  diagnostics.setColour(tools::isInColour(flags.common.colour));
  if (flags.folders.empty()) {
    diagnostics.report(Diag::FileNeeded, {}, {"test", "a folder with a recording: xcs test FOLDER"});
    return ExitCode::BadUsage;
  }
  static int here;
  Tester tester(flags, llvm::sys::fs::getMainExecutable("xcs", &here).c_str(), diagnostics);
  for (const std::string &folder : flags.folders) {
    tester.test(folder);
    llvm::outs().flush();
  }
  llvm::outs() << tester.passed << " passed, " << tester.failed << " failed\n";
  return tester.failed ? ExitCode::ProgramFailed : ExitCode::Done;
}
