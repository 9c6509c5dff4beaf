#include "Store/CacheFolder.h"
#include "xcs/Store/PrivateFolder.h"
#include "xcs/Support/Clock.h"
#include "xcs/Support/ReadFile.h"
#include "llvm/ADT/StringExtras.h"
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <system_error>
#include <unistd.h>

using namespace xcs;

static constexpr size_t keySize = 32;
static constexpr int64_t formatVersion = 1;

static std::string systemMessage() { return std::generic_category().message(errno); }

// `used` is a time of day; `size` counts the content of files as well. `check` is over all of the row that an
// answer comes from, with the key of the folder.
static constexpr char schema[] = R"(
CREATE TABLE entries(id INTEGER PRIMARY KEY, key BLOB UNIQUE, op TEXT, made INTEGER, used INTEGER,
                     size INTEGER, tokens INTEGER, checked BLOB, parts BLOB, files BLOB, value BLOB);
CREATE INDEX by_use ON entries(used, size);
CREATE INDEX by_op ON entries(op, used);
CREATE TABLE outputs(entry INTEGER, content BLOB, PRIMARY KEY(entry, content)) WITHOUT ROWID;
CREATE INDEX by_content ON outputs(content);
CREATE TABLE contents(content BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE files(path BLOB PRIMARY KEY, used INTEGER, status BLOB, content BLOB, checked BLOB) WITHOUT ROWID;
PRAGMA user_version = 1;
)";

void CacheFolder::markDamaged() const {
  Descriptor(::open(at("damaged").c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600));
}

/// Why a file of the folder cannot be used: a pipe, for one, would be waited for. Empty if all can.
std::string CacheFolder::wrongFile() const {
  for (const char *name :
       {"key", "lock", "flights", "damaged", "results.db", "results.db-wal", "results.db-shm"}) {
    struct stat status;
    if (::lstat(at(name).c_str(), &status) == 0 && (!S_ISREG(status.st_mode) || status.st_uid != ::geteuid()))
      return "`" + std::string(name) + "` in it is not a file of this user; remove it";
  }
  return {};
}

/// The key, without waiting for anything.
static Result<std::string, std::error_code> readKey(const std::string &name) {
  const Descriptor file(::open(name.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  if (!file)
    return std::error_code(errno, std::generic_category());
  return readWhole(*file, keySize + 1);
}

/// A new key appears whole, by a link: of two processes that make one, the second takes that of the first.
Result<void, std::string> CacheFolder::openKey() {
  const std::string name = at("key"), made = name + "." + std::to_string(::getpid());
  auto found = readKey(name);
  if (!found && found.error() == std::errc::no_such_file_or_directory) {
    char bytes[keySize];
    if (::getrandom(bytes, keySize, 0) != keySize)
      return systemMessage();
    ::unlink(made.c_str());
    Descriptor file(::open(made.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file || ::write(*file, bytes, keySize) != keySize || !file.close())
      return systemMessage();
    const bool isThere = ::link(made.c_str(), name.c_str()) == 0 || errno == EEXIST;
    const std::string why = isThere ? "" : systemMessage();
    ::unlink(made.c_str());
    if (!isThere)
      return why;
    found = readKey(name);
  }
  if (!found)
    return found.error().message();
  keyBytes = std::move(*found);
  return {};
}

/// The number that a statement gives; of what an empty database has.
static Result<int64_t, DatabaseError> numberOf(Database &database, const char *sql) {
  auto statement = database.prepare(sql);
  if (!statement)
    return statement.error();
  auto row = statement->step();
  if (!row)
    return row.error();
  return *row ? statement->integer(0) : 0;
}

static Result<void, DatabaseError> makeTables(Database &database) {
  // Before there are tables. Another process may be doing it, which then locks this one out.
  static_cast<void>(database.execute("PRAGMA auto_vacuum = INCREMENTAL; VACUUM;").ok());
  if (auto begun = database.execute("BEGIN IMMEDIATE"); !begun)
    return begun;
  auto version = numberOf(database, "PRAGMA user_version");
  if (!version)
    return version.error();
  if (*version == 0)
    if (auto made = database.execute(schema); !made)
      return made;
  return database.execute("COMMIT");
}

Result<void, DatabaseError> CacheFolder::openDatabase() {
  auto database =
      Database::open(at("results.db"), {.create = true, .secureDelete = true, .busyMilliseconds = 2000});
  if (!database)
    return database.error();
  auto version = numberOf(*database, "PRAGMA user_version");
  if (version && *version == 0) {
    if (auto made = makeTables(*database); !made)
      return made;
    version = numberOf(*database, "PRAGMA user_version");
  }
  if (!version)
    return version.error();
  if (*version != formatVersion)
    return DatabaseError{DatabaseError::Kind::Damaged, "it is of another version"};
  if (auto probed = numberOf(*database, "SELECT max(id) FROM entries"); !probed)
    return probed.error();
  opened.emplace(std::move(*database));
  return {};
}

/// Of processes that make a database at once, SQLite may refuse one without heeding its busy timeout.
Result<void, DatabaseError> CacheFolder::awaitDatabase() {
  constexpr int64_t longest = 4'000'000'000; // nanoseconds
  constexpr useconds_t between = 10'000;
  const int64_t end = monotonicNanoseconds() + longest;
  auto database = openDatabase();
  while (!database && database.error().kind == DatabaseError::Kind::Busy && monotonicNanoseconds() < end) {
    ::usleep(between);
    database = openDatabase();
  }
  return database;
}

static std::vector<std::string> namesIn(const std::string &folder) {
  std::vector<std::string> names;
  if (DIR *open = ::opendir(folder.c_str())) {
    while (const dirent *entry = ::readdir(open))
      if (const std::string name = entry->d_name; name != "." && name != "..")
        names.push_back(name);
    ::closedir(open);
  }
  return names;
}

/// Only names that are the cache's own: the folder may hold other things.
void CacheFolder::removeAll() const {
  for (const char *name : {"results.db", "results.db-wal", "results.db-shm", "key", "damaged"})
    ::unlink(at(name).c_str());
  for (const std::string &part : namesIn(at("content"))) {
    for (const std::string &file : namesIn(at("content/" + part)))
      ::unlink(at("content/" + part + "/" + file).c_str());
    ::rmdir(at("content/" + part).c_str());
  }
}

Result<void, std::string> CacheFolder::open(const std::string &given, std::vector<std::string> &warnings) {
  path = given;
  if (std::string why = makePrivateFolder(path); !why.empty())
    return why;
  if (std::string why = wrongFile(); !why.empty())
    return why;
  if (::stat(path.c_str(), &own))
    return systemMessage();
  constexpr int how = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  lock = Descriptor(::open(at("lock").c_str(), how, 0600));
  flights = Descriptor(::open(at("flights").c_str(), how, 0600));
  if (!lock || !flights || ::flock(*lock, LOCK_SH))
    return systemMessage();
  std::string damage = ::access(at("damaged").c_str(), F_OK) == 0 ? "an earlier run found it so" : "";
  for (int attempt = 0; attempt != 2; ++attempt) {
    if (auto made = openKey(); !made)
      return made;
    if (damage.empty() && keyBytes.size() != keySize)
      damage = "its key is not whole";
    if (damage.empty()) {
      auto database = awaitDatabase();
      if (database)
        return {};
      if (database.error().kind != DatabaseError::Kind::Damaged)
        return database.error().why;
      damage = database.error().why;
    }
    if (attempt || ::flock(*lock, LOCK_EX | LOCK_NB))
      return "it is damaged (" + damage + "), and another run uses it; end that run, or give another folder";
    removeAll();
    static_cast<void>(::flock(*lock, LOCK_SH));
    warnings.push_back("was damaged (" + damage + "), and is empty now");
    damage.clear();
  }
  return damage;
}

/// The byte of a key. Two keys that share one wait for each other without need, which is all.
static struct flock flightOf(std::string_view key, short type) {
  uint64_t number = 0;
  for (char c : key.substr(0, 8))
    number = number << 8 | static_cast<unsigned char>(c);
  struct flock out = {};
  out.l_type = type;
  out.l_whence = SEEK_SET;
  out.l_start = static_cast<off_t>(number >> 2);
  out.l_len = 1;
  return out;
}

// The system gives locks of this kind (of the open file) back when the process ends, however that happens.
bool CacheFolder::lockFlight(std::string_view key) const {
  struct flock range = flightOf(key, F_WRLCK);
  return ::fcntl(*flights, F_OFD_SETLK, &range) == 0 || (errno != EAGAIN && errno != EACCES);
}

void CacheFolder::unlockFlight(std::string_view key) const {
  struct flock range = flightOf(key, F_UNLCK);
  static_cast<void>(::fcntl(*flights, F_OFD_SETLK, &range));
}

std::string CacheFolder::contentPath(const std::string &content) const {
  const std::string digits = llvm::toHex(content, /*LowerCase=*/true);
  return at("content/" + digits.substr(0, 2) + "/" + digits.substr(2));
}

/// By sharing blocks where the file system can (xfs, btrfs), else in the kernel.
static bool copyAll(int from, int to, uint64_t size) {
  if (::ioctl(to, FICLONE, from) == 0)
    return true;
  loff_t at = 0;
  while (static_cast<uint64_t>(at) < size) {
    const ssize_t copied = ::copy_file_range(from, &at, to, nullptr, size - static_cast<uint64_t>(at), 0);
    if (copied <= 0)
      break;
  }
  char buffer[1u << 16];
  while (static_cast<uint64_t>(at) < size) { // on file systems that cannot
    const ssize_t count = ::pread(from, buffer, sizeof buffer, at);
    if (count <= 0 || ::write(to, buffer, static_cast<size_t>(count)) != count)
      return false;
    at += count;
  }
  return true;
}

bool CacheFolder::keepContent(const std::string &content, int file, uint64_t size) const {
  const std::string name = contentPath(content);
  struct stat status;
  if (::lstat(name.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
      static_cast<uint64_t>(status.st_size) == size)
    return true;
  const std::string folder = name.substr(0, name.rfind('/'));
  for (const std::string &each : {at("content"), folder})
    if (::mkdir(each.c_str(), 0700) && errno != EEXIST)
      return false;
  std::string made = folder + "/new-XXXXXX";
  Descriptor copy(::mkostemp(made.data(), O_CLOEXEC));
  if (!copy)
    return false;
  const bool isWhole =
      copyAll(file, *copy, size) && copy.close() && ::rename(made.c_str(), name.c_str()) == 0;
  if (!isWhole)
    ::unlink(made.c_str());
  return isWhole;
}

Descriptor CacheFolder::openContent(const std::string &content) const {
  return Descriptor(::open(contentPath(content).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
}

void CacheFolder::removeContent(const std::string &content) const { ::unlink(contentPath(content).c_str()); }
