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

/// What a pass may use besides the module: analyses, messages and counters.
class PassContext {
public:
  PassContext(DiagnosticEngine &diagnostics, const Limits &limits, llvm::raw_ostream &out)
      : diagnostics(diagnostics), limits(limits), out(out) {}
  DiagnosticEngine &diagnostics;
  const Limits &limits;
  llvm::raw_ostream &out; // where printing passes write
  /// Adds to a counter of the running pass (`--stats`); `what` must be a literal.
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

  /// The analyses of the current module; each is kept for the next pass while nothing changes.
  AnalysisCache &analyses() { return *cache; }
  /// Uses the given cache for its module, instead of a new one for each pipeline.
  void use(AnalysisCache &of) { cache = &of; }
  /// Begins with a module: uses the current cache if it belongs to that module, else a new one.
  void begin(Module &module);

  /// Whether a pass has changed the module, facts included.
  bool hasChanged() const { return changed; }
  void note(Change change) { changed |= change != Change::Nothing; }

private:
  std::optional<AnalysisCache> own;
  AnalysisCache *cache = nullptr; // null before the first pipeline
  bool changed = false;
};

/// One step over a module. A pass is one file and one row in Passes.def.
class Pass {
public:
  virtual ~Pass() = default;
  /// Changes the module and returns what kind of change it made; failure means an error has been reported. If
  /// nothing changed, the module is neither verified nor analysed again.
  virtual Result<Change> run(Module &module, PassContext &context) = 0;
};

/// The row of a pass.
struct PassRow {
  std::string_view name, summary;
  std::unique_ptr<Pass> (*create)();
  std::string_view options; // the options it accepts, separated by commas
};
std::span<const PassRow> allPasses();
const PassRow *findPass(std::string_view name);

struct PassManagerOptions {
#ifdef NDEBUG
  static constexpr bool isTested = false;
#else
  static constexpr bool isTested = true;
#endif
  /// Verifies after each pass that changed the program, and at the end if facts changed. False: `optimize`
  /// verifies once, at the end (Compiler.h). In a release build the default, because the verifier takes
  /// longer than all passes together.
  bool verifyEach = isTested;
  /// Trusts no pass: verifies after each, and compares the cached analyses with newly computed ones.
  bool checkEach = isTested;
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

/// The default pipeline of an optimisation level (0 to 3), described in Pipeline.cpp. `rerolls`: with
/// `reroll`, from level 1 on.
PipelineSteps defaultPipeline(unsigned level, bool rerolls = false);
/// Parses `a,b(options),c`; reports unknown passes and options with the nearest name.
Result<PipelineSteps> parsePipeline(std::string_view text, DiagnosticEngine &diagnostics);

/// Runs the steps in order; verifies (the message names the pass that broke the IR), prints, times and counts
/// as the options say. All output goes to `context.out`. Fails on an unknown pass name in the options.
/// Afterwards `context.analyses()` describes the module as the last pass left it.
Status runPipeline(Module &module, const PipelineSteps &steps, const PassManagerOptions &options,
                   PassContext &context);

} // namespace xcs
