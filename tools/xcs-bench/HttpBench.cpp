// Model calls of 100 ms over real HTTP; docs/performance.md, "Model calls".
#include "xcs-bench/Bench.h"
#include "xcs-bench/Compile.h"
#include "xcs-bench/CurlMultiPeer.h"
#include "xcs-bench/OwnProcess.h"
#include "xcs-bench/Table.h"
#include "xcs/Runtime/Executor.h"
#include "xcs/World/LiveWorld.h"
#include "llvm/Support/raw_ostream.h"
#include <curl/curl.h>

using namespace xcs;
using namespace xcs::bench;

static std::string modelOf(const std::string &url) {
  return "model @gpt { url = \"" + url + "/v1\", model = \"small\" }\n";
}

static std::string mapProgram(const std::string &url) {
  return modelOf(url) + R"(
func @main(%n: i64) -> i64 {
  %zero = const {value = 0} : i64
  %xs = list.range(%zero, %n) : list<i64>
  %answers = map(%xs) : list<str> {
  ^(%x: i64)
    %prompt = str.format(%x) {template = "question {0}"} : str
    %answer = model.chat @gpt(%prompt) : str
    yield(%answer)
  }
  %count = list.len(%answers) : i64
  return(%count)
}
)";
}

static std::string ensembleProgram(const std::string &url) {
  std::string draws, names;
  for (const char *name : {"a", "b", "c", "d", "e"}) {
    draws += std::string("  %") + name + " = model.chat @gpt(%question) {temperature = 0.7} : str\n";
    names += std::string(names.empty() ? "%" : ", %") + name;
  }
  return modelOf(url) + "func @main(%question: str) -> list<str> {\n" + draws + "  %all = list.pack(" +
         names + ") : list<str>\n  return(%all)\n}\n";
}

static constexpr const char *skewedChains = R"(
func @main() {
  %long = const {value = 200ms} : duration
  %short = const {value = 50ms} : duration
  %a1 = time.sleep(%long) : none
  %a2 = time.sleep(%short) after(%a1) : none
  %b1 = time.sleep(%short) : none
  %b2 = time.sleep(%long) after(%b1) : none
  return
}
)";

/// Runs a plan once in a new executor; exits if the run fails.
static RunReport runOnce(const PlanFile &plan, std::vector<Value> arguments,
                         Schedule schedule = Schedule::Dataflow) {
  RunOptions options;
  options.schedule = schedule;
  WorldOptions world;
  world.grants.allowAll();
  Executor executor(plan.view(), options, liveWorld(plan.view(), world));
  RunReport report = executor.run(0, std::move(arguments));
  if (!report.ok) {
    llvm::errs() << "the run failed: " << report.failure.message << '\n';
    std::exit(1);
  }
  return report;
}

int bench::runHttpBench(const std::string &url) {
  curl_global_init(CURL_GLOBAL_ALL);
  auto plan = compileText(mapProgram(url));
  const std::string body = R"({"model":"small","messages":[{"role":"user","content":"question 1"}]})";
  Table table({"calls of 100 ms", "libcurl-multi ms", "xcs ms", "xcs / libcurl", "libcurl cpu s", "xcs cpu s",
               "libcurl MiB", "xcs MiB", "threads"});
  for (uint32_t count : {100u, 1000u, 5000u, 10000u}) {
    auto peer = [&] {
      CurlMultiOutcome outcome = runCurlMulti({url + "/v1/chat/completions", count, body, 200, false});
      if (outcome.failed)
        llvm::errs() << "libcurl alone: " << outcome.failed << " requests failed\n";
      return uint64_t(outcome.failed);
    };
    auto ours = [&] { return uint64_t(runOnce(*plan, {Value::i64(count)}).stats.threads); };
    const std::vector<SideRuns> runs = runsInTurn(7, {peer, ours});
    table.add({std::to_string(count), fixed(runs[0].seconds() * 1e3, 1), fixed(runs[1].seconds() * 1e3, 1),
               fixed(runs[1].seconds() / runs[0].seconds(), 3), fixed(runs[0].cpuSeconds(), 3),
               fixed(runs[1].cpuSeconds(), 3), fixed(runs[0].peakMiB(), 0), fixed(runs[1].peakMiB(), 0),
               std::to_string(runs[1].said)});
  }
  table.print();
  curl_global_cleanup();
  return 0;
}

int bench::runEnsembleBench(const std::string &url) {
  auto ensemble = compileText(ensembleProgram(url));
  auto chains = compileText(skewedChains);
  auto question = [] { return std::vector<Value>{Value::str("why?")}; };
  std::vector<double> five = medianSecondsInTurn(
      9, [&] { runOnce(*ensemble, question(), Schedule::Serial); }, [&] { runOnce(*ensemble, question()); });
  std::vector<double> skewed =
      medianSecondsInTurn(9, [&] { runOnce(*chains, {}, Schedule::Levels); }, [&] { runOnce(*chains, {}); });
  Table table(
      {"program", "critical path ms", "compared with", "ms", "xcs ms", "ratio", "xcs / critical path"});
  table.add({"five draws of 100 ms", "100", "serial", fixed(five[0] * 1e3, 1), fixed(five[1] * 1e3, 1),
             fixed(five[0] / five[1], 2), fixed(five[1] / 0.1, 3)});
  table.add({"chains 200+50, 50+200 ms", "250", "level barriers", fixed(skewed[0] * 1e3, 1),
             fixed(skewed[1] * 1e3, 1), fixed(skewed[0] / skewed[1], 2), fixed(skewed[1] / 0.25, 3)});
  table.print();
  return 0;
}
