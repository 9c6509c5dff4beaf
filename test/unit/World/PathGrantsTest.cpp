#include "xcs/Io/Beneath.h"
#include "xcs/World/Grants.h"
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace xcs;
using Access = PathGrants::Access;

namespace {

/// A directory with `in/file`, `in/link` to `../out` and `out/file`, removed at the end.
class PathGrantsTest : public testing::Test {
protected:
  PathGrantsTest() {
    std::string name = (std::filesystem::temp_directory_path() / "xcs-grants-XXXXXX").string();
    top = std::filesystem::canonical(mkdtemp(name.data())).string();
    std::filesystem::create_directories(top + "/in/deep");
    std::filesystem::create_directories(top + "/out");
    std::ofstream(top + "/in/file") << "inner";
    std::ofstream(top + "/out/file") << "outer";
    std::filesystem::create_directory_symlink("../out", top + "/in/link");
    std::filesystem::create_symlink("file", top + "/in/filelink");
  }
  ~PathGrantsTest() override { std::filesystem::remove_all(top); }

  std::string top, why;
};

} // namespace

TEST_F(PathGrantsTest, TheMoreExactGrantCountsAndADenialWins) {
  PathGrants grants;
  ASSERT_TRUE(grants.allow(Access::Read, top, why));
  ASSERT_TRUE(grants.allow(Access::Read, top + "/in/link", why));
  grants.deny(Access::Read, top + "/in/deep");
  EXPECT_EQ(grants.placeOf(Access::Read, top + "/in/file")->rest, "in/file");
  EXPECT_EQ(grants.placeOf(Access::Read, top + "/in/link/file")->rest, "file");
  EXPECT_EQ(grants.placeOf(Access::Read, top)->rest, ".");
  EXPECT_FALSE(grants.placeOf(Access::Read, top + "/in/deep"));
  EXPECT_FALSE(grants.placeOf(Access::Read, top + "/in/deep/x"));
  EXPECT_FALSE(grants.placeOf(Access::Write, top + "/in/file"));
  EXPECT_FALSE(grants.placeOf(Access::Read, top + "x"));
  EXPECT_FALSE(grants.placeOf(Access::Read, ""));
}

TEST_F(PathGrantsTest, ADenialByALinkDeniesWhatItLeadsTo) {
  PathGrants grants;
  grants.allowAll();
  grants.deny(Access::Read, top + "/in/link");
  EXPECT_FALSE(grants.placeOf(Access::Read, top + "/out/file"));
  EXPECT_TRUE(grants.placeOf(Access::Write, top + "/out/file"));
}

/// What the directory is called later does not matter: it was opened when it was granted.
TEST_F(PathGrantsTest, AGrantHoldsItsDirectory) {
  PathGrants grants;
  ASSERT_TRUE(grants.allow(Access::Read, top + "/in", why));
  std::filesystem::rename(top + "/in", top + "/moved");
  std::filesystem::create_directory_symlink("out", top + "/in");
  auto place = grants.placeOf(Access::Read, top + "/in/file");
  ASSERT_TRUE(place);
  Descriptor file = openBeneath(place->directory(), place->rest, O_RDONLY);
  char text[8] = {};
  ASSERT_EQ(read(*file, text, sizeof text), 5);
  EXPECT_STREQ(text, "inner");
}

/// What a link leads to is granted, under both names; what the link leads to later is not.
TEST_F(PathGrantsTest, AGrantedLinkMeansTheFileThatItLeadsTo) {
  PathGrants grants;
  ASSERT_TRUE(grants.allow(Access::Read, top + "/in/filelink", why));
  std::filesystem::remove(top + "/in/filelink");
  std::filesystem::create_symlink("../out/file", top + "/in/filelink");
  for (const char *name : {"/in/filelink", "/in/file"}) {
    auto place = grants.placeOf(Access::Read, top + name);
    ASSERT_TRUE(place) << name;
    EXPECT_EQ(place->rest, "file");
    EXPECT_EQ(place->real, top + "/in/file");
  }
  EXPECT_FALSE(grants.placeOf(Access::Read, top + "/out/file"));
  std::filesystem::create_symlink("nowhere", top + "/nothing");
  EXPECT_FALSE(grants.allow(Access::Write, top + "/nothing", why));
  EXPECT_EQ(why, "it is a symbolic link that leads nowhere");
  EXPECT_TRUE(grants.allow(Access::Write, top + "/new", why));
}

TEST_F(PathGrantsTest, LinksAreFollowedToWhatIsGrantedAlone) {
  PathGrants grants;
  ASSERT_TRUE(grants.allow(Access::Read, top + "/in", why));
  bool isDenied = false;
  auto follow = [&](const char *name) {
    return grants.followed(Access::Read, *grants.placeOf(Access::Read, top + name), isDenied);
  };
  EXPECT_EQ(follow("/in/filelink")->rest, "file");
  EXPECT_FALSE(follow("/in/link/file"));
  EXPECT_FALSE(follow("/in/file")); // there is nothing to follow
  EXPECT_FALSE(isDenied);
  grants.deny(Access::Read, top + "/in/file");
  EXPECT_FALSE(follow("/in/filelink"));
  EXPECT_TRUE(isDenied);
  // The link is changed once it has been followed: what was found is opened, or nothing.
  PathGrants others;
  ASSERT_TRUE(others.allow(Access::Read, top + "/in", why));
  std::filesystem::create_directory_symlink("deep", top + "/in/folder");
  std::ofstream(top + "/in/deep/file") << "deep";
  auto place =
      others.followed(Access::Read, *others.placeOf(Access::Read, top + "/in/folder/file"), isDenied);
  ASSERT_TRUE(place);
  std::filesystem::remove_all(top + "/in/deep");
  std::filesystem::create_directory_symlink("../out", top + "/in/deep");
  EXPECT_FALSE(openBeneath(place->directory(), place->rest, O_RDONLY));
}

TEST_F(PathGrantsTest, BothWaysOfOpeningRefuseLinks) {
  Descriptor directory(open((top + "/in").c_str(), O_PATH | O_DIRECTORY));
  for (bool walk : {false, true}) {
    EXPECT_TRUE(openBeneath(*directory, "file", O_RDONLY, 0, walk)) << walk;
    EXPECT_TRUE(openBeneath(*directory, ".", O_RDONLY | O_DIRECTORY, 0, walk)) << walk;
    EXPECT_TRUE(openBeneath(*directory, "deep", O_PATH, 0, walk)) << walk;
    for (const char *path : {"link/file", "filelink", "link", "link/none"})
      for (int flags : {O_RDONLY, O_PATH, O_WRONLY | O_CREAT | O_APPEND, O_RDONLY | O_DIRECTORY}) {
        errno = 0;
        EXPECT_FALSE(openBeneath(*directory, path, flags, 0600, walk)) << path << ' ' << flags << ' ' << walk;
        EXPECT_TRUE(errno == ELOOP || errno == EXDEV || errno == ENOTDIR)
            << path << ' ' << flags << ' ' << walk;
      }
    EXPECT_FALSE(openBeneath(*directory, "none/file", O_RDONLY, 0, walk));
    EXPECT_EQ(errno, ENOENT);
  }
  EXPECT_FALSE(std::filesystem::exists(top + "/out/none"));
}

TEST_F(PathGrantsTest, ProgramsAreWhatTheyWereWhenGranted) {
  std::ofstream(top + "/prog") << "#!/bin/sh\n";
  std::filesystem::permissions(top + "/prog", std::filesystem::perms::owner_all);
  std::filesystem::create_symlink("prog", top + "/alias");
  Grants grants;
  EXPECT_FALSE(grants.programs().allow(top + "/in/file")); // not executable
  EXPECT_FALSE(grants.programs().allow(top));
  ASSERT_TRUE(grants.programs().allow(top + "/./prog"));
  EXPECT_TRUE(grants.programs().allows(top + "/prog"));
  EXPECT_FALSE(grants.programs().allows(top + "/alias")); // one file may be many programs by its name
  grants.allowAll();
  EXPECT_TRUE(grants.programs().allows(top + "/alias"));
  grants.programs().deny(top + "/alias");
  EXPECT_FALSE(grants.programs().allows(top + "/prog"));
}

TEST_F(PathGrantsTest, ASecretForAProgramGoesToNoHost) {
  Grants grants;
  EXPECT_FALSE(grants.allowSecret("KEY@run:no-such-program"));
  ASSERT_TRUE(grants.allowSecret("KEY@run:sh"));
  EXPECT_TRUE(grants.maySend("KEY", findProgram("sh")));
  EXPECT_FALSE(grants.maySend("OTHER", findProgram("sh")));
  EXPECT_FALSE(grants.maySend("KEY", findProgram("env")));
  EXPECT_FALSE(grants.maySend("KEY", "", 80, 80));
}

/// Both ends may be written in all of these.
TEST_F(PathGrantsTest, WhatMovesKeepsItsPermissions) {
  using Move = PathGrants::Move;
  PathGrants grants;
  Access access;
  ASSERT_TRUE(grants.allow(Access::Write, top, why));
  EXPECT_EQ(grants.mayMove(top + "/out/file", top + "/in/new", access), Move::Fine);
  ASSERT_TRUE(grants.allow(Access::Read, top + "/in/deep", why));
  EXPECT_EQ(grants.mayMove(top + "/out/file", top + "/in/new", access), Move::Fine);
  EXPECT_EQ(grants.mayMove(top + "/out/file", top + "/in/deep/new", access), Move::Unreadable);
  EXPECT_EQ(grants.mayMove(top + "/in/deep/file", top + "/in/deep/new", access), Move::Fine);
  EXPECT_EQ(grants.mayMove(top + "/in/deep/file", top + "/out/new", access), Move::Fine);
  EXPECT_EQ(grants.mayMove(top + "/in/deep", top + "/out/new", access), Move::Named);
  EXPECT_EQ(grants.mayMove(top + "/in", top + "/new", access), Move::Named);
  EXPECT_EQ(grants.mayMove(top, top + "x", access), Move::Named);
}

TEST_F(PathGrantsTest, WhatADenialNamesDoesNotMove) {
  using Move = PathGrants::Move;
  PathGrants grants;
  Access access;
  grants.allowAll();
  grants.deny(Access::Read, top + "/in/link/file"); // which is out/file
  EXPECT_EQ(grants.mayMove(top + "/out/file", top + "/new", access), Move::Denied);
  EXPECT_EQ(access, Access::Read);
  EXPECT_EQ(grants.mayMove(top + "/out", top + "/new", access), Move::Denied);
  EXPECT_EQ(grants.mayMove(top + "/in/file", top + "/new", access), Move::Fine);
  EXPECT_EQ(grants.mayMove(top + "/in/file", top + "/out/file", access), Move::Fine);
  grants.deny(Access::Read, top + "/in");
  EXPECT_EQ(grants.mayMove(top + "/in/deep/x", top + "/new", access), Move::Denied);
  grants.deny(Access::Write, top + "/out/deeper/still");
  EXPECT_EQ(grants.mayMove(top + "/out/deeper", top + "/new", access), Move::Denied);
  EXPECT_EQ(access, Access::Write);
}

TEST_F(PathGrantsTest, TheDirectoryOfAGrantedFileDoesNotMove) {
  using Move = PathGrants::Move;
  PathGrants grants;
  Access access;
  ASSERT_TRUE(grants.allow(Access::Write, top, why));
  ASSERT_TRUE(grants.allow(Access::Read, top + "/in/file", why));
  EXPECT_EQ(grants.mayMove(top + "/in", top + "/new", access), Move::Named);
  EXPECT_EQ(grants.mayMove(top + "/in/file", top + "/new", access), Move::Fine);
  EXPECT_EQ(grants.mayMove(top + "/out/file", top + "/in/file", access), Move::Unreadable);
}
