// Recording is linear, and what was recorded is gone after its segment: counted, not timed (GrowthTest.cpp of
// Compiler).
#include "TraceTest.h"
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <malloc.h>
#include <new>

#ifdef XCS_COUNT_WORK
static uint64_t blocks = 0;
extern "C" void __sanitizer_cov_trace_pc();
extern "C" void __sanitizer_cov_trace_pc() { ++blocks; }
#else
static constexpr uint64_t blocks = 0;
#endif

static std::atomic<uint64_t> allocatedBytes{0}; // also by the threads of other tests
static std::atomic<int64_t> liveBytes{0};
// Not inlined: g++ would take `free` for the wrong way to end what `new` gave.
[[gnu::noinline]] void *operator new(size_t size) {
  allocatedBytes.fetch_add(size, std::memory_order_relaxed);
  if (void *at = std::malloc(size ? size : 1)) {
    liveBytes += static_cast<int64_t>(malloc_usable_size(at));
    return at;
  }
  std::abort();
}
static void giveBack(void *at) noexcept {
  liveBytes -= at ? static_cast<int64_t>(malloc_usable_size(at)) : 0;
  std::free(at);
}
[[gnu::noinline]] void operator delete(void *at) noexcept { giveBack(at); }
[[gnu::noinline]] void operator delete(void *at, size_t) noexcept { giveBack(at); }

using namespace xcs;

namespace {

struct Work {
  uint64_t blocks, bytes;
};

/// A program of n calls: texts made from what came before, samples from many places, attributes of their own.
TraceSegment record(Trace &trace, int n, bool differs) {
  trace.model();
  Recorded last = trace.add("str.upper", {trace.text("a")});
  for (int i = 0; i < n; ++i) {
    const std::string form = differs ? "{0} number " + std::to_string(i) : "{0} and more";
    last = trace.add("str.format", {last}, {{"template", trace.pool().textAttr(form)}});
    trace.line = i % 7 + 1;
    trace.add("model.chat", {last}, {}, "gpt");
  }
  return trace.finish({last});
}

Work workOf(int n, bool differs) {
  Trace trace;
  const uint64_t blocksBefore = blocks, bytesBefore = allocatedBytes;
  TraceSegment segment = record(trace, n, differs);
  EXPECT_EQ(segment.module->functions[0]->graph.operationCount(), static_cast<size_t>(2 * n + 2));
  return {blocks - blocksBefore, allocatedBytes - bytesBefore};
}

double exponent(uint64_t once, uint64_t twice, uint64_t fourTimes) {
  return std::log2(static_cast<double>(fourTimes - twice) / static_cast<double>(twice - once));
}

} // namespace

TEST(TraceGrowth, RecordingIsLinear) {
  for (bool differs : {false, true}) {
    Work work[3];
    for (int i = 0; i < 3; ++i)
      work[i] = workOf(2500 << i, differs);
    EXPECT_LT(exponent(work[0].bytes, work[1].bytes, work[2].bytes), 1.3) << differs;
#ifdef XCS_COUNT_WORK
    EXPECT_LT(exponent(work[0].blocks, work[1].blocks, work[2].blocks), 1.3) << differs;
#endif
  }
}

TEST(TraceGrowth, AfterASegmentItsMemoryIsFree) {
  Trace trace;
  record(trace, 100, false); // what is kept: shapes, the resource
  const int64_t before = liveBytes;
  for (int i = 0; i < 20; ++i) {
    TraceSegment segment = record(trace, 2000, false);
    trace.tracer.forget(segment.results[0]);
  }
  EXPECT_LT(liveBytes - before, 100'000);
  for (int i = 0; i < 3; ++i) {
    TraceSegment segment = record(trace, 5000, true); // more shapes than are kept
    trace.tracer.forget(segment.results[0]);
  }
  EXPECT_LT(liveBytes - before, 5'000'000);
}
