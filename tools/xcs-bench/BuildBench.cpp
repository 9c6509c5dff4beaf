// Whole processes: a build of 1,000 commands by xcs-run with a result cache, compared with ninja;
// docs/performance.md, "Builds".
#include "xcs-bench/Bench.h"
#include "xcs-bench/Table.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"
#include <fcntl.h>
#include <fstream>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char **environ;

using namespace xcs::bench;

// Copies of 900 sources; 90 files of ten of these each, merged; 10 files of nine of those.
static constexpr int sources = 900, groups = 90, ends = 10;
static constexpr int rounds = 7;

namespace {

/// A command of the graph, by the names of its files.
struct Command {
  std::vector<std::string> inputs;
  std::string output;
  bool isCopy;
};

/// Who builds, in a directory of his own.
struct Builder {
  std::string name, directory;
  std::vector<std::string> command;
  std::vector<std::string> state; // what he remembers, in the directory
};

} // namespace

static std::vector<Command> graph() {
  std::vector<Command> out;
  auto numbered = [](const char *kind, int i) { return kind + std::to_string(i); };
  for (int i = 0; i < sources; ++i)
    out.push_back({{numbered("source", i)}, numbered("copy", i), true});
  for (const auto &[count, from, to, all] :
       {std::tuple(groups, "copy", "group", sources), {ends, "group", "end", groups}})
    for (int i = 0; i < count; ++i) {
      Command merge{{}, numbered(to, i), false};
      for (int k = 0; k < all / count; ++k)
        merge.inputs.push_back(numbered(from, i * (all / count) + k));
      out.push_back(std::move(merge));
    }
  return out;
}

static void list(llvm::raw_ostream &out, const std::vector<std::string> &words) {
  for (size_t i = 0; i < words.size(); ++i)
    out << (i ? ", \"" : "\"") << words[i] << '"';
}

static std::vector<std::string> wordsOf(const Command &command) {
  if (command.isCopy)
    return {"cp", command.inputs[0], command.output};
  std::vector<std::string> words{"sort", "-m", "-o", command.output};
  words.insert(words.end(), command.inputs.begin(), command.inputs.end());
  return words;
}

/// A command that failed stops the commands of the next layer.
static std::string ourProgram() {
  std::string text = "type @Step = record<exit: i64, stdout: str, stderr: str>\nfunc @main() {\n", checks;
  llvm::raw_string_ostream out(text), late(checks);
  int number = 0;
  for (const Command &command : graph()) {
    if (number == sources || number == sources + groups) {
      out << checks;
      checks.clear();
    }
    out << "  %c" << number << " = const {value = [";
    list(out, wordsOf(command));
    out << "]} : list<str>\n  %r" << number << " = exec.run(%c" << number << ") {reads = [";
    list(out, command.inputs);
    out << "], writes = [\"" << command.output << "\"], repeat = \"idempotent\"} : @Step\n";
    late << "  %e" << number << " = record.get(%r" << number << ") {field = \"exit\"} : i64\n  %o" << number
         << " = i64.eq(%e" << number << ", 0) : bool\n  assert(%o" << number
         << ") {message = \"a command failed\"}\n";
    ++number;
  }
  out << checks << "}\n";
  return text;
}

static std::string theirProgram() {
  std::string text = "rule copy\n  command = cp $in $out\nrule merge\n  command = sort -m -o $out $in\n";
  for (const Command &command : graph()) {
    text += "build " + command.output + (command.isCopy ? ": copy" : ": merge");
    for (const std::string &input : command.inputs)
      text += " " + input;
    text += "\n";
  }
  return text;
}

static void writeFile(const std::string &path, const std::string &content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

/// Seconds; below 0 if it failed.
static double build(const Builder &builder) {
  std::vector<char *> argv;
  for (const std::string &word : builder.command)
    argv.push_back(const_cast<char *>(word.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addchdir_np(&actions, builder.directory.c_str());
  const double start = nowSeconds();
  pid_t child;
  const bool isStarted = posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ) == 0;
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  if (!isStarted || waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return -1;
  return nowSeconds() - start;
}

static void forget(const Builder &builder) {
  for (const std::string &name : builder.state)
    llvm::sys::fs::remove_directories(builder.directory + "/" + name);
  for (const Command &command : graph())
    llvm::sys::fs::remove(builder.directory + "/" + command.output);
}

/// The last of them is whole if its content is that of all sources beneath it.
static bool isRight(const Builder &builder, int changes) {
  std::ifstream in(builder.directory + "/end0");
  int lines = 0;
  bool hasChange = changes == 0;
  for (std::string line; std::getline(in, line); ++lines)
    hasChange |= line == "change " + std::to_string(changes);
  return hasChange && lines == sources / ends;
}

int xcs::bench::runBuildBench(const std::string &directory) {
  const std::string jobs = std::to_string(std::max(1u, std::thread::hardware_concurrency()));
  std::vector<Builder> builders = {{"xcs-run --cache",
                                    directory + "/ours",
                                    {"xcs-run", "p.xplan", "--allow-run=cp", "--allow-run=sort",
                                     "--cache=cache", "--limit", "children=" + jobs},
                                    {"cache"}}};
  if (llvm::sys::findProgramByName("ninja"))
    builders.push_back(
        {"ninja", directory + "/theirs", {"ninja", "-j", jobs}, {".ninja_log", ".ninja_deps"}});
  for (const Builder &builder : builders) {
    llvm::sys::fs::create_directory(builder.directory);
    for (int i = 0; i < sources; ++i)
      writeFile(builder.directory + "/source" + std::to_string(i), "line " + std::to_string(i) + "\n");
  }
  writeFile(builders[0].directory + "/p.xir", ourProgram());
  writeFile(directory + "/theirs/build.ninja", theirProgram());
  if (build({"xcsc", builders[0].directory, {"xcsc", "p.xir", "-o", "p.xplan"}, {}}) < 0) {
    llvm::errs() << "xcs-bench: error: xcsc failed; put the folder of the tools into PATH\n";
    return 1;
  }
  const char *const cases[] = {"all 1,000 commands", "nothing to do", "one source changed: 3 commands"};
  std::vector<std::vector<std::vector<double>>> seconds(3, std::vector<std::vector<double>>(builders.size()));
  for (int round = 0; round < rounds; ++round)
    for (size_t which = 0; which < 3; ++which)
      for (size_t b = 0; b < builders.size(); ++b) {
        if (which == 0)
          forget(builders[b]);
        if (which == 2)
          writeFile(builders[b].directory + "/source0", "change " + std::to_string(round + 1) + "\n");
        const double took = build(builders[b]);
        if (took < 0 || (which == 2 && !isRight(builders[b], round + 1))) {
          llvm::errs() << "xcs-bench: error: the build of " << builders[b].name << " failed\n";
          return 1;
        }
        seconds[which][b].push_back(took);
      }
  Table table({"build", "xcs-run --cache ms", "ninja ms", "xcs-run / ninja"});
  for (size_t which = 0; which < 3; ++which) {
    const double ours = median(seconds[which][0]);
    const bool hasPeer = builders.size() > 1;
    const double theirs = hasPeer ? median(seconds[which][1]) : 0;
    table.add({cases[which], fixed(ours * 1e3, 1), hasPeer ? fixed(theirs * 1e3, 1) : "-",
               hasPeer ? fixed(ours / theirs, 2) : "-"});
  }
  table.print();
  return 0;
}
