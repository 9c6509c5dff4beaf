#include "xcs-run/BudgetRows.h"
#include "xcs-run/Report.h"
#include "xcs-run/Usage.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <sys/resource.h>

using namespace xcs;
using namespace xcs::runner;

namespace {

/// A counter of the run and its printed name.
struct Row {
  llvm::StringLiteral name;
  uint64_t value;
};

} // namespace

static std::vector<Row> counters(const RunReport &report) {
  const RunStats &s = report.stats;
  return {{"operations", s.operations},
          {"dispatches", s.dispatches},
          {"frames", s.frames},
          {"peak frames", s.peakFrames},
          {"steals", s.steals},
          {"threads", s.threads},
          {"waiting operations", s.worldOperations},
          {"peak in flight", s.peakInFlight},
          {"cancelled", s.cancelled},
          {"refused", s.refused},
          {"requests", s.world.requests},
          {"retries", s.world.retries},
          {"connections", s.world.connections},
          {"programs", s.world.programs},
          {"cached", s.world.cached},
          {"model calls", s.world.models.calls},
          {"seed", report.seed}};
}

std::string runner::printStats(const PlanView &plan, const RunReport &report, StatsForm form) {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  auto seconds = [](timeval t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  double cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  double wall = static_cast<double>(report.stats.wallNanoseconds) * 1e-9;
  std::string text;
  llvm::raw_string_ostream out(text);
  if (form == StatsForm::Json) {
    llvm::json::OStream json(out);
    json.object([&] {
      json.attribute("wall_seconds", wall);
      json.attribute("cpu_seconds", cpu);
      json.attribute("peak_resident_kib", usage.ru_maxrss);
      for (const Row &row : counters(report)) {
        std::string key = row.name.str();
        std::replace(key.begin(), key.end(), ' ', '_');
        json.attribute(key, row.value);
      }
      writeModelRows(json, plan, report.usage);
      writeBudgetRows(json, report);
    });
    out << '\n';
    return text;
  }
  out << llvm::format("%12.6f s  wall time\n%12.6f s  processor time\n%12ld KiB peak resident memory\n", wall,
                      cpu, usage.ru_maxrss);
  for (const Row &row : counters(report))
    out << llvm::format("%12llu    ", static_cast<unsigned long long>(row.value)) << row.name << '\n';
  out << printModelRows(plan, report.usage) << printBudgetRows(report);
  return text;
}
