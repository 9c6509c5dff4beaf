#include "xcs/Compiler/PlanDirectory.h"
#include "xcs/Compiler/Compiler.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <map>

using namespace xcs;

namespace {

struct FilesInMemory : ImportedFiles {
  std::map<std::string, std::string, std::less<>> texts, identities;
  Answer read(std::string_view path, uint64_t) override {
    auto text = texts.find(path);
    if (text == texts.end())
      return {nullptr, {}, "it is not there"};
    auto identity = identities.find(path);
    return {std::make_shared<SourceBuffer>(text->first, text->second),
            identity == identities.end() ? text->first : identity->second,
            {}};
  }
  std::string ownIdentity() const override { return "own"; }
};

struct PlanDirectoryTest : testing::Test {
  llvm::SmallString<128> path;
  std::string messages;
  llvm::raw_string_ostream stream{messages};
  DiagnosticEngine diagnostics{&stream};
  FilesInMemory files;
  std::string plan, other;
  const PlanDirectory::Program program{"tool", "options", "a.xir", "text"};

  PlanDirectoryTest() {
    diagnostics.showRemarks(false);
    EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("xcs-plans", path));
    std::filesystem::permissions(std::string(path), std::filesystem::perms::owner_all);
    plan = compiled("a");
    other = compiled("b");
    files.texts = {{"x.xir", "one"}, {"y.xir", "two"}};
  }
  ~PlanDirectoryTest() override { std::filesystem::remove_all(std::string(path)); }

  std::string compiled(const std::string &name) {
    auto bytes = compile(std::make_shared<SourceBuffer>(
                             name, "func @main(%" + name + ": str) -> str {\n  return(%" + name + ")\n}"),
                         {}, diagnostics);
    EXPECT_TRUE(bytes) << messages;
    return bytes ? *bytes : std::string();
  }
  PlanDirectory opened(Limits limits = {}) { return PlanDirectory(std::string(path), limits, diagnostics); }
  std::vector<CachedImport> read(std::initializer_list<std::string_view> names) {
    ImportRecord record(files);
    for (std::string_view name : names)
      EXPECT_TRUE(record.read(name, 100).source);
    return record.imports();
  }
  std::vector<std::filesystem::path> entries() {
    std::vector<std::filesystem::path> found;
    for (const auto &entry : std::filesystem::directory_iterator(std::string(path)))
      found.push_back(entry.path());
    return found;
  }
  static std::string contentOf(const std::filesystem::path &file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void write(const std::filesystem::path &file, std::string_view bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
  }
};

} // namespace

TEST_F(PlanDirectoryTest, APlanIsFoundByAllThatItDependsOn) {
  PlanDirectory directory = opened();
  EXPECT_FALSE(directory.find(program, files));
  directory.store(program, read({"x.xir", "y.xir"}), plan);
  EXPECT_EQ(directory.find(program, files), plan);
  EXPECT_EQ(opened().find(program, files), plan) << "another process";
  for (PlanDirectory::Program changed : {PlanDirectory::Program{"other tool", "options", "a.xir", "text"},
                                         {"tool", "other", "a.xir", "text"},
                                         {"tool", "options", "b.xir", "text"},
                                         {"tool", "options", "a.xir", "other"},
                                         {"toolo", "ptions", "a.xir", "text"}})
    EXPECT_FALSE(directory.find(changed, files));
  files.texts["y.xir"] = "changed";
  EXPECT_FALSE(directory.find(program, files));
  files.texts["y.xir"] = "two";
  EXPECT_EQ(directory.find(program, files), plan);
  files.identities["y.xir"] = "x.xir"; // one file by two names
  EXPECT_FALSE(directory.find(program, files));
  files.identities["y.xir"] = "own";
  EXPECT_FALSE(directory.find(program, files));
  files.identities.clear();
  files.texts.erase("x.xir");
  EXPECT_FALSE(directory.find(program, files));
  EXPECT_EQ(messages, "") << "none of that is damage";
}

TEST_F(PlanDirectoryTest, TheSameFileTwiceIsFoundAgain) {
  files.identities["y.xir"] = "x.xir";
  PlanDirectory directory = opened();
  directory.store(program, read({"x.xir", "y.xir", "x.xir"}), plan);
  EXPECT_EQ(directory.find(program, files), plan);
  files.identities.clear();
  EXPECT_FALSE(directory.find(program, files));
}

/// Cut at every byte, and with every byte changed: a miss that is told, never another plan.
TEST_F(PlanDirectoryTest, EveryDamageIsAMiss) {
  PlanDirectory directory = opened();
  directory.store(program, read({"x.xir"}), plan);
  ASSERT_EQ(entries().size(), 1u);
  const std::filesystem::path file = entries()[0];
  const std::string whole = contentOf(file);
  auto isMiss = [&](std::string_view damaged, size_t at) {
    write(file, damaged);
    DiagnosticEngine told;
    PlanDirectory again(std::string(path), {}, told);
    EXPECT_FALSE(again.find(program, files)) << at;
    ASSERT_EQ(told.all().size(), 1u) << at;
    EXPECT_EQ(told.all()[0].id, Diag::CacheDamaged) << at;
    EXPECT_EQ(told.exitCode(), ExitCode::Done) << "a warning is no failure";
  };
  for (size_t at = 0; at < whole.size(); ++at) {
    isMiss(std::string_view(whole).substr(0, at), at);
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ (1 << at % 8));
    isMiss(changed, at);
  }
  isMiss(whole + "x", whole.size());
  write(file, whole);
  EXPECT_EQ(directory.find(program, files), plan);
}

/// An entry under the name of another program's, with a right checksum: its key is another.
TEST_F(PlanDirectoryTest, AnEntryOfAnotherKeyIsAMiss) {
  PlanDirectory directory = opened();
  directory.store(program, {}, plan);
  const std::filesystem::path file = entries()[0];
  const PlanDirectory::Program second{"tool", "options", "b.xir", "text"};
  directory.store(second, {}, other);
  for (const std::filesystem::path &entry : entries())
    if (entry != file)
      std::filesystem::copy_file(entry, file, std::filesystem::copy_options::overwrite_existing);
  EXPECT_FALSE(directory.find(program, files));
  EXPECT_EQ(directory.find(second, files), other);
}

TEST_F(PlanDirectoryTest, APlanThatIsNoneIsDamage) {
  PlanDirectory directory = opened();
  directory.store(program, {}, "no plan at all");
  EXPECT_FALSE(directory.find(program, files));
  EXPECT_NE(messages.find("[cache-damaged]"), std::string::npos) << messages;
}

TEST_F(PlanDirectoryTest, ALinkIsNotFollowed) {
  PlanDirectory directory = opened();
  directory.store(program, {}, plan);
  const std::filesystem::path file = entries()[0], away = std::string(path) + ".away";
  std::filesystem::rename(file, away);
  std::filesystem::create_symlink(away, file);
  EXPECT_FALSE(directory.find(program, files));
  EXPECT_NE(messages.find("[cache-damaged]"), std::string::npos) << messages;
  directory.store(program, {}, plan); // the link is replaced, not what it leads to
  EXPECT_EQ(directory.find(program, files), plan);
  EXPECT_FALSE(std::filesystem::is_symlink(file));
  std::filesystem::remove(away);
}

TEST_F(PlanDirectoryTest, ADirectoryOthersMayUseIsNotUsed) {
  using std::filesystem::perms;
  for (perms extra : {perms::group_read, perms::others_exec, perms::others_write}) {
    messages.clear();
    std::filesystem::permissions(std::string(path), perms::owner_all | extra);
    PlanDirectory directory = opened();
    EXPECT_NE(messages.find("[cache-unused]"), std::string::npos) << messages;
    directory.store(program, {}, plan);
    EXPECT_FALSE(directory.find(program, files));
    EXPECT_TRUE(entries().empty());
  }
}

TEST_F(PlanDirectoryTest, ItStaysWithinItsBoundAndKeepsWhatIsUsed) {
  PlanDirectory first = opened();
  first.store(program, {}, plan);
  const uint64_t size = std::filesystem::file_size(entries()[0]);
  Limits limits;
  limits.set(Limit::CompileCacheBytes, 10 * size);
  PlanDirectory directory = opened(limits);
  for (int i = 0; i < 40; ++i) {
    const std::string name = std::to_string(i) + ".xir";
    directory.store({"tool", "options", name, "text"}, {}, plan);
    EXPECT_EQ(directory.find(program, files), plan) << "it is used again and again, " << i;
    uint64_t all = 0;
    for (const auto &entry : entries())
      all += std::filesystem::file_size(entry);
    EXPECT_LE(all, 10 * size);
  }
  EXPECT_GE(entries().size(), 5u);
  limits.set(Limit::CompileCacheBytes, 10);
  const size_t before = entries().size();
  PlanDirectory tiny = opened(limits);
  tiny.store({"tool", "options", "large", "text"}, {}, plan);
  EXPECT_EQ(entries().size(), before) << "a plan that has no room is not written";
  EXPECT_EQ(messages, "");
}

TEST_F(PlanDirectoryTest, WhatAKilledProcessLeftGoes) {
  const std::filesystem::path old = std::string(path) + "/.new-1-2", young = std::string(path) + "/.new-3-4",
                              foreign = std::string(path) + "/notes.txt";
  for (const auto &file : {old, young, foreign})
    write(file, "x");
  std::filesystem::last_write_time(old,
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
  Limits limits;
  limits.set(Limit::CompileCacheBytes, 30'000); // so small that each entry looks for room
  PlanDirectory directory = opened(limits);
  directory.store(program, {}, plan);
  EXPECT_FALSE(std::filesystem::exists(old));
  EXPECT_TRUE(std::filesystem::exists(young)) << "its process may still write it";
  EXPECT_TRUE(std::filesystem::exists(foreign)) << "it is none of ours";
}
