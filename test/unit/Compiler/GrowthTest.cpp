#include "Compiler/GrowthShapes.h"
#include "xcs/Compiler/Compiler.h"
#include "llvm/Support/raw_ostream.h"
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <gtest/gtest.h>
#include <new>

// Doubles programs of many shapes and fails where the work of compiling them grows faster than n^1.3. Work is
// counted, not timed, so that a loaded machine changes nothing: the basic blocks that the rooms of the
// compiler run (cmake/XcsRoom.cmake, COUNTED; in the dev preset alone), and the bytes that are allocated,
// wherever that happens. What it cannot see: loops inside of libraries that allocate nothing (memcpy and
// memcmp of long texts, LLVM, ANTLR's own runtime), and a quadratic term that is small beside the linear one
// at these sizes.

#ifdef XCS_COUNT_WORK
static uint64_t blocks = 0;
extern "C" void __sanitizer_cov_trace_pc();
extern "C" void __sanitizer_cov_trace_pc() { ++blocks; }
#else
static constexpr uint64_t blocks = 0;
#endif

static std::atomic<uint64_t> allocatedBytes{0}; // also by the threads of other tests
// Not inlined: g++ would take `free` for the wrong way to end what `new` gave.
[[gnu::noinline]] void *operator new(size_t size) {
  allocatedBytes.fetch_add(size, std::memory_order_relaxed);
  if (void *at = std::malloc(size ? size : 1))
    return at;
  std::abort();
}
[[gnu::noinline]] void operator delete(void *at) noexcept { std::free(at); }
[[gnu::noinline]] void operator delete(void *at, size_t) noexcept { std::free(at); }

using namespace xcs;
using namespace xcs::growth;

namespace xcs::growth {

static void replaceAll(std::string &text, std::string_view hole, const std::string &by) {
  for (size_t at = 0; (at = text.find(hole, at)) != text.npos; at += by.size())
    text.replace(at, hole.size(), by);
}

static std::string filled(std::string_view pattern, int i) {
  std::string text(pattern);
  replaceAll(text, "{i}", std::to_string(i));
  replaceAll(text, "{p}", std::to_string(i - 1));
  replaceAll(text, "{n}", std::to_string(i + 1));
  return text;
}

std::string repeat(int n, std::string_view pattern, int first) {
  std::string text;
  for (int i = first; i != first + n; ++i)
    text += filled(pattern, i);
  return text;
}

std::string listed(int n, std::string_view pattern, int first) {
  std::string text;
  for (int i = first; i != first + n; ++i)
    text += (i == first ? "" : ", ") + filled(pattern, i);
  return text;
}

void PrintTo(const Shape &shape, std::ostream *out) { *out << shape.name; }

} // namespace xcs::growth

namespace {

struct FilesInMemory : ImportedFiles {
  std::map<std::string, std::string> files;
  Answer read(std::string_view path, uint64_t) override {
    std::string name(path);
    return {std::make_shared<SourceBuffer>(name, files[name]), name, {}};
  }
  std::string ownIdentity() const override { return {}; }
};

struct Work {
  uint64_t blocks = 0, bytes = 0;
  size_t operations = 0;
};

/// Compiles a program, reads its plan back and prints it, all of it counted.
Work workOf(const Shape &shape, int n, bool printAll) {
  const std::string text = shape.text(n);
  FilesInMemory files;
  if (shape.files)
    files.files = shape.files(n);
  std::string messages;
  llvm::raw_string_ostream stream(messages);
  DiagnosticEngine diagnostics(&stream);
  diagnostics.showRemarks(false);
  llvm::raw_null_ostream nowhere;
  CompileOptions options;
  options.passOutput = &nowhere;
  options.manager.printAfterAll = printAll;
  if (!shape.passes.empty())
    options.passes = std::move(*parsePipeline(shape.passes, diagnostics));
  auto source = std::make_shared<SourceBuffer>("growth.xir", text);
  const uint64_t blocksBefore = blocks, bytesBefore = allocatedBytes;
  auto plan = compile(source, options, diagnostics, &files);
  EXPECT_TRUE(plan) << messages.substr(0, 1000);
  if (!plan)
    return {};
  auto file = PlanFile::fromBytes(*plan, "growth.xplan", diagnostics, options.limits);
  EXPECT_TRUE(file) << messages.substr(0, 1000);
  if (!file)
    return {};
  if (printAll) {
    dumpPlan((*file)->view(), nowhere);
    explainPlan((*file)->view(), nowhere);
  }
  return {blocks - blocksBefore, allocatedBytes - bytesBefore, (*file)->view().ops.size()};
}

/// With what exponent work grows from one doubling to the next, whatever a program costs at least.
double exponent(uint64_t once, uint64_t twice, uint64_t fourTimes) {
  if (twice <= once || fourTimes <= twice)
    return 0;
  return std::log2(static_cast<double>(fourTimes - twice) / static_cast<double>(twice - once));
}

constexpr double greatestExponent = 1.3;

struct GrowthTest : ::testing::TestWithParam<Shape> {
  void check(bool printAll) {
    const Shape &shape = GetParam();
    Work work[3];
    for (int i = 0; i != 3; ++i)
      work[i] = workOf(shape, shape.size << i, printAll);
    if (HasFailure())
      return;
    const double ofBlocks = exponent(work[0].blocks, work[1].blocks, work[2].blocks),
                 ofBytes = exponent(work[0].bytes, work[1].bytes, work[2].bytes);
    RecordProperty("blocks", std::to_string(ofBlocks));
    RecordProperty("bytes", std::to_string(ofBytes));
    EXPECT_LT(ofBlocks, greatestExponent)
        << work[0].blocks << ", " << work[1].blocks << ", " << work[2].blocks;
    EXPECT_LT(ofBytes, greatestExponent) << work[0].bytes << ", " << work[1].bytes << ", " << work[2].bytes;
  }
};

std::string testName(const ::testing::TestParamInfo<Shape> &info) {
  std::string name;
  bool upper = true;
  for (char c : info.param.name) {
    if (std::isalnum(static_cast<unsigned char>(c)))
      name += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = !std::isalnum(static_cast<unsigned char>(c));
  }
  return name;
}

} // namespace

TEST_P(GrowthTest, CompilingIsLinear) { check(false); }

struct PrintingGrowthTest : GrowthTest {};
TEST_P(PrintingGrowthTest, PrintingIsLinear) { check(true); }

INSTANTIATE_TEST_SUITE_P(Straight, GrowthTest, ::testing::ValuesIn(straightShapes()), testName);
INSTANTIATE_TEST_SUITE_P(Regions, GrowthTest, ::testing::ValuesIn(regionShapes()), testName);
INSTANTIATE_TEST_SUITE_P(Calls, GrowthTest, ::testing::ValuesIn(callShapes()), testName);
INSTANTIATE_TEST_SUITE_P(World, GrowthTest, ::testing::ValuesIn(worldShapes()), testName);
INSTANTIATE_TEST_SUITE_P(Data, GrowthTest, ::testing::ValuesIn(dataShapes()), testName);
// Printing once a family is enough: names, regions, functions, attributes, types.
INSTANTIATE_TEST_SUITE_P(Regions, PrintingGrowthTest, ::testing::ValuesIn(regionShapes().first(6)), testName);
INSTANTIATE_TEST_SUITE_P(Calls, PrintingGrowthTest, ::testing::ValuesIn(callShapes().first(4)), testName);
INSTANTIATE_TEST_SUITE_P(Data, PrintingGrowthTest, ::testing::ValuesIn(dataShapes().first(6)), testName);

/// The check itself: work with a square in it is seen, and a constant part hides nothing.
TEST(GrowthCheck, SeesASquare) {
  auto linear = [](uint64_t n) { return 1000000 + 7 * n; };
  auto square = [](uint64_t n) { return 1000000 + 1000 * n + n * n; };
  EXPECT_NEAR(exponent(linear(1000), linear(2000), linear(4000)), 1, 0.01);
  EXPECT_GT(exponent(square(1000), square(2000), square(4000)), greatestExponent);
#ifdef XCS_COUNT_WORK
  const uint64_t before = blocks;
  workOf(straightShapes()[0], 100, false);
  EXPECT_GT(blocks, before + 1000);
#endif
}
