#include "xcs/Store/Database.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>

using namespace xcs;

namespace {

struct DatabaseTest : ::testing::Test {
  llvm::SmallString<128> folder;
  std::string file;

  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("xcs-database", folder));
    file = (folder + "/data").str();
  }
  void TearDown() override { llvm::sys::fs::remove_directories(folder); }

  Database make(Database::Options options = {}) const {
    options.create = true;
    auto made = Database::open(file, options);
    EXPECT_TRUE(made) << (made ? "" : made.error().why);
    return std::move(*made);
  }
  DatabaseError refusal(const Database::Options &options = {}) const {
    auto opened = Database::open(file, options);
    EXPECT_FALSE(opened);
    return opened ? DatabaseError{} : opened.error();
  }
};

} // namespace

TEST_F(DatabaseTest, WhatIsBoundIsReadAgain) {
  Database database = make();
  ASSERT_TRUE(database.execute("CREATE TABLE t(a, b, c, d); CREATE INDEX i ON t(a)"));
  auto insert = database.prepare("INSERT INTO t VALUES(?, ?, ?, ?)");
  ASSERT_TRUE(insert);
  const std::string text("a\0\xff", 3);
  for (int64_t i : {INT64_MIN, int64_t(0), INT64_MAX})
    ASSERT_TRUE(insert->bind(i).bind("é").bindBlob(text).bindNull().run());
  EXPECT_EQ(database.changes(), 1);
  auto select = database.prepare("SELECT a, b, c, d FROM t ORDER BY a");
  ASSERT_TRUE(select);
  for (int64_t i : {INT64_MIN, int64_t(0), INT64_MAX}) {
    auto row = select->step();
    ASSERT_TRUE(row && *row);
    EXPECT_EQ(select->integer(0), i);
    EXPECT_EQ(select->text(1), "é");
    EXPECT_EQ(select->text(2), text);
    EXPECT_TRUE(select->isNull(3));
  }
  auto end = select->step();
  EXPECT_TRUE(end && !*end);
}

TEST_F(DatabaseTest, TheFileIsOfItsUserAlone) {
  const mode_t before = ::umask(0);
  Database database = make();
  ASSERT_TRUE(database.execute("CREATE TABLE t(a)"));
  ::umask(before);
  for (const std::string &each : {file, file + "-wal"}) {
    struct stat status;
    ASSERT_EQ(::stat(each.c_str(), &status), 0) << each;
    EXPECT_EQ(status.st_mode & 0777, 0600u) << each;
  }
}

TEST_F(DatabaseTest, AnExclusiveOneIsBusyForOthers) {
  Database database = make({.exclusive = true});
  ASSERT_TRUE(database.execute("CREATE TABLE t(a)"));
  EXPECT_EQ(refusal({.exclusive = true}).kind, DatabaseError::Kind::Busy);
}

TEST_F(DatabaseTest, WhatIsNoDatabaseIsDamaged) {
  std::ofstream(file) << std::string(5000, 'x');
  EXPECT_EQ(refusal().kind, DatabaseError::Kind::Damaged);
}

TEST_F(DatabaseTest, OnlyARegularFileIsOpened) {
  EXPECT_EQ(refusal().why, "No such file or directory");
  ASSERT_EQ(::symlink("elsewhere", file.c_str()), 0);
  EXPECT_FALSE(refusal({.create = true}).why.empty());
  EXPECT_EQ(refusal().why, "it is not a regular file");
  EXPECT_FALSE(llvm::sys::fs::exists(folder + "/elsewhere"));
}

TEST_F(DatabaseTest, AnErrorOfAStatementIsAValue) {
  Database database = make();
  EXPECT_FALSE(database.prepare("SELECT nothing FROM nowhere"));
  ASSERT_TRUE(database.execute("CREATE TABLE t(a UNIQUE)"));
  auto insert = database.prepare("INSERT INTO t VALUES(?)");
  ASSERT_TRUE(insert);
  EXPECT_TRUE(insert->bind("a").run());
  auto second = insert->bind("a").run();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().why, "UNIQUE constraint failed: t.a");
  EXPECT_TRUE(insert->bind("b").run());
}
