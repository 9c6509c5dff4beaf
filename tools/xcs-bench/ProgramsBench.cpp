// Programs of `exec.run` compared with `xargs -P`, and how much starting them delays a timer;
// docs/performance.md, "Programs".
#include "xcs-bench/Bench.h"
#include "xcs-bench/Compile.h"
#include "xcs-bench/Table.h"
#include "xcs/Runtime/Executor.h"
#include "xcs/World/LiveWorld.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

using namespace xcs;
using namespace xcs::bench;

static constexpr uint32_t atOnce = 16; // for both; the default of `--limit children`

/// `true` as many times as asked for, after what `before` says.
static std::string programs(std::string_view before = {}) {
  return R"(
func @main(%n: i64) -> i64 {
  %zero = const {value = 0} : i64
)" + std::string(before) +
         R"(  %command = const {value = ["true"]} : list<str>
  %xs = list.range(%zero, %n) : list<i64>
  %exits = map(%xs) : list<i64> {
  ^(%x: i64)
    %r = exec.run(%command) {writes = []} : record<exit: i64, stdout: str, stderr: str>
    %exit = record.get(%r) {field = "exit"} : i64
    yield(%exit)
  }
  %sum = i64.sum(%exits) : i64
  return(%sum)
}
)";
}

static constexpr std::string_view aSleep = R"(  %time = const {value = 10ms} : duration
  %slept = time.sleep(%time) : none
)";

static RunReport runPrograms(const PlanFile &plan, uint32_t count, bool allAtOnce) {
  RunOptions options;
  options.trace = allAtOnce;
  WorldOptions world;
  world.grants.allowAll();
  if (allAtOnce)
    world.limits.set(Limit::Children, count);
  Executor executor(plan.view(), options, liveWorld(plan.view(), world));
  RunReport report = executor.run(0, {Value::i64(count)});
  if (!report.ok || report.results[0].asI64() != 0) {
    llvm::errs() << "the run failed: " << report.failure.message << '\n';
    std::exit(1);
  }
  return report;
}

static void runXargs(uint32_t count) {
  std::string command =
      "seq " + std::to_string(count) + " | xargs -P " + std::to_string(atOnce) + " -n 1 true";
  if (std::system(command.c_str()) != 0) {
    llvm::errs() << "xcs-bench: error: cannot run `" << command << "`\n";
    std::exit(1);
  }
}

/// How long the sleep of 10 ms took, in milliseconds.
static double sleptFor(const PlanView &plan, const RunReport &report) {
  for (const TraceEvent &event : report.trace)
    if (plan.ops[event.op].code == OpCode::time_sleep)
      return static_cast<double>(event.end - event.start) * 1e-6;
  return 0;
}

int bench::runProgramsBench() {
  auto many = compileText(programs());
  Table beside({"programs `true`", "xargs -P 16 ms", "xcs ms", "xcs / xargs"});
  for (uint32_t count : {100u, 1000u}) {
    std::vector<double> seconds =
        medianSecondsInTurn(5, [&] { runXargs(count); }, [&] { runPrograms(*many, count, false); });
    beside.add({std::to_string(count), fixed(seconds[0] * 1e3, 1), fixed(seconds[1] * 1e3, 1),
                fixed(seconds[1] / seconds[0], 3)});
  }
  beside.print();
  auto sleeping = compileText(programs(aSleep));
  Table timers({"programs started at once", "a sleep of 10 ms takes ms"});
  for (uint32_t count : {0u, 300u}) {
    std::vector<double> slept;
    for (int round = 0; round < 5; ++round)
      slept.push_back(sleptFor(sleeping->view(), runPrograms(*sleeping, count, true)));
    timers.add({std::to_string(count), fixed(median(slept), 2)});
  }
  timers.print();
  return 0;
}
