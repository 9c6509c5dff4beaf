#include "xcs/Support/ReadFile.h"
#include <fcntl.h>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace xcs;

namespace {
class ReadFileTest : public testing::Test {
protected:
  ReadFileTest() { mkdir(folder.c_str(), 0700); }
  std::string write(const std::string &content) {
    std::string path = folder + "/file";
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  std::string folder = testing::TempDir() + "xcs-read-file-" + std::to_string(getpid());
};
} // namespace

TEST_F(ReadFileTest, AFileIsReadWholeOrAsFarAsAskedFor) {
  std::string content;
  for (int i = 0; i < 100'000; ++i)
    content += std::to_string(i);
  for (size_t size : {size_t(0), size_t(1), size_t(4096), size_t(65'536), content.size()}) {
    const std::string path = write(content.substr(0, size));
    for (uint64_t most : {uint64_t(0), uint64_t(1), uint64_t(size), uint64_t(size) + 1, uint64_t(1) << 40}) {
      auto read = readFile(path, most);
      ASSERT_TRUE(read.ok()) << read.error().message();
      EXPECT_EQ(*read, content.substr(0, std::min<uint64_t>(size, most))) << size << " " << most;
    }
  }
}

TEST_F(ReadFileTest, AFileThatSaysNoSizeIsReadToo) {
  auto status = readFile("/proc/self/status", 1 << 20);
  ASSERT_TRUE(status.ok());
  EXPECT_TRUE(status->starts_with("Name:"));
}

TEST_F(ReadFileTest, APipeGivesWhatItIsWritten) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const std::string content(1 << 18, 'x');
  std::thread writer([&] {
    for (size_t at = 0; at < content.size(); at += 4096)
      EXPECT_EQ(::write(ends[1], content.data() + at, 4096), 4096);
    close(ends[1]);
  });
  auto read = readWhole(ends[0], uint64_t(1) << 40);
  writer.join();
  close(ends[0]);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, content);
}

TEST_F(ReadFileTest, WhatCannotBeReadSaysWhy) {
  auto missing = readFile(folder + "/missing", 10);
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error(), std::errc::no_such_file_or_directory);
  auto directory = readFile(folder, 10);
  ASSERT_FALSE(directory.ok());
  EXPECT_EQ(directory.error(), std::errc::is_a_directory);
  auto closed = readWhole(-1, 10);
  ASSERT_FALSE(closed.ok());
  EXPECT_EQ(closed.error(), std::errc::bad_file_descriptor);
}

TEST_F(ReadFileTest, TheCallersMemoryIsKeptAsItGrows) {
  const std::string path = write(std::string(300'000, 'a'));
  std::vector<char> memory;
  auto size = readFile(path, 1 << 20, [&](size_t room) {
    memory.resize(room);
    return memory.data();
  });
  ASSERT_TRUE(size.ok());
  EXPECT_EQ(*size, 300'000u);
  EXPECT_EQ(memory.size(), 300'001u); // one byte more finds the end
}
