#include "xcs/IR/Printer.h"
#include "xcs/IR/Verifier.h"
#include "xcs/Support/BufferedOutput.h"
#include "xcs/Support/NearestName.h"
#include "xcs/Transforms/DrawSet.h"
#include "xcs/Transforms/Pass.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <chrono>
#include <optional>

using namespace xcs;

using Clock = std::chrono::steady_clock;

static double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

static bool contains(const std::vector<std::string> &names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Reports unknown pass names in the options: a misspelled --disable-pass must not go unnoticed.
static bool checkNames(const std::vector<std::string> &names, DiagnosticEngine &diagnostics) {
  bool good = true;
  for (const std::string &name : names) {
    if (findPass(name))
      continue;
    NearestName nearest(name);
    for (const PassRow &row : allPasses())
      nearest.offer(row.name);
    diagnostics.report(Diag::UnknownPass, {}, {name, nearest.suggestion()});
    good = false;
  }
  return good;
}

static void printModule(std::string_view when, std::string_view pass, const Module &module,
                        llvm::raw_ostream &out) {
  BufferedOutput buffered(out);
  out << "// " << when << ' ' << pass << '\n';
  print(module, out);
}

namespace {
struct Timing {
  std::string_view pass;
  double seconds;
};
} // namespace

static void printTimings(const std::vector<Timing> &timings, double verifying, llvm::raw_ostream &out) {
  double total = verifying;
  for (const Timing &t : timings)
    total += t.seconds;
  auto line = [&](std::string_view name, double seconds) {
    double share = total > 0 ? 100 * seconds / total : 0;
    out << llvm::format("%10.3f ms %6.1f %%  ", seconds * 1e3, share) << name << '\n';
  };
  out << "// time of each pass\n";
  for (const Timing &t : timings)
    line(t.pass, t.seconds);
  line("(verifier)", verifying);
  line("(all)", total);
}

static void printCounters(const std::vector<PassContext::Counter> &counters, llvm::raw_ostream &out) {
  out << "// counts of each pass\n";
  for (const PassContext::Counter &c : counters)
    out << llvm::format_decimal(static_cast<int64_t>(c.value), 10) << "  " << c.pass << ": " << c.what
        << '\n';
}

namespace {
struct Fingerprint;

/// One run of a pipeline.
class PipelineRun {
public:
  PipelineRun(Module &module, const PassManagerOptions &options, PassContext &context)
      : module(module), options(options), context(context) {
    context.begin(module);
  }
  Status step(const PipelineStep &step);
  /// Verifies what is still unverified, and prints totals.
  Status end();

private:
  Result<Change> runPass(const PipelineStep &step);
  Status check(const PipelineStep &step, Change change, const Fingerprint &before);
  Status verifyNow(std::string_view pass);
  Status keepsDraws(DrawSet &before);

  Module &module;
  const PassManagerOptions &options;
  PassContext &context;
  std::vector<Timing> timings;
  double verifySeconds = 0;
  std::string_view unverified; // the last pass that changed facts since the module was verified
};
} // namespace

/// Its output appears when it has finished.
Result<Change> PipelineRun::runPass(const PipelineStep &step) {
  BufferedOutput buffered(context.out);
  return step.row->create()->run(module, context);
}

Status PipelineRun::verifyNow(std::string_view pass) {
  Clock::time_point start = Clock::now();
  Status good = verify(module, context.diagnostics, context.limits);
  verifySeconds += secondsSince(start);
  unverified = {};
  if (!good)
    context.diagnostics.report(Diag::PassBrokeIr, {}, {pass});
  return good;
}

/// Whether the module has the same draws as before the last pass.
Status PipelineRun::keepsDraws(DrawSet &before) {
  std::optional<DrawSet::Change> change = before.changeIn(module);
  if (!change)
    return success();
  context.diagnostics.report(Diag::PassChangedDraws, {},
                             {context.runningPass, change->function, change->what});
  return Failure();
}

namespace {
/// All of a module that passes change, in two numbers.
struct Fingerprint {
  uint64_t program = 0, facts = 0;
  void mix(uint64_t &hash, uint64_t v) {
    hash = (hash ^ v) * 0x9e3779b97f4a7c15u; // Fibonacci hashing: the golden ratio of 2^64
    hash ^= hash >> 32;
  }
};

class Fingerprinter {
public:
  explicit Fingerprinter(const Module &module) : module(module), view(module.pool.view()) {}
  Fingerprint run();

private:
  void addFunction(const Function &function);
  void addAttributes(OpCode code, DictId attributes);

  const Module &module;
  const ConstantView view;
  Fingerprint print;
};
} // namespace

void Fingerprinter::addAttributes(OpCode code, DictId attributes) {
  for (const DictEntry &entry : view.entries(attributes)) {
    const AttrRow *row = findAttr(code, view.text(entry.key));
    uint64_t &hash = row && rowOf(row->attribute).kind == AttrClass::Fact ? print.facts : print.program;
    print.mix(hash, static_cast<uint64_t>(entry.key.index) << 32 | entry.value.index);
  }
}

void Fingerprinter::addFunction(const Function &function) {
  const ComputationGraph &graph = function.graph;
  print.mix(print.program, function.symbol.index);
  addAttributes(OpCode::core_call, function.attributes); // facts of functions are those of any operation
  for (uint32_t i = 0; i != graph.operationCount(); ++i) {
    const Operation &op = graph.operation(OpId(i));
    print.mix(print.program, static_cast<uint64_t>(op.code) << 32 | op.parent.index);
    print.mix(print.program, op.symbol.index);
    print.mix(print.facts, i); // that an attribute is another operation's is a change, too
    addAttributes(op.code, op.attributes);
    addAttributes(op.code, graph.facts(OpId(i)));
    for (ValueRef v : graph.allOperands(OpId(i)))
      print.mix(print.program, v.index);
  }
  for (uint32_t i = 0; i != graph.regionCount(); ++i)
    for (OpId op : graph.region(RegionId(i)).body)
      print.mix(print.program, op.index);
}

Fingerprint Fingerprinter::run() {
  print.mix(print.program, module.resources.size());
  for (const std::unique_ptr<Function> &function : module.functions)
    addFunction(*function);
  return print;
}

/// Whether what a pass says of itself is true.
Status PipelineRun::check(const PipelineStep &step, Change change, const Fingerprint &before) {
  const Fingerprint after = change == Change::Program ? before : Fingerprinter(module).run();
  const bool said =
      before.program == after.program && (before.facts == after.facts || change == Change::Facts);
  if (said && context.analyses().isFresh())
    return success();
  context.diagnostics.report(Diag::PassHidChange, {}, {step.row->name});
  return Failure();
}

Status PipelineRun::step(const PipelineStep &step) {
  std::string_view name = step.row->name;
  if (options.printBeforeAll || contains(options.printBefore, name))
    printModule("before", name, module, context.out);
  context.runningPass = name;
  context.options = step.options;
  const Fingerprint before = options.checkEach ? Fingerprinter(module).run() : Fingerprint();
  std::optional<DrawSet> draws;
  if (options.verifyEach)
    draws.emplace(module);
  Clock::time_point start = Clock::now();
  Result<Change> change = runPass(step);
  if (!change)
    return Failure();
  timings.push_back({name, secondsSince(start)});
  context.analyses().invalidate(*change);
  context.note(*change);
  if (*change == Change::Facts)
    unverified = name;
  const bool verifies = options.verifyEach && (*change == Change::Program || options.checkEach);
  if (verifies && !(verifyNow(name) && keepsDraws(*draws)))
    return Failure();
  if (options.verifyEach && options.checkEach && !check(step, *change, before))
    return Failure();
  if (options.printAfterAll || contains(options.printAfter, name))
    printModule("after", name, module, context.out);
  return success();
}

Status PipelineRun::end() {
  if (options.verifyEach && !unverified.empty() && !verifyNow(unverified))
    return Failure();
  if (options.time)
    printTimings(timings, verifySeconds, context.out);
  if (options.stats)
    printCounters(context.counters, context.out);
  return success();
}

Status xcs::runPipeline(Module &module, const PipelineSteps &steps, const PassManagerOptions &options,
                        PassContext &context) {
  bool known = checkNames(options.disabled, context.diagnostics);
  known &= checkNames(options.printBefore, context.diagnostics);
  known &= checkNames(options.printAfter, context.diagnostics);
  if (!known)
    return Failure();
  PipelineRun run(module, options, context);
  for (const PipelineStep &step : steps)
    if (!contains(options.disabled, step.row->name) && !run.step(step))
      return Failure();
  return run.end();
}
