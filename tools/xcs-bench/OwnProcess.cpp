#include "xcs-bench/OwnProcess.h"
#include "xcs-bench/Table.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>
#include <ctime>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace xcs::bench {

namespace {

/// What a child writes to its parent.
struct Report {
  SideCost cost;
  uint64_t said = 0;
};

double cpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

Report measured(const SideBody &body) {
  Report report;
  const double start = nowSeconds(), startCpu = cpuSeconds();
  report.said = body();
  report.cost.seconds = nowSeconds() - start;
  report.cost.cpuSeconds = cpuSeconds() - startCpu;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  report.cost.peakMiB = static_cast<double>(usage.ru_maxrss) / 1024;
  return report;
}

[[noreturn]] void giveUp(const char *why) {
  llvm::errs() << "xcs-bench: error: " << why << '\n';
  std::exit(1);
}

Report inProcessOfItsOwn(const SideBody &body) {
  int ends[2];
  if (pipe(ends))
    giveUp("there is no pipe for a run");
  const pid_t child = fork();
  if (child < 0)
    giveUp("there is no process for a run");
  if (child == 0) {
    close(ends[0]);
    const Report report = measured(body);
    const bool isWritten = write(ends[1], &report, sizeof report) == sizeof report;
    _exit(isWritten ? 0 : 1);
  }
  close(ends[1]);
  Report report;
  const bool isRead = read(ends[0], &report, sizeof report) == sizeof report;
  close(ends[0]);
  int status = 0;
  if (waitpid(child, &status, 0) != child || status != 0 || !isRead)
    giveUp("a run has failed");
  return report;
}

double medianOf(const std::vector<SideCost> &costs, double SideCost::*member) {
  std::vector<double> values;
  for (const SideCost &cost : costs)
    values.push_back(cost.*member);
  return median(values);
}

} // namespace

double SideRuns::seconds() const { return medianOf(costs, &SideCost::seconds); }
double SideRuns::cpuSeconds() const { return medianOf(costs, &SideCost::cpuSeconds); }
double SideRuns::peakMiB() const { return medianOf(costs, &SideCost::peakMiB); }

std::vector<SideRuns> runsInTurn(int rounds, const std::vector<SideBody> &sides) {
  std::vector<SideRuns> out(sides.size());
  for (int round = -1; round < rounds; ++round)
    for (size_t side = 0; side < sides.size(); ++side) {
      const Report report = inProcessOfItsOwn(sides[side]);
      out[side].said = report.said;
      if (round >= 0)
        out[side].costs.push_back(report.cost);
    }
  return out;
}

} // namespace xcs::bench
