#include "Plan/SamplePlan.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

using namespace xcs;

namespace {

std::string replaced(std::string bytes, size_t at, const void *value, size_t size) {
  std::memcpy(bytes.data() + at, value, size);
  return bytes;
}

/// A file of this test alone, removed at the end.
class TemporaryFile {
public:
  explicit TemporaryFile(std::string_view bytes)
      : path(std::filesystem::temp_directory_path() / ("xcs-plan-" + std::to_string(getpid()) + ".xplan")) {
    std::ofstream(path, std::ios::binary) << bytes;
  }
  ~TemporaryFile() { std::filesystem::remove(path); }
  const std::filesystem::path path;
};

TEST(PlanFile, SampleRoundTrips) {
  SamplePlan sample;
  std::unique_ptr<PlanFile> file = openPlan(sample.bytes());
  ASSERT_TRUE(file) << openError(sample.bytes());
  const PlanView &plan = file->view();
  ASSERT_EQ(plan.ops.size(), sample.tables.ops.size());
  EXPECT_EQ(plan.optimizationLevel, 2u);
  for (size_t i = 0; i < plan.ops.size(); ++i) {
    EXPECT_EQ(plan.ops[i].code, sample.tables.ops[i].code);
    EXPECT_EQ(plan.ops[i].resultSlot, sample.tables.ops[i].resultSlot);
  }
  const PlanOp &chat = plan.ops[5];
  EXPECT_EQ(plan.constants.text(plan.resources[chat.target].symbol), "gpt");
  EXPECT_EQ(plan.constants.floatAttr(plan.attrsOf(chat)[1]), 0.5);
  EXPECT_EQ(plan.constants.floatAttr(plan.constants.find(chat.dict, Attribute::temperature)), 0.5);
  EXPECT_EQ(plan.constants.text(plan.ops[0].name), "twice");
}

TEST(PlanFile, SameTablesGiveTheSameBytes) { EXPECT_EQ(SamplePlan().bytes(), SamplePlan().bytes()); }

TEST(PlanFile, WhatNothingNamesIsLeftOut) {
  SamplePlan sample;
  std::string before = sample.bytes();
  sample.pool.intern("a string that nothing names");
  sample.pool.list(sample.pool.scalar(TypeKind::Bytes));
  DictEntry entry{sample.pool.intern("unused"), sample.pool.textAttr("also unused")};
  sample.pool.dict({&entry, 1});
  sample.tables.constants = sample.pool.view();
  EXPECT_EQ(sample.bytes(), before);
}

TEST(PlanFile, EmptyPlanRoundTrips) {
  ConstantPool pool;
  PlanTables tables;
  tables.constants = pool.view();
  DiagnosticEngine diagnostics;
  Result<std::string> bytes = writePlan(tables, "empty", diagnostics, {});
  ASSERT_TRUE(bytes);
  EXPECT_EQ(openError(*bytes), "");
}

TEST(PlanFile, DigestFollowsTheContent) {
  SamplePlan one, other;
  other.tables.constantSlots[1].value = other.pool.intAttr(2);
  other.tables.constants = other.pool.view();
  uint64_t first = openPlan(one.bytes())->view().digest;
  EXPECT_EQ(first, openPlan(one.bytes())->view().digest);
  EXPECT_NE(first, openPlan(other.bytes())->view().digest);
}

TEST(PlanFile, TruncatedAtEveryByteIsRefused) {
  std::string bytes = SamplePlan().bytes();
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_NE(openError(bytes.substr(0, size)).find("is truncated"), std::string::npos) << size;
}

TEST(PlanFile, EveryFlippedBitIsRefused) {
  std::string bytes = SamplePlan().bytes();
  for (size_t at = 0; at < bytes.size(); ++at)
    for (unsigned bit = 0; bit < 8; ++bit) {
      bytes[at] = static_cast<char>(bytes[at] ^ (1u << bit));
      EXPECT_NE(openError(bytes), "") << "byte " << at << " bit " << bit;
      bytes[at] = static_cast<char>(bytes[at] ^ (1u << bit));
    }
}

/// Reads all a plan has: what the verifier let through must be readable everywhere.
size_t readAll(const PlanView &plan) {
  size_t sum = 0;
  for (const PlanOp &op : plan.ops) {
    sum += plan.operandsOf(op).size() + rowOf(op.code).name.size();
    for (AttrId attr : plan.attrsOf(op))
      sum += attr ? printAttr(plan.constants, attr).size() : 0;
    sum += printDict(plan.constants, op.dict).size();
  }
  for (const PlanSlot &slot : plan.slots)
    sum += printType(plan.constants, slot.type).size();
  for (const PlanRegion &region : plan.regions)
    for (uint32_t n = 0; n < region.nodeCount; ++n)
      sum += plan.opsOf(region.firstNode + n).size() + plan.successorsOf(region.firstNode + n).size();
  return sum;
}

TEST(PlanFile, TruncatedAtEveryByteWithARightHeaderIsRefusedButForPadding) {
  std::string bytes = SamplePlan().bytes();
  const size_t whole = readAll(openPlan(bytes)->view());
  for (size_t size = sizeof(planformat::Header); size < bytes.size(); ++size)
    if (std::unique_ptr<PlanFile> file = openPlan(withChecksum(bytes.substr(0, size)))) {
      EXPECT_GT(size + 8, bytes.size());
      EXPECT_EQ(readAll(file->view()), whole);
    }
}

TEST(PlanFile, EveryChangedByteWithARightChecksumIsRefusedOrReadable) {
  const std::string bytes = SamplePlan().bytes();
  size_t refused = 0, accepted = 0;
  for (size_t at = sizeof(planformat::Header); at < bytes.size(); ++at)
    for (unsigned change : {0x01u, 0x80u, 0xffu, 0x04u}) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ change);
      std::unique_ptr<PlanFile> file = openPlan(withChecksum(changed));
      if (file)
        readAll(file->view());
      ++(file ? accepted : refused);
    }
  // Most bytes are indices; those that may be anything are texts, numbers, lines, padding.
  EXPECT_GT(refused, accepted);
  EXPECT_GT(accepted, 0u);
}

TEST(PlanFile, EveryWordReplacedByAnExtremeIsRefusedOrReadable) {
  const std::string bytes = SamplePlan().bytes();
  for (size_t at = sizeof(planformat::Header); at + 4 <= bytes.size(); at += 4)
    for (uint32_t value : {0u, 1u, 2u, 0x7fffffffu, 0x80000000u, 0xfffffffeu, 0xffffffffu}) {
      std::unique_ptr<PlanFile> file = openPlan(withChecksum(replaced(bytes, at, &value, 4)));
      if (file)
        readAll(file->view());
    }
}

TEST(PlanFile, NewerVersionIsRefused) {
  uint32_t newer = planformat::version + 1;
  std::string bytes = replaced(SamplePlan().bytes(), offsetof(planformat::Header, version), &newer, 4);
  EXPECT_EQ(openError(bytes),
            "`test.xplan` has version 7 of the plan format, this `xcs-run` reads version 6; use a newer "
            "`xcs-run`");
}

TEST(PlanFile, VersionZeroAndFlagsAreRefused) {
  uint32_t zero = 0, flag = 1;
  std::string bytes = SamplePlan().bytes();
  EXPECT_NE(openError(replaced(bytes, offsetof(planformat::Header, version), &zero, 4))
                .find("its header is invalid"),
            std::string::npos);
  EXPECT_NE(
      openError(replaced(bytes, offsetof(planformat::Header, flags), &flag, 4)).find("its header is invalid"),
      std::string::npos);
}

TEST(PlanFile, BytesBehindTheEndAreRefused) {
  EXPECT_EQ(
      openError(SamplePlan().bytes() + "x"),
      "`test.xplan` was altered after it was written: it is longer than its header says; compile it again");
}

TEST(PlanFile, TextIsRecognised) {
  EXPECT_NE(openError("func @main() {}\n").find("is source text, not a plan"), std::string::npos);
  EXPECT_NE(openError("XCS").find("is truncated"), std::string::npos);
  EXPECT_NE(openError(std::string_view("\x7f"
                                       "ELF\2\1\1\0",
                                       8))
                .find("is not a plan"),
            std::string::npos);
}

TEST(PlanFile, LargerThanTheLimitIsRefused) {
  Limits limits;
  limits.set(Limit::PlanBytes, 100);
  EXPECT_EQ(openError(SamplePlan().bytes(), limits),
            "the size of a plan exceeds the limit of 100 bytes; raise it with `--limit plan-bytes=N`");
  DiagnosticEngine diagnostics;
  SamplePlan sample;
  EXPECT_FALSE(writePlan(sample.tables, "out.xplan", diagnostics, limits));
  ASSERT_EQ(diagnostics.all().size(), 1u);
  EXPECT_EQ(diagnostics.all()[0].id, Diag::LimitExceeded);
}

TEST(PlanFile, OpenedFileIsTheSamePlan) {
  SamplePlan sample;
  TemporaryFile saved(sample.bytes());
  DiagnosticEngine diagnostics;
  Result<std::unique_ptr<PlanFile>> file = PlanFile::open(saved.path, diagnostics, {});
  ASSERT_TRUE(file);
  EXPECT_EQ((*file)->view().digest, openPlan(sample.bytes())->view().digest);
  EXPECT_EQ(readAll((*file)->view()), readAll(openPlan(sample.bytes())->view()));
}

TEST(PlanFile, WhatIsWrittenOverTheFileLaterChangesNothing) {
  SamplePlan sample;
  const std::string bytes = sample.bytes();
  TemporaryFile saved(bytes);
  DiagnosticEngine diagnostics;
  Result<std::unique_ptr<PlanFile>> file = PlanFile::open(saved.path, diagnostics, {});
  ASSERT_TRUE(file);
  std::ofstream(saved.path, std::ios::binary | std::ios::in) << std::string(bytes.size(), '\xff');
  EXPECT_EQ(readAll((*file)->view()), readAll(openPlan(bytes)->view()));
  std::ofstream(saved.path, std::ios::binary | std::ios::trunc).flush();
  EXPECT_EQ(readAll((*file)->view()), readAll(openPlan(bytes)->view()));
}

TEST(PlanFile, MissingFileAndFolderAreReported) {
  for (const char *path : {"/nonexistent/plan.xplan", "/"}) {
    DiagnosticEngine diagnostics;
    EXPECT_FALSE(PlanFile::open(path, diagnostics, {}));
    ASSERT_EQ(diagnostics.all().size(), 1u);
    EXPECT_EQ(diagnostics.all()[0].id, Diag::InputUnreadable);
  }
}

TEST(PlanFile, EmptyFileIsCutOff) {
  TemporaryFile saved("");
  DiagnosticEngine diagnostics;
  EXPECT_FALSE(PlanFile::open(saved.path, diagnostics, {}));
  ASSERT_EQ(diagnostics.all().size(), 1u);
  EXPECT_EQ(diagnostics.all()[0].id, Diag::PlanTruncated);
}

} // namespace
