// Several executors in one process, each on a thread of its own (found by ThreadSanitizer where they share).
#include "xcs/Compiler/Compiler.h"
#include "xcs/Plan/PlanFile.h"
#include "xcs/Runtime/Executor.h"
#include "xcs/World/LiveWorld.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>
#include <thread>

using namespace xcs;

namespace {

constexpr const char *program = R"(
limit @some {max_in_flight = 3}
func @main(%n: i64) -> i64 {
  %zero = const {value = 0} : i64
  %one = const {value = 1} : i64
  %time = const {value = 1ms} : duration
  %name = const {value = "XCS_NO_SUCH_VARIABLE"} : str
  %home = env.get(%name) : option<str>
  %xs = list.range(%zero, %n) : list<i64>
  %ys = map(%xs) : list<i64> {
  ^(%x: i64)
    %waited = time.sleep(%time) {limit = @some} : none
    %drawn = random.int(%zero, %one) : i64
    %sum = i64.add(%x, %drawn) after(%waited) : i64
    yield(%sum)
  }
  %total = i64.sum(%ys) after(%home) : i64
  return(%total)
}
)";

std::unique_ptr<PlanFile> planOf(std::string &messages) {
  llvm::raw_string_ostream stream(messages);
  DiagnosticEngine diagnostics(&stream);
  diagnostics.showRemarks(false);
  auto bytes = compile(std::make_shared<SourceBuffer>("test.xir", program), {}, diagnostics);
  if (!bytes)
    return nullptr;
  auto file = PlanFile::fromBytes(*bytes, "test", diagnostics, {});
  return file ? std::move(*file) : nullptr;
}

/// Runs the plan a few times on an executor of its own; how many runs gave what they should.
int runsThatFit(const PlanView &plan, int times) {
  WorldOptions world;
  world.grants.allowAll();
  RunOptions options;
  options.jobs = 2;
  options.timeoutNanoseconds = 60'000'000'000;
  int good = 0;
  Executor executor(plan, options, liveWorld(plan, world));
  for (int i = 0; i < times; ++i) {
    RunReport report = executor.run(0, {Value::i64(20)});
    good += report.ok && report.results.at(0).asI64() == 190;
  }
  executor.shutdown();
  return good;
}

} // namespace

TEST(SideBySide, ExecutorsOfOnePlanOnThreadsOfTheirOwn) {
  std::string messages;
  std::unique_ptr<PlanFile> file = planOf(messages);
  ASSERT_TRUE(file) << messages;
  std::vector<int> good(4, 0);
  std::vector<std::thread> threads;
  for (int &count : good)
    threads.emplace_back([&] { count = runsThatFit(file->view(), 3); });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(good, std::vector<int>(4, 3));
}

/// One is interrupted; the others do not notice.
TEST(SideBySide, AnInterruptStopsItsOwnRunAlone) {
  std::string messages;
  std::unique_ptr<PlanFile> file = planOf(messages);
  ASSERT_TRUE(file) << messages;
  RunOptions options;
  options.jobs = 1;
  WorldOptions world;
  world.grants.allowAll();
  Executor stopped(file->view(), options, liveWorld(file->view(), world));
  RunReport report;
  std::thread runs([&] { report = stopped.run(0, {Value::i64(100'000)}); });
  std::thread other([&] { EXPECT_EQ(runsThatFit(file->view(), 2), 2); });
  other.join();
  // The run may not have begun when it is first told.
  std::atomic<bool> over{false};
  std::thread tells([&] {
    while (!over.load()) {
      stopped.interrupt();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  runs.join();
  over.store(true);
  tells.join();
  EXPECT_FALSE(report.ok);
  EXPECT_EQ(report.failure.id, Diag::Interrupted);
}

/// An executor that is shut down twice, or was never used, ends all the same.
TEST(SideBySide, ShuttingDownTwiceIsOnce) {
  std::string messages;
  std::unique_ptr<PlanFile> file = planOf(messages);
  ASSERT_TRUE(file) << messages;
  Executor unused(file->view(), {}, liveWorld(file->view(), {}));
  unused.shutdown();
  unused.shutdown();
  unused.abandon();
  unused.killPrograms();
  WorldOptions world;
  world.grants.allowAll();
  Executor used(file->view(), {}, liveWorld(file->view(), world));
  EXPECT_TRUE(used.run(0, {Value::i64(3)}).ok);
  used.shutdown();
  used.abandon();
  used.killPrograms();
  used.interrupt();
  used.shutdown();
}
