// Many sleeps of 100 ms at once, compared with a plain heap of timers; docs/performance.md, "Waiting".
#include "xcs-bench/Bench.h"
#include "xcs-bench/Compile.h"
#include "xcs-bench/Table.h"
#include "xcs/Runtime/Executor.h"
#include "xcs/World/LiveWorld.h"
#include <ctime>
#include <queue>

using namespace xcs;
using namespace xcs::bench;

static constexpr const char *program = R"(
func @main(%n: i64) -> i64 {
  %zero = const {value = 0} : i64
  %one = const {value = 1} : i64
  %time = const {value = 100ms} : duration
  %xs = list.range(%zero, %n) : list<i64>
  %ys = map(%xs) : list<i64> {
  ^(%x: i64)
    %waited = time.sleep(%time) : none
    %y = i64.add(%x, %one) after(%waited) : i64
    yield(%y)
  }
  %sum = i64.sum(%ys) : i64
  return(%sum)
}
)";

static double cpuSeconds() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

/// The lower bound: one thread, one heap of deadlines, one sleep until the next.
static void timerHeap(uint32_t count) {
  std::priority_queue<double, std::vector<double>, std::greater<>> deadlines;
  for (uint32_t i = 0; i < count; ++i)
    deadlines.push(nowSeconds() + 0.1);
  while (!deadlines.empty()) {
    double wait = deadlines.top() - nowSeconds();
    if (wait > 0) {
      timespec t{static_cast<time_t>(wait),
                 static_cast<long>((wait - static_cast<double>(static_cast<time_t>(wait))) * 1e9)};
      nanosleep(&t, nullptr);
    }
    while (!deadlines.empty() && deadlines.top() <= nowSeconds())
      deadlines.pop();
  }
}

int bench::runWaitBench() {
  auto plan = compileText(program);
  Table table(
      {"sleeps of 100 ms", "heap ms", "xcs ms", "xcs / heap", "xcs cpu s", "threads", "peak in flight"});
  for (uint32_t count : {1000u, 10000u, 100000u}) {
    RunReport report;
    std::vector<double> cpu;
    auto ours = [&] {
      double before = cpuSeconds();
      Executor executor(plan->view(), {}, liveWorld(plan->view(), {}));
      report = executor.run(0, {Value::i64(count)});
      cpu.push_back(cpuSeconds() - before);
    };
    std::vector<double> seconds = medianSecondsInTurn(5, [&] { timerHeap(count); }, ours);
    table.add({std::to_string(count), fixed(seconds[0] * 1e3, 1), fixed(seconds[1] * 1e3, 1),
               fixed(seconds[1] / seconds[0], 3), fixed(median(cpu), 4), std::to_string(report.stats.threads),
               std::to_string(report.stats.peakInFlight)});
  }
  table.print();
  return 0;
}
