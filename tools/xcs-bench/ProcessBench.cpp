// Whole processes: the compiler compared with mlir-opt, and start-up; docs/performance.md, "The compiler".
#include "xcs-bench/Bench.h"
#include "xcs-bench/ProgramShapes.h"
#include "xcs-bench/Table.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <fcntl.h>
#include <fstream>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

using namespace xcs::bench;

namespace {

/// Medians over several runs of one command, whose output is discarded.
struct ProcessCost {
  double seconds = 0, peakMiB = 0;
  bool ok = false;
};

} // namespace

static bool spawnAndWait(const std::vector<std::string> &command, double &seconds, double &peakMiB) {
  std::vector<char *> argv;
  for (const std::string &word : command)
    argv.push_back(const_cast<char *>(word.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  double start = nowSeconds();
  pid_t child;
  bool spawned = posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ) == 0;
  posix_spawn_file_actions_destroy(&actions);
  if (!spawned)
    return false;
  int status;
  rusage usage;
  if (wait4(child, &status, 0, &usage) != child)
    return false;
  seconds = nowSeconds() - start;
  peakMiB = static_cast<double>(usage.ru_maxrss) / 1024;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static ProcessCost costOf(const std::vector<std::string> &command, int rounds) {
  ProcessCost cost;
  std::vector<double> seconds, peaks;
  for (int round = -1; round < rounds; ++round) {
    double s, peak;
    if (!spawnAndWait(command, s, peak))
      return cost;
    if (round < 0)
      continue;
    seconds.push_back(s);
    peaks.push_back(peak);
  }
  return {median(seconds), median(peaks), true};
}

/// Writes the result of `make` to a file, in a child process: a process starts with the peak memory of the
/// one that spawned it, so this one must stay small. Returns the size in bytes.
static size_t writeFile(const std::string &path, llvm::function_ref<std::string()> make) {
  pid_t child = fork();
  if (child == 0) {
    std::ofstream(path, std::ios::binary) << make();
    _exit(0);
  }
  int status;
  waitpid(child, &status, 0);
  uint64_t size = 0;
  llvm::sys::fs::file_size(path, size);
  return size;
}

/// The same number of operations of MLIR's own dialects, in one function, which mlir-opt parses without
/// plug-ins.
static std::string mlirProgram(Shape shape, size_t ops) {
  std::string text = "func.func @main(%v0: i64, %w: i64) -> i64 {\n";
  llvm::raw_string_ostream out(text);
  for (size_t i = 1; i <= ops; ++i) {
    size_t left = shape == Shape::Wide ? 0 : i - 1;
    if (shape == Shape::Nested && i % 8 == 0) {
      out << "  %v" << i << " = scf.execute_region -> i64 {\n    %t = arith.addi %v" << left
          << ", %w : i64\n    scf.yield %t : i64\n  }\n";
      continue;
    }
    const char *name = i % 3 == 0 ? "arith.muli" : i % 3 == 1 ? "arith.addi" : "arith.xori";
    out << "  %v" << i << " = " << name << " %v" << left << ", %w : i64";
    if (shape == Shape::Mixed)
      out << " loc(\"a program of about a hundred bytes an operation, prompts included\":" << i << ":1)";
    out << '\n';
  }
  out << "  return %v" << ops << " : i64\n}\n";
  return text;
}

static std::string rate(double seconds, size_t amount, double unit) {
  return seconds > 0 ? fixed(static_cast<double>(amount) / seconds / unit, 2) : "-";
}

int xcs::bench::runCompileBench(const std::string &directory, uint32_t mostOps) {
  Table table({"shape", "operations", "MB", "xcsc check+cse+print s", "Mops/s", "MB/s", "MiB",
               "xcsc -O2 to plan s", "mlir-opt cse+print s", "mlir-opt MiB", "xcsc / mlir-opt"});
  for (Shape shape : allShapes)
    for (uint32_t ops = 1000; ops <= mostOps; ops *= 10) {
      int rounds = ops >= 1000000 ? 3 : 7;
      std::string ours = directory + "/bench.xir", theirs = directory + "/bench.mlir",
                  plan = directory + "/bench.xplan";
      size_t bytes = writeFile(ours, [&] { return makeProgram(shape, ops, 1); });
      writeFile(theirs, [&] { return mlirProgram(shape, ops); });
      ProcessCost print = costOf({"xcsc", ours, "--emit=xir", "--passes=cse", "-o", "-"}, rounds);
      ProcessCost full = costOf({"xcsc", ours, "-O2", "-o", plan}, rounds);
      ProcessCost peer = costOf({"mlir-opt-19", "--cse", theirs}, rounds);
      double megabytes = static_cast<double>(bytes) / 1e6;
      table.add({std::string(shapeName(shape)), std::to_string(ops), fixed(megabytes, 2),
                 print.ok ? fixed(print.seconds, 4) : "failed", rate(print.seconds, ops, 1e6),
                 rate(print.seconds, bytes, 1e6), fixed(print.peakMiB, 0),
                 full.ok ? fixed(full.seconds, 4) : "failed", peer.ok ? fixed(peer.seconds, 4) : "-",
                 fixed(peer.peakMiB, 0), print.ok && peer.ok ? fixed(print.seconds / peer.seconds, 3) : "-"});
    }
  table.print();
  return 0;
}

int xcs::bench::runStartupBench(const std::string &directory) {
  std::string program = directory + "/one.xir", plan = directory + "/one.xplan";
  writeFile(program,
            [] { return "func @main(%x: i64) -> i64 {\n  %y = i64.add(%x, %x) : i64\n  return(%y)\n}\n"; });
  Table table({"command", "ms", "MiB"});
  auto add = [&](const char *name, const ProcessCost &cost) {
    table.add({name, cost.ok ? fixed(cost.seconds * 1e3, 2) : "failed", fixed(cost.peakMiB, 1)});
  };
  add("xcsc, one operation to a plan", costOf({"xcsc", program, "-o", plan}, 51));
  add("xcs-run, one operation", costOf({"xcs-run", plan, "--arg", "x=1"}, 51));
  add("true", costOf({"true"}, 51));
  table.print();
  return 0;
}
