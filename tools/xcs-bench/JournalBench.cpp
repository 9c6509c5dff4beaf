// What a journal costs, beside the same run without one; docs/performance.md, "Journal".
#include "xcs-bench/Bench.h"
#include "xcs-bench/Compile.h"
#include "xcs-bench/Table.h"
#include "xcs/Runtime/Executor.h"
#include "xcs/World/Journals.h"
#include "xcs/World/LiveWorld.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

using namespace xcs;
using namespace xcs::bench;

namespace {
/// A program over %n, in which %path is a file.
struct Kind {
  const char *name;
  int64_t operations;
  const char *body; // of the map
  bool isUnordered;
};
} // namespace

static constexpr Kind kinds[] = {
    {"waits of 1 us, side by side", 10'000, "    %done = time.sleep(1us) : none\n", false},
    {"waits of 1 us, side by side", 100'000, "    %done = time.sleep(1us) : none\n", false},
    {"appends, one after the other", 2'000, "    %done = file.append(%path, \"a line\\n\") : none\n", true},
};

static std::string programOf(const Kind &kind) {
  return std::string("func @main(%n: i64, %path: str) -> i64 {\n"
                     "  %xs = list.range(0, %n) : list<i64>\n"
                     "  %ys = map(%xs)") +
         (kind.isUnordered ? " {unordered}" : "") + " : list<i64> {\n  ^(%x: i64)\n" + kind.body +
         "    yield(%x) after(%done)\n  }\n  %sum = i64.sum(%ys) : i64\n  return(%sum)\n}\n";
}

namespace {
class JournalRuns {
public:
  JournalRuns(const PlanView &plan, const Kind &kind, std::string folder)
      : plan(plan), folder(std::move(folder)) {
    arguments = {Value::i64(kind.operations), Value::str(this->folder + "/lines")};
    options.grants.allowAll();
  }
  void without() { run(liveWorld(plan, options)); }
  /// With a new journal, or with the one that the last run has left.
  void with(bool isDurable, bool isResumed) {
    const std::string file = folder + "/journal";
    if (!isResumed)
      for (const char *ending : {"", "-wal", "-count"})
        llvm::sys::fs::remove(file + ending);
    const JournalHead head = journalHead(plan, 0, arguments, 1);
    const Journal::Options how{.durable = isDurable};
    auto opened = isResumed ? Journal::open(file, how) : Journal::create(file, head, how);
    if (!opened) {
      llvm::errs() << "xcs-bench: the journal cannot be used: " << opened.error().why << "\n";
      std::exit(1);
    }
    JournalUse use;
    use.isSameRun = true;
    run(journaledWorld(plan, {}, liveWorld(plan, options), std::move(*opened), use,
                       std::make_shared<JournalCounts>()));
  }

private:
  void run(const MakeWorld &world) {
    Executor executor(plan, {}, world);
    if (const RunReport report = executor.run(0, arguments); !report.ok) {
      llvm::errs() << "xcs-bench: the program failed: " << report.failure.message << "\n";
      std::exit(1);
    }
  }

  const PlanView &plan;
  const std::string folder;
  std::vector<Value> arguments;
  WorldOptions options;
};
} // namespace

int bench::runJournalBench() {
  llvm::SmallString<128> folder;
  if (llvm::sys::fs::createUniqueDirectory("xcs-bench-journal", folder)) {
    llvm::errs() << "xcs-bench: no folder for the journal can be made\n";
    return 1;
  }
  Table table({"operations", "number", "without ms", "journal ms", "ratio", "us more each",
               "--durability=machine ms", "all from the journal ms"});
  for (const Kind &kind : kinds) {
    const auto plan = compileText(programOf(kind));
    JournalRuns runs(plan->view(), kind, folder.str().str());
    const std::vector<double> seconds = medianSecondsInTurn(
        5, [&] { runs.without(); }, [&] { runs.with(false, false); }, [&] { runs.with(true, false); },
        [&] { runs.with(false, true); });
    table.add({kind.name, std::to_string(kind.operations), fixed(seconds[0] * 1e3, 1),
               fixed(seconds[1] * 1e3, 1), fixed(seconds[1] / seconds[0], 2),
               fixed((seconds[1] - seconds[0]) / static_cast<double>(kind.operations) * 1e6, 2),
               fixed(seconds[2] * 1e3, 1), fixed(seconds[3] * 1e3, 1)});
  }
  llvm::sys::fs::remove_directories(folder);
  table.print();
  return 0;
}
