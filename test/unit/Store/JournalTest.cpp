#include "xcs/Store/Journal.h"
#include "SyncedFiles.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

using namespace xcs;

namespace {

using Kind = JournalRow::Kind;

std::string contentOf(const std::string &file) {
  std::ifstream in(file, std::ios::binary);
  return (std::ostringstream() << in.rdbuf()).str();
}
void put(const std::string &file, std::string_view content) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << content;
}

JournalRow rowOf(Kind kind, const std::string &key, bool isOnce = true) {
  return {kind,
          isOnce,
          key,
          "request of " + key,
          "http.request",
          "@f/" + key,
          kind == Kind::Done ? "\"" + key + "\"" : ""};
}

struct JournalTest : ::testing::Test {
  llvm::SmallString<128> folder;
  std::string file;
  const JournalHead head{"main", "(q: str) -> str", "0123456789abcdef", "fedcba9876543210", 42};

  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("xcs-journal", folder));
    file = (folder + "/j").str();
  }
  void TearDown() override { llvm::sys::fs::remove_directories(folder); }

  std::unique_ptr<Journal> make(const Journal::Options &options = {}) const {
    auto made = Journal::create(file, head, options);
    EXPECT_TRUE(made) << (made ? "" : made.error().why);
    return made ? std::move(*made) : nullptr;
  }
  /// Writes that have ended, one that has not, reads of both kinds.
  void fill() const {
    auto journal = make();
    ASSERT_TRUE(journal);
    for (const char *key : {"w1", "w2", "w3", "w4", "w5", "w6"}) {
      journal->append(rowOf(Kind::Started, key));
      if (std::string_view(key) != "w6")
        journal->append(rowOf(Kind::Done, key));
    }
    for (const char *key : {"r1", "r2"}) {
      journal->append(rowOf(Kind::Started, key, false));
      if (std::string_view(key) != "r2")
        journal->append(rowOf(Kind::Done, key, false));
    }
    ASSERT_FALSE(journal->flush());
  }
  /// Whether what was done can still not be done twice, and no answer is another one. `reported`: something
  /// is said about it.
  void expectSafe(const std::string &what, bool &reported) const {
    auto opened = Journal::open(file, {});
    reported = true;
    if (!opened)
      return;
    const JournalContent &content = (*opened)->content();
    reported = content.lost || content.damaged || content.mayLackWrites;
    for (const char *key : {"w1", "w2", "w3", "w4", "w5", "w6", "r1"}) {
      const bool isWrite = *key == 'w';
      const auto found = content.entries.find(std::string_view(key));
      if (found == content.entries.end()) {
        EXPECT_TRUE(!isWrite || content.mayLackWrites) << what << " " << key;
        continue;
      }
      const JournalEntry &entry = found->second;
      if (entry.isInDoubt() || entry.isDamaged)
        continue;
      if (entry.kind == Kind::Done) {
        const auto body = (*opened)->body(entry.row);
        EXPECT_EQ(body ? *body : "", "\"" + std::string(key) + "\"") << what;
      } else {
        EXPECT_FALSE(isWrite) << what << " " << key;
      }
    }
  }
};

} // namespace

TEST_F(JournalTest, WhatIsAppendedIsReadAgain) {
  fill();
  auto opened = Journal::open(file, {});
  ASSERT_TRUE(opened);
  EXPECT_EQ((*opened)->head().entry, head.entry);
  EXPECT_EQ((*opened)->head().signature, head.signature);
  EXPECT_EQ((*opened)->head().arguments, head.arguments);
  EXPECT_EQ((*opened)->head().program, head.program);
  EXPECT_EQ((*opened)->head().seed, head.seed);
  const JournalContent &content = (*opened)->content();
  EXPECT_EQ(content.rows, 15u);
  EXPECT_EQ(content.entries.size(), 8u);
  EXPECT_FALSE(content.mayLackWrites || content.lost || content.damaged);
  const JournalEntry &done = content.entries.find("w2")->second;
  EXPECT_EQ(done.kind, Kind::Done);
  EXPECT_EQ(done.at, "@f/w2");
  EXPECT_EQ(done.request, "request of w2");
  EXPECT_EQ(*(*opened)->body(done.row), "\"w2\"");
  EXPECT_TRUE(content.entries.find("w6")->second.isInDoubt());
  EXPECT_FALSE(content.entries.find("r2")->second.isInDoubt());
}

TEST_F(JournalTest, OneProcessAtATime) {
  auto journal = make();
  auto second = Journal::open(file, {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, JournalError::Kind::InUse);
  EXPECT_NE(second.error().why.find(std::to_string(::getpid()) + " on "), std::string::npos)
      << second.error().why;
  journal.reset();
  EXPECT_TRUE(Journal::open(file, {}));
}

TEST_F(JournalTest, OneThatIsThereIsNotMadeAgain) {
  fill();
  auto again = Journal::create(file, head, {});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, JournalError::Kind::Exists);
  llvm::sys::fs::remove(file);
  auto lost = Journal::create(file, head, {});
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().kind, JournalError::Kind::Damaged) << "F-count says that there was one";
}

/// Its process was killed while it made it.
TEST_F(JournalTest, AnUnfinishedOneIsMadeAnew) {
  for (const char *left : {"", "x"}) {
    put(file, left);
    auto made = Journal::create(file, head, {});
    EXPECT_EQ(made.ok(), !*left) << "what is no database is not removed";
    if (made)
      made->reset();
    llvm::sys::fs::remove(file);
    llvm::sys::fs::remove(file + "-count");
  }
}

TEST_F(JournalTest, EveryDamagedByteIsSafe) {
  fill();
  const std::string whole = contentOf(file), count = contentOf(file + "-count");
  unsigned told = 0, silent = 0;
  for (size_t at = 0; at < whole.size(); at += 11) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(~damaged[at]);
    put(file, damaged);
    put(file + "-count", count);
    llvm::sys::fs::remove(file + "-wal");
    bool reported = false;
    expectSafe("byte " + std::to_string(at), reported);
    ++(reported ? told : silent);
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(told, 100u);
  EXPECT_GT(silent, 0u) << "room that SQLite does not use";
}

TEST_F(JournalTest, EveryLengthIsSafe) {
  fill();
  const std::string whole = contentOf(file), count = contentOf(file + "-count");
  for (size_t size = 0; size < whole.size(); size += 97) {
    put(file, std::string_view(whole).substr(0, size));
    put(file + "-count", count);
    llvm::sys::fs::remove(file + "-wal");
    bool reported = false;
    expectSafe("length " + std::to_string(size), reported);
    EXPECT_TRUE(reported) << size;
  }
}

TEST_F(JournalTest, EveryByteOfTheCountIsSafe) {
  fill();
  const std::string whole = contentOf(file), count = contentOf(file + "-count");
  ASSERT_EQ(count.size(), 128u);
  for (size_t at = 0; at < count.size(); ++at) {
    std::string damaged = count;
    damaged[at] = static_cast<char>(~damaged[at]);
    put(file + "-count", damaged);
    bool reported = false;
    expectSafe("byte " + std::to_string(at), reported);
  }
  put(file + "-count", "");
  bool reported = false;
  expectSafe("no count", reported);
  EXPECT_TRUE(reported);
}

/// With each row that was said to be kept, the power goes: all writes that may have begun are there.
TEST_F(JournalTest, ALossOfPowerLosesNoWriteThatHasBegun) {
  SyncedFiles files;
  auto journal = make({.durable = true, .vfs = files.name()});
  ASSERT_TRUE(journal);
  struct Moment {
    std::map<std::string, std::string> synced;
    std::string count;
  };
  std::vector<Moment> moments;
  for (int i = 0; i != 40; ++i) {
    const std::string key = "w" + std::to_string(i);
    journal->append(rowOf(Kind::Started, key), [&](const std::optional<JournalError> &problem) {
      EXPECT_FALSE(problem);
      moments.push_back({files.afterPowerLoss(), contentOf(file + "-count")});
    });
    ASSERT_FALSE(journal->flush());
    journal->append(rowOf(Kind::Done, key));
  }
  journal.reset();
  ASSERT_EQ(moments.size(), 40u);
  for (size_t i = 0; i != moments.size(); ++i) {
    for (const char *ending : {"", "-wal", "-shm", "-count"})
      llvm::sys::fs::remove(file + ending);
    for (const auto &[path, content] : moments[i].synced)
      put(path, content);
    put(file + "-count", moments[i].count);
    auto opened = Journal::open(file, {});
    ASSERT_TRUE(opened) << i << " " << opened.error().why;
    for (size_t w = 0; w <= i; ++w)
      EXPECT_TRUE((*opened)->content().entries.contains("w" + std::to_string(w))) << i << " " << w;
    EXPECT_FALSE((*opened)->content().mayLackWrites) << i;
  }
}
