// xcs-bench: every figure of docs/performance.md, each with its peer, measured alternately in one run.
#include "Common/OpenFiles.h"
#include "xcs-bench/Bench.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

namespace cl = llvm::cl;
using namespace xcs::bench;

static int withDirectory(llvm::function_ref<int(const std::string &)> run) {
  llvm::SmallString<128> directory;
  if (llvm::sys::fs::createUniqueDirectory("xcs-bench", directory)) {
    llvm::errs() << "xcs-bench: error: cannot make a temporary directory\n";
    return 1;
  }
  int exit = run(directory.str().str());
  llvm::sys::fs::remove_directories(directory);
  return exit;
}

int main(int argc, char **argv) {
  xcs::tools::raiseOpenFiles();
  cl::OptionCategory category("xcs-bench options");
  cl::opt<std::string> name(cl::Positional, cl::Required,
                            cl::desc("executor | session | wait | programs | admission | http | ensemble | "
                                     "segments | journal | cpp | dicts | loops | compile | startup | build"),
                            cl::cat(category));
  cl::opt<std::string> url("url", cl::desc("Endpoint of xcs-faults with 100 ms latency"), cl::cat(category));
  cl::opt<uint32_t> most("max-ops", cl::desc("Largest number of operations (default 100000)"),
                         cl::init(100000), cl::cat(category));
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv, "Measures XCS against comparable tools.\n");
  bool needsUrl = name == "http" || name == "ensemble";
  if (needsUrl && url.empty()) {
    llvm::errs() << "xcs-bench: error: start it as `xcs-faults --latency 100ms -- xcs-bench " << name
                 << " --url={url}`\n";
    return 2;
  }
  if (name == "executor")
    return runExecutorBench(most);
  if (name == "session")
    return runSessionBench();
  if (name == "wait")
    return runWaitBench();
  if (name == "admission")
    return runAdmissionBench();
  if (name == "programs")
    return runProgramsBench();
  if (name == "http")
    return runHttpBench(url);
  if (name == "ensemble")
    return runEnsembleBench(url);
  if (name == "segments")
    return runSegmentBench();
  if (name == "journal")
    return runJournalBench();
  if (name == "cpp")
    return runHandlesBench();
  if (name == "dicts")
    return runDictBench();
  if (name == "loops")
    return runLoopBench();
  if (name == "compile")
    return withDirectory([&](const std::string &directory) { return runCompileBench(directory, most); });
  if (name == "startup")
    return withDirectory([](const std::string &directory) { return runStartupBench(directory); });
  if (name == "build")
    return withDirectory([](const std::string &directory) { return runBuildBench(directory); });
  llvm::errs() << "xcs-bench: error: there is no bench `" << name
               << "`; choose one of executor, session, wait, programs, admission, http, ensemble, segments, "
                  "journal, cpp, dicts, loops, compile, startup, build\n";
  return 2;
}
