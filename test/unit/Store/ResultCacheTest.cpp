// The result cache on the disk: what is found, for how long, how much, after damage, by two processes.
#include "xcs/Store/ResultCache.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace xcs;

namespace {

constexpr int64_t second = 1'000'000'000, year = 365ll * 86'400 * second;

struct ResultCacheTest : ::testing::Test {
  llvm::SmallString<128> base;
  std::string folder;

  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("xcs-cache", base));
    folder = (base + "/cache").str();
  }
  void TearDown() override { llvm::sys::fs::remove_directories(base); }

  std::shared_ptr<ResultCache> open(uint64_t bytes = uint64_t(1) << 30) const {
    auto opened = ResultCache::open(folder, {.bytes = bytes});
    EXPECT_TRUE(opened) << (opened ? "" : opened.error());
    return opened ? *opened : nullptr;
  }
  static std::string key(int number) {
    std::string out(32, '\0');
    for (size_t i = 0; i != 4; ++i)
      out[i] = static_cast<char>(number >> (8 * i));
    return out;
  }
  static void store(ResultCache &cache, int number, std::string value, int64_t made = year) {
    CachedResult result;
    result.value = std::move(value);
    result.tokens = 7;
    result.made = made;
    const NewEntry entry{
        key(number), "model.chat", {{"operation", 1}, {"operand 0", static_cast<uint64_t>(number)}}, result};
    cache.store({&entry, 1});
  }
  static std::string found(ResultCache &cache, int number, int64_t since = INT64_MIN,
                           int64_t now = year + 1) {
    auto result = cache.find(key(number), since, now);
    return result ? result->value : "none";
  }
  std::string readFile(const std::string &name) const {
    std::ifstream in(folder + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void writeFile(const std::string &name, const std::string &bytes) const {
    std::ofstream(folder + "/" + name, std::ios::binary | std::ios::trunc) << bytes;
  }
  unsigned modeOf(const std::string &name) const {
    struct stat status;
    return ::stat((folder + name).c_str(), &status) == 0 ? status.st_mode & 0777 : 0;
  }
};

} // namespace

// A pipe would be waited for, and a link leads elsewhere.
TEST_F(ResultCacheTest, OtherThingsThanFilesAreRefused) {
  for (const std::string name :
       {"key", "lock", "flights", "damaged", "results.db", "results.db-wal", "results.db-shm"})
    for (const bool isPipe : {true, false}) {
      ASSERT_EQ(::mkdir(folder.c_str(), 0700), 0);
      const std::string path = folder + "/" + name;
      ASSERT_EQ(isPipe ? ::mkfifo(path.c_str(), 0600) : ::symlink("/dev/null", path.c_str()), 0);
      const auto opened = ResultCache::open(folder, {});
      ASSERT_FALSE(opened) << name;
      EXPECT_EQ(opened.error(), "`" + name + "` in it is not a file of this user; remove it");
      ::unlink(path.c_str());
      llvm::sys::fs::remove_directories(folder);
    }
}

TEST_F(ResultCacheTest, WhatIsStoredIsFoundByThisAndLaterRuns) {
  {
    auto cache = open();
    EXPECT_EQ(found(*cache, 1), "none");
    store(*cache, 1, "\"one\"");
    EXPECT_EQ(found(*cache, 1), "\"one\"");
    EXPECT_EQ(found(*cache, 2), "none");
  }
  auto cache = open();
  auto result = cache->find(key(1), INT64_MIN, year);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->value, "\"one\"");
  EXPECT_EQ(result->tokens, 7u);
  EXPECT_TRUE(cache->takeWarnings().empty());
  store(*cache, 1, "\"two\"");
  EXPECT_EQ(found(*cache, 1), "\"two\"");
}

TEST_F(ResultCacheTest, ManyAreStoredAtOnce) {
  auto cache = open(100'000);
  std::vector<NewEntry> entries;
  for (int i = 0; i < 50; ++i) {
    CachedResult result;
    result.value = i == 7 ? std::string(200'000, 'x') : std::to_string(i);
    entries.push_back({key(i % 40), "model.chat", {}, result});
  }
  cache->store(entries);
  EXPECT_EQ(found(*cache, 7), "47") << "the one that was too large is left out, no other";
  EXPECT_EQ(found(*cache, 9), "49") << "the last of two with one key counts";
  EXPECT_EQ(found(*cache, 39), "39");
}

TEST_F(ResultCacheTest, TheFolderIsOfItsUserAlone) {
  store(*open(), 1, "\"one\"");
  EXPECT_EQ(modeOf(""), 0700u);
  for (const char *name : {"/results.db", "/key", "/lock", "/flights"})
    EXPECT_EQ(modeOf(name), 0600u) << name;
  ::chmod(folder.c_str(), 0777);
  auto opened = ResultCache::open(folder, {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error(), "anyone may write to it; take that permission away with `chmod o-w`");
}

TEST_F(ResultCacheTest, AnOldEntryDoesNotCountAndIsReplaced) {
  auto cache = open();
  store(*cache, 1, "\"old\"", year);
  EXPECT_EQ(found(*cache, 1, year, year + second), "\"old\"");
  EXPECT_EQ(found(*cache, 1, year + 1, year + second), "none");
  // Made after now, by a clock that went wrong: its age is not known.
  EXPECT_EQ(found(*cache, 1, year - 9, year - 1), "none");
  store(*cache, 1, "\"new\"", year + 2);
  EXPECT_EQ(found(*cache, 1, year + 1, year + second), "\"new\"");
}

TEST_F(ResultCacheTest, WhatWasUsedLongestAgoGoesFirst) {
  constexpr uint64_t bound = 400'000;
  const std::string large(10'000, 'x');
  {
    auto cache = open(bound);
    for (int i = 0; i < 30; ++i)
      store(*cache, i, "\"" + large + "\"", year + i);
    EXPECT_NE(found(*cache, 0, INT64_MIN, year + 100), "none");
  }
  {
    auto cache = open(bound);
    for (int i = 30; i < 60; ++i)
      store(*cache, i, "\"" + large + "\"", year + 100 + i);
  }
  auto cache = open(bound);
  int left = 0;
  for (int i = 0; i < 60; ++i)
    left += found(*cache, i) != "none";
  EXPECT_LE(left, 40);
  EXPECT_GE(left, 30);
  EXPECT_NE(found(*cache, 0), "none") << "it was used after the others were made";
  EXPECT_EQ(found(*cache, 1), "none");
  EXPECT_NE(found(*cache, 59), "none");
  EXPECT_LT(readFile("results.db").size(), 2 * bound) << "pages of what was removed are given back";
}

TEST_F(ResultCacheTest, AnEntryThatIsTooLargeIsNotKept) {
  auto cache = open(1000);
  store(*cache, 1, std::string(2000, 'x'));
  EXPECT_EQ(found(*cache, 1), "none");
}

TEST_F(ResultCacheTest, WhatWasRemovedIsOverwritten) {
  {
    auto cache = open(20'000);
    store(*cache, 1, "\"" + std::string(2000, 's') + "confidential\"");
    for (int i = 2; i < 60; ++i)
      store(*cache, i, "\"" + std::string(2000, 'x') + "\"", year + i);
    EXPECT_EQ(found(*cache, 1), "none");
  }
  EXPECT_EQ(readFile("results.db").find("confidential"), std::string::npos);
}

TEST_F(ResultCacheTest, TheNearestEntryNamesWhatDiffers) {
  auto cache = open();
  const IdentityPart asked[] = {{"operation", 1}, {"attribute `temperature`", 2}, {"operand 0", 3}};
  EXPECT_FALSE(cache->nearest("model.chat", asked));
  CachedResult result;
  auto add = [&](int number, std::vector<IdentityPart> parts) {
    const NewEntry entry{key(number), "model.chat", std::move(parts), result};
    cache->store({&entry, 1});
  };
  add(1, {{"operation", 1}, {"attribute `temperature`", 9}, {"operand 0", 9}});
  EXPECT_EQ(cache->nearest("model.chat", asked), "attribute `temperature`");
  add(2, {{"operation", 1}, {"attribute `temperature`", 2}, {"operand 0", 9}});
  EXPECT_EQ(cache->nearest("model.chat", asked), "operand 0");
  add(3, {{"operation", 1}, {"attribute `temperature`", 2}, {"operand 0", 3}, {"operand 1", 1}});
  EXPECT_EQ(cache->nearest("model.chat", asked), "operand 1");
  EXPECT_FALSE(cache->nearest("model.embed", asked));
}

TEST_F(ResultCacheTest, OneOfThoseWhoAskHasTheClaim) {
  auto cache = open(), other = open();
  EXPECT_TRUE(cache->claim(key(1)));
  EXPECT_FALSE(cache->claim(key(1)));
  EXPECT_FALSE(other->claim(key(1)));
  EXPECT_TRUE(other->claim(key(2)));
  other->release(key(1)); // not its own
  EXPECT_FALSE(other->claim(key(1)));
  cache->release(key(1));
  EXPECT_TRUE(other->claim(key(1)));
}

TEST_F(ResultCacheTest, AClaimEndsWithItsProcess) {
  auto cache = open();
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    auto own = ResultCache::open(folder, {});
    const char claimed = own && (*own)->claim(key(1)) ? 'y' : 'n';
    static_cast<void>(::write(ready[1], &claimed, 1));
    ::pause();
    ::_exit(0);
  }
  char claimed = 0;
  ASSERT_EQ(::read(ready[0], &claimed, 1), 1);
  EXPECT_EQ(claimed, 'y');
  EXPECT_FALSE(cache->claim(key(1)));
  ::kill(child, SIGKILL);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(cache->claim(key(1)));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(ResultCacheTest, ProcessesThatStoreAtOnceLoseNothing) {
  constexpr int processes = 4, each = 100;
  std::vector<pid_t> children;
  for (int p = 0; p < processes; ++p) {
    const pid_t child = ::fork();
    if (child == 0) {
      auto own = ResultCache::open(folder, {});
      for (int i = 0; own && i < each; ++i)
        store(**own, p * each + i, std::to_string(p * each + i));
      ::_exit(own && (*own)->takeWarnings().empty() ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  auto cache = open();
  for (int i = 0; i < processes * each; ++i)
    EXPECT_EQ(found(*cache, i), std::to_string(i));
}

// Whatever byte of the database is wrong: each entry is found as it was stored, or not at all. A cache that
// is found to be damaged is empty for the next run, and then works.
TEST_F(ResultCacheTest, DamageGivesNoWrongAnswer) {
  constexpr int entries = 12;
  auto value = [](int i) { return "\"" + std::string(300, static_cast<char>('a' + i)) + "\""; };
  {
    auto cache = open();
    for (int i = 0; i < entries; ++i)
      store(*cache, i, value(i));
  }
  const std::string whole = readFile("results.db");
  ASSERT_GT(whole.size(), 20'000u);
  int gone = 0, emptied = 0;
  for (size_t at = 0; at < whole.size(); at += at < 120 ? 7 : 1201) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    writeFile("results.db", damaged);
    for (int run = 0; run < 2; ++run) {
      auto opened = ResultCache::open(folder, {});
      ASSERT_TRUE(opened) << at << ": " << opened.error();
      for (int i = 0; i < entries; ++i)
        if (const std::string now = found(**opened, i); now != value(i)) {
          ASSERT_EQ(now, "none") << at;
          ++gone;
        }
      store(**opened, entries, value(0));
      emptied += !(*opened)->takeWarnings().empty();
    }
    ASSERT_NE(found(*open(), entries), std::string()) << at;
    for (const char *name : {"results.db-wal", "results.db-shm", "damaged"})
      ::unlink((folder + "/" + name).c_str());
  }
  EXPECT_GT(gone, 0);
  EXPECT_GT(emptied, 0);
}

TEST_F(ResultCacheTest, ADatabaseCutAtAnyLengthIsNoError) {
  {
    auto cache = open();
    for (int i = 0; i < 12; ++i)
      store(*cache, i, "\"" + std::string(300, 'x') + "\"");
  }
  const std::string whole = readFile("results.db");
  for (size_t length = 0; length < whole.size(); length += 4093) {
    writeFile("results.db", whole.substr(0, length));
    for (int run = 0; run < 2; ++run) {
      auto cache = open();
      ASSERT_TRUE(cache) << length;
      for (int i = 0; i < 12; ++i)
        if (const std::string now = found(*cache, i); now != "none") {
          EXPECT_EQ(now, "\"" + std::string(300, 'x') + "\"");
        }
    }
    for (const char *name : {"results.db-wal", "results.db-shm", "damaged"})
      ::unlink((folder + "/" + name).c_str());
  }
}

TEST_F(ResultCacheTest, AnotherKeyIsAnotherCache) {
  store(*open(), 1, "\"one\"");
  writeFile("key", std::string(32, 'k'));
  {
    auto cache = open();
    EXPECT_EQ(found(*cache, 1), "none");
    EXPECT_EQ(cache->takeWarnings(), std::vector<std::string>{"has a damaged entry, which is not used"});
  }
  writeFile("key", "short");
  auto cache = open();
  EXPECT_EQ(cache->takeWarnings(),
            std::vector<std::string>{"was damaged (its key is not whole), and is empty now"});
  store(*cache, 1, "\"one\"");
  EXPECT_EQ(found(*cache, 1), "\"one\"");
}

TEST_F(ResultCacheTest, ADamagedCacheThatIsUsedIsNotEmptied) {
  auto cache = open();
  store(*cache, 1, "\"one\"");
  writeFile("damaged", "");
  auto other = ResultCache::open(folder, {});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error(),
            "it is damaged (an earlier run found it so), and another run uses it; end that run, or "
            "give another folder");
  EXPECT_EQ(found(*cache, 1), "\"one\"");
}

TEST_F(ResultCacheTest, ContentsAreKnownOnceTheFileHasSettled) {
  const std::string path = (base + "/file").str();
  std::ofstream(path) << "text";
  struct stat status;
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  const int64_t written = status.st_ctim.tv_sec * second + status.st_ctim.tv_nsec;
  auto cache = open();
  cache->noteContent(path, status, "c", written + second / 20);
  EXPECT_FALSE(cache->knownContent(path, status)) << "it may change again within the same time stamp";
  cache->noteContent(path, status, "c", written + 3 * second);
  EXPECT_EQ(cache->knownContent(path, status), "c");
  cache = nullptr;
  cache = open();
  EXPECT_EQ(cache->knownContent(path, status), "c");
  ++status.st_ctim.tv_nsec;
  EXPECT_FALSE(cache->knownContent(path, status));
}

TEST_F(ResultCacheTest, CopiesOfFilesGoWithTheirEntries) {
  const std::string path = (base + "/file").str();
  std::ofstream(path) << std::string(50'000, 'o');
  auto cache = open(100'000);
  auto keep = [&](int number, const std::string &content) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    EXPECT_TRUE(cache->keepContent(content, *file, 50'000));
    CachedResult result;
    result.made = year + number;
    result.files.push_back({0, "", content, 0644, 50'000});
    const NewEntry entry{key(number), "exec.run", {}, result};
    cache->store({&entry, 1});
  };
  const std::string first(32, '\1'), second_(32, '\2'), third(32, '\3');
  keep(1, first);
  ASSERT_TRUE(cache->openContent(first));
  auto result = cache->find(key(1), INT64_MIN, year + 1);
  ASSERT_TRUE(result && result->files.size() == 1);
  EXPECT_EQ(result->files[0].content, first);
  EXPECT_EQ(result->files[0].mode, 0644u);
  keep(2, second_);
  keep(3, third);
  cache->flush();
  EXPECT_FALSE(cache->openContent(first));
  EXPECT_TRUE(cache->openContent(third));
}
