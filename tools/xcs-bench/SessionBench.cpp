// Small runs through a session, compared with an executor of the same plan; docs/performance.md, "Sessions".
#include "xcs-bench/Bench.h"
#include "xcs-bench/Compile.h"
#include "xcs-bench/Table.h"
#include "xcs/Api/Session.h"
#include "xcs/Runtime/Executor.h"
#include "xcs/World/LiveWorld.h"
#include <atomic>
#include <cstdlib>

using namespace xcs;
using namespace xcs::bench;

static constexpr const char *oneOp = R"(
func @main(%n: i64) -> i64 {
  %r = i64.add(%n, %n) : i64
  return(%r)
}
)";

/// As five calls of 100 ms and one that waits for them.
static constexpr const char *ensemble = R"(
func @main(%time: duration) -> none {
  %a = time.sleep(%time) : none
  %b = time.sleep(%time) : none
  %c = time.sleep(%time) : none
  %d = time.sleep(%time) : none
  %e = time.sleep(%time) : none
  %judged = time.sleep(%time) after(%a, %b, %c, %d, %e) : none
  return(%judged)
}
)";

namespace {

/// A session with one plan.
struct Loaded {
  Session session;
  ProgramRef program;

  explicit Loaded(const char *text) {
    DiagnosticEngine diagnostics;
    auto opened = session.load(compileBytes(text), "bench", diagnostics);
    if (!opened)
      std::exit(1);
    program = *opened;
  }
  RunRef submit(RunInput input, RunSettings settings = {}) {
    std::vector<RunInput> inputs;
    inputs.push_back(std::move(input));
    return session.submit(program, 0, std::move(inputs), std::move(settings));
  }
  /// Submits so many runs, each with what `inputOf` makes of the one before, and waits until all have called
  /// back.
  template <class InputOf> void runAll(uint32_t count, const RunSettings &given, InputOf inputOf) {
    std::atomic<uint32_t> left{count};
    RunSettings settings = given;
    settings.completed = [&](const RunRef &) {
      if (left.fetch_sub(1) == 1)
        left.notify_one();
    };
    RunRef last;
    for (uint32_t i = 0; i < count; ++i)
      last = submit(inputOf(last), settings);
    for (uint32_t now = left.load(); now; now = left.load())
      left.wait(now);
  }
};

} // namespace

int bench::runSessionBench() {
  static constexpr uint32_t count = 10'000, ensembles = 100;
  Loaded small(oneOp), waits(ensemble);
  auto plan = compileText(oneOp);
  Executor executor(plan->view(), {}, liveWorld(plan->view(), {}));
  auto number = [](const RunRef &) { return RunInput(Value::i64(21)); };
  auto pass = [](const RunRef &last) { return last ? RunInput(last) : RunInput(Value::i64(0)); };
  RunSettings early;
  early.earlyResults = true;
  std::vector<double> seconds = medianSecondsInTurn(
      21,
      [&] {
        for (uint32_t i = 0; i < count; ++i)
          executor.run(0, {Value::i64(21)});
      },
      [&] {
        for (uint32_t i = 0; i < count; ++i)
          small.session.wait(small.submit(Value::i64(21)));
      },
      [&] { small.runAll(count, {}, number); }, [&] { small.runAll(count, early, number); },
      [&] { small.runAll(count, {}, pass); });
  Table table({"runs of one operation", "us a run"});
  const char *const names[] = {"an executor, one after the other", "a session, each awaited",
                               "a session, 10,000 in flight, with a callback", "the same, with early results",
                               "the same, each with the result of the one before"};
  for (size_t i = 0; i < seconds.size(); ++i)
    table.add({names[i], fixed(seconds[i] * 1e6 / count, 2)});
  table.print();
  std::vector<double> together = medianSecondsInTurn(9, [&] {
    waits.runAll(ensembles, {}, [](const RunRef &) { return RunInput(Value::duration(100'000'000)); });
  });
  Table ensembleTable({"ensembles of six waits of 100 ms at once", "critical path ms", "ms", "ratio"});
  ensembleTable.add(
      {std::to_string(ensembles), "200.0", fixed(together[0] * 1e3, 1), fixed(together[0] / 0.2, 3)});
  ensembleTable.print();
  return 0;
}
