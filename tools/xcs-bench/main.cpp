// xcs-bench: every figure of docs/performance.md, each beside its peer, measured in turn in one run.
#include "xcs-bench/Bench.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

namespace cl = llvm::cl;
using namespace xcs::bench;

enum class Bench : uint8_t { Executor, Wait, Http, Ensemble, Compile, Startup };

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
  cl::OptionCategory category("xcs-bench options");
  cl::opt<Bench> bench(cl::Positional, cl::Required, cl::desc("what to measure"), cl::cat(category),
                       cl::values(clEnumValN(Bench::Executor, "executor", "empty operations beside oneTBB and a loop"),
                                  clEnumValN(Bench::Wait, "wait", "sleeps beside a heap of timers"),
                                  clEnumValN(Bench::Http, "http", "model calls beside libcurl alone; needs --url"),
                                  clEnumValN(Bench::Ensemble, "ensemble", "five draws, skewed chains; needs --url"),
                                  clEnumValN(Bench::Compile, "compile", "xcsc beside mlir-opt"),
                                  clEnumValN(Bench::Startup, "startup", "processes with one operation")));
  cl::opt<std::string> url("url", cl::desc("Endpoint of xcs-faults with 100 ms latency"), cl::cat(category));
  cl::opt<uint32_t> most("max-ops", cl::desc("Largest number of operations (default 100000)"), cl::init(100000), cl::cat(category));
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv, "Measures XCS beside its peers.\n");
  switch (bench) {
  case Bench::Executor:
    return runExecutorBench(most);
  case Bench::Wait:
    return runWaitBench();
  case Bench::Http:
  case Bench::Ensemble:
    if (url.empty()) {
      llvm::errs() << "xcs-bench: error: start it as `xcs-faults --latency 100ms -- xcs-bench " << argv[1] << " --url={url}`\n";
      return 2;
    }
    return bench == Bench::Http ? runHttpBench(url) : runEnsembleBench(url);
  case Bench::Compile:
    return withDirectory([&](const std::string &directory) { return runCompileBench(directory, most); });
  case Bench::Startup:
    return withDirectory([](const std::string &directory) { return runStartupBench(directory); });
  }
  return 2;
}
