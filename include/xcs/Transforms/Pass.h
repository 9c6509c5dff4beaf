#pragma once
#include "xcs/Analysis/AnalysisCache.h"
#include "xcs/Support/Diagnostics.h"
#include "xcs/Support/Limits.h"
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace llvm {
class raw_ostream;
}

namespace xcs {

/// What a pass may use besides the module: what is known of it, messages and counters.
class PassContext {
public:
  PassContext(DiagnosticEngine &diagnostics, const Limits &limits, llvm::raw_ostream &out)
      : diagnostics(diagnostics), limits(limits), out(out) {}
  DiagnosticEngine &diagnostics;
  const Limits &limits;
  llvm::raw_ostream &out; // where printing passes print
  /// Adds to a counter of the running pass (`--stats`); `what` is a literal.
  void count(std::string_view what, uint64_t n = 1);

  struct Counter {
    std::string_view pass, what;
    uint64_t value;
  };
  std::vector<Counter> counters;
  std::string_view runningPass;
  /// Options of the running pass, from `--passes="name(options)"`, checked against its row.
  std::string_view options;
  bool hasOption(std::string_view name) const;

  /// The analyses of the module at hand, each made once and kept for the next pass while nothing changes.
  AnalysisCache &analyses() { return *cache; }
  /// The cache to use for its module, in place of one for each pipeline.
  void use(AnalysisCache &of) { cache = &of; }
  /// Begins with a module: with the cache that is in use when it is of that module, else with a new one.
  void begin(Module &module);

private:
  std::optional<AnalysisCache> own;
  AnalysisCache *cache = nullptr; // null before the first pipeline
};

/// One step over a module. A pass is one file and one row in Passes.def.
class Pass {
public:
  virtual ~Pass() = default;
  /// Changes the module and says what it changed; failure means an error has been reported. What is not
  /// changed is neither verified nor analysed again.
  virtual Result<Change> run(Module &module, PassContext &context) = 0;
};

/// The row of a pass.
struct PassRow {
  std::string_view name, summary;
  std::unique_ptr<Pass> (*create)();
  std::string_view options; // the ones it knows, separated by commas
};
std::span<const PassRow> allPasses();
const PassRow *findPass(std::string_view name);

struct PassManagerOptions {
  /// Verifies after each pass that changed the program, and at the end when facts changed.
  bool verifyEach = true;
  /// Believes no pass: verifies after each, and compares what is known of the module with what would be found
  /// anew.
#ifdef NDEBUG
  bool checkEach = false;
#else
  bool checkEach = true;
#endif
  bool printAfterAll = false, printBeforeAll = false;
  std::vector<std::string> printBefore, printAfter, disabled;
  bool time = false, stats = false;
};

/// A pass to run, with its options.
struct PipelineStep {
  const PassRow *row;
  std::string options;
};
using PipelineSteps = std::vector<PipelineStep>;

/// The default pipeline of an optimisation level (0 to 3); Pipeline.cpp reads as its description.
PipelineSteps defaultPipeline(unsigned level);
/// Parses `a,b(options),c`; reports unknown passes and options with the nearest name.
Result<PipelineSteps> parsePipeline(std::string_view text, DiagnosticEngine &diagnostics);

/// Runs the steps in order, verifying (the message names the pass that broke the IR), printing, timing and
/// counting as the options say; everything printed goes to `context.out`. Fails on an unknown pass name in
/// the options. `context.analyses()` are those of the module as the last pass left it.
Status runPipeline(Module &module, const PipelineSteps &steps, const PassManagerOptions &options,
                   PassContext &context);

} // namespace xcs
