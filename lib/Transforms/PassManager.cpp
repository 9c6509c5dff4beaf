#include "xcs/IR/Printer.h"
#include "xcs/IR/Verifier.h"
#include "xcs/Support/NearestName.h"
#include "xcs/Transforms/Pass.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <chrono>

using namespace xcs;

using Clock = std::chrono::steady_clock;

static double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

static bool contains(const std::vector<std::string> &names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Reports names in the options that are no pass's: a misspelled --disable-pass must not go unnoticed.
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
  out << "// " << when << ' ' << pass << '\n';
  print(module, out);
}

namespace {
struct Timing {
  std::string_view pass;
  double seconds, verifySeconds;
};
} // namespace

static void printTimings(const std::vector<Timing> &timings, llvm::raw_ostream &out) {
  double total = 0, verifying = 0;
  for (const Timing &t : timings) {
    total += t.seconds + t.verifySeconds;
    verifying += t.verifySeconds;
  }
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

Status xcs::runPipeline(Module &module, const PipelineSteps &steps, const PassManagerOptions &options,
                        PassContext &context) {
  bool known = checkNames(options.disabled, context.diagnostics);
  known &= checkNames(options.printBefore, context.diagnostics);
  known &= checkNames(options.printAfter, context.diagnostics);
  if (!known)
    return Failure();
  std::vector<Timing> timings;
  for (const PipelineStep &step : steps) {
    std::string_view name = step.row->name;
    if (contains(options.disabled, name))
      continue;
    if (options.printBeforeAll || contains(options.printBefore, name))
      printModule("before", name, module, context.out);
    context.runningPass = name;
    context.options = step.options;
    Clock::time_point start = Clock::now();
    if (!step.row->create()->run(module, context))
      return Failure();
    Timing timing{name, secondsSince(start), 0};
    if (options.verifyEach) {
      start = Clock::now();
      if (!verify(module, context.diagnostics, context.limits)) {
        context.diagnostics.report(Diag::PassBrokeIr, {}, {name});
        return Failure();
      }
      timing.verifySeconds = secondsSince(start);
    }
    timings.push_back(timing);
    if (options.printAfterAll || contains(options.printAfter, name))
      printModule("after", name, module, context.out);
    context.out.flush(); // whatever the next pass does
  }
  if (options.time)
    printTimings(timings, context.out);
  if (options.stats)
    printCounters(context.counters, context.out);
  return success();
}
