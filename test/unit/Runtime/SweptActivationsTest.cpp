// Activations of small regions, many in one frame (lib/Runtime/Sweeps.cpp).
#include "Runtime/Stage.h"
#include "xcs/Support/Clock.h"
#include <atomic>
#include <thread>

using namespace xcs;

namespace {

std::string mapOf(const std::string &attributes, const std::string &body, const std::string &type) {
  return "func @main(%xs: list<i64>) -> list<" + type + "> {\n  %ys = map(%xs) " + attributes + " : list<" +
         type + "> {\n  ^(%x: i64)\n" + body + "  }\n  return(%ys)\n}\n";
}

Value numbers(int64_t count) {
  std::vector<Value> items;
  for (int64_t i = 0; i < count; ++i)
    items.push_back(Value::i64(i));
  return Value::list(items);
}

} // namespace

TEST(SweptActivations, AMapTakesOneFrameAWorker) {
  for (unsigned jobs : {1u, 2u, 8u}) {
    Stage stage(mapOf("", "    %y = i64.mul(%x, %x) : i64\n    yield(%y)\n", "i64"), 0, jobs);
    const RunReport report = stage.run({numbers(100'000)});
    ASSERT_TRUE(report.ok) << report.failure.message;
    ASSERT_EQ(report.results[0].size(), 100'000u);
    for (int64_t i = 0; i < 100'000; ++i)
      ASSERT_EQ(report.results[0].items()[static_cast<size_t>(i)].asI64(), i * i);
    EXPECT_EQ(report.stats.frames, 1 + 100'000u);
    EXPECT_EQ(report.stats.operations, 1 + 100'000u);
    EXPECT_LE(report.stats.peakFrames, 1 + jobs);
  }
}

/// The first by index, whatever the number of workers; what was claimed before it is carried out.
TEST(SweptActivations, TheFirstFailureByIndexIsReported) {
  for (unsigned jobs : {1u, 2u, 8u})
    for (int64_t bad : {0, 1, 77, 9'998, 9'999}) {
      const std::string body = "    %d = i64.sub(%x, " + std::to_string(bad) +
                               ") : i64\n    %m = i64.max(%d, 0) : i64\n    %n = i64.sub(" +
                               std::to_string(bad) +
                               ", %x) : i64\n    %o = i64.max(%n, %m) : i64\n    %y = i64.div(7, %o) : i64\n"
                               "    yield(%y)\n";
      Stage stage(mapOf("", body, "i64"), 0, jobs);
      const RunReport report = stage.run({numbers(10'000)});
      EXPECT_FALSE(report.ok);
      ASSERT_EQ(report.failure.indices.size(), 1u);
      EXPECT_EQ(report.failure.indices[0], bad);
    }
}

TEST(SweptActivations, EnoughSuccessesEndAMap) {
  Stage stage(mapOf("{take = 3}", "    %y = i64.div(6, %x) : i64\n    yield(%y)\n", "i64"));
  const RunReport report = stage.run({numbers(1'000'000)});
  ASSERT_TRUE(report.ok) << report.failure.message;
  ASSERT_EQ(report.results[0].size(), 3u);
  EXPECT_EQ(report.results[0].items()[2].asI64(), 2) << "6 / 3, since the first one fails";
  EXPECT_LT(report.stats.frames, 100u) << "no more are begun";
}

TEST(SweptActivations, AnEmptyRegionAndAnEmptyList) {
  for (int64_t count : {0, 1, 5'000}) {
    Stage stage(mapOf("", "    yield(%x)\n", "i64"), 0, 2);
    const RunReport report = stage.run({numbers(count)});
    ASSERT_TRUE(report.ok) << report.failure.message;
    EXPECT_EQ(report.results[0].size(), static_cast<size_t>(count));
  }
}

namespace {

std::atomic<uint64_t> kernelsRun;
Executor *interrupted;

bool interruptAtTheThousandth(KernelCall &call) {
  if (kernelsRun.fetch_add(1) + 1 == 1000)
    interrupted->interrupt();
  return kernelOf(call.code)(call);
}

} // namespace

/// Loops and maps end when the run is stopped, and carry out no further activation.
TEST(SweptActivations, AnInterruptEndsLoopsAndMaps) {
  const std::string loop = "func @main(%xs: list<i64>) -> i64 {\n  %s = for(%xs, 0) : i64 {\n"
                           "  ^(%x: i64, %a: i64)\n    %b = i64.add(%a, %x) : i64\n    yield(%b)\n  }\n"
                           "  return(%s)\n}\n";
  for (const std::string &text : {loop, mapOf("", "    %y = i64.add(%x, 1) : i64\n    yield(%y)\n", "i64")}) {
    Stage stage(text);
    stage.options.kernelOverride = interruptAtTheThousandth;
    ASSERT_TRUE(stage.prepare());
    interrupted = stage.executor.get();
    kernelsRun = 0;
    const RunReport report = stage.run({numbers(100'000)});
    EXPECT_EQ(report.failure.id, Diag::Interrupted);
    EXPECT_EQ(kernelsRun.load(), 1000u);
  }
}

/// A value that a trip passes on has one owner there, so it is changed in place: 10^5 changes of a list that
/// were copies would move 40 GB.
TEST(SweptActivations, WhatATripPassesOnIsChangedInPlace) {
  Stage stage("func @main(%xs: list<i64>) -> list<i64>, i64 {\n  %none = list.pack() : list<i64>\n"
              "  %l, %n = for(%xs, %none, 0) : list<i64>, i64 {\n  ^(%x: i64, %l: list<i64>, %n: i64)\n"
              "    %m = list.append(%l, %x) : list<i64>\n    %k = i64.add(%n, 1) : i64\n"
              "    yield(%m, %k)\n  }\n  return(%l, %n)\n}\n");
  const RunReport report = stage.run({numbers(100'000)});
  ASSERT_TRUE(report.ok) << report.failure.message;
  EXPECT_EQ(report.results[0].size(), 100'000u);
  EXPECT_EQ(report.results[1].asI64(), 100'000);
}

namespace {

std::atomic<uint32_t> within;
std::atomic<bool> met;

/// The first one takes a millisecond, each of the others until two are within one, or ten seconds.
bool meetAnother(KernelCall &call) {
  const bool isFirst = kernelsRun.fetch_add(1) == 0;
  const int64_t end = monotonicNanoseconds() + (isFirst ? 1 : 10'000) * ms;
  if (!isFirst && within.fetch_add(1) == 1)
    met = true;
  while ((isFirst || !met) && monotonicNanoseconds() < end)
    std::this_thread::yield();
  if (!isFirst)
    within.fetch_sub(1);
  return kernelOf(call.code)(call);
}

} // namespace

/// A region that takes longer than was estimated is carried out side by side from then on.
TEST(SweptActivations, SlowerOnesThanEstimatedAreShared) {
  Stage stage(mapOf("", "    %y = i64.add(%x, 1) : i64\n    yield(%y)\n", "i64"), 0, 2);
  stage.options.kernelOverride = meetAnother;
  kernelsRun = within = 0;
  met = false;
  const RunReport report = stage.run({numbers(64)});
  ASSERT_TRUE(report.ok) << report.failure.message;
  EXPECT_EQ(report.results[0].size(), 64u);
  EXPECT_TRUE(met);
}
