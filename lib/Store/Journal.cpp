#include "xcs/Store/Journal.h"
#include "Store/JournalCount.h"
#include "Store/JournalRows.h"
#include "xcs/Support/ReadFile.h"
#include "xcs/Support/Thread.h"
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <span>
#include <sys/stat.h>
#include <unistd.h>

using namespace xcs;

static JournalError fileError(const std::string &path, const DatabaseError &error) {
  if (error.kind == DatabaseError::Kind::Damaged)
    return {JournalError::Kind::Damaged, error.why};
  if (error.kind == DatabaseError::Kind::Busy)
    return {JournalError::Kind::InUse, "another program that reads it"};
  return {JournalError::Kind::File, "`" + path + "`: " + error.why};
}

namespace {

class OpenJournal final : public Journal {
public:
  OpenJournal(std::string path, Database database, JournalCount count, JournalInserter inserter,
              Statement select, JournalTable table, bool forgetsCount)
      : forgetsCount(forgetsCount), path(std::move(path)), known(*table.head),
        before(std::move(table.content)), count(std::move(count)), database(std::move(database)),
        inserter(std::move(inserter)), select(std::move(select)),
        numbers{std::max(before.rows, this->count.numbers().rows),
                std::max(table.writes, this->count.numbers().writes)} {}
  ~OpenJournal() override;

  const JournalHead &head() const override { return known; }
  const JournalContent &content() const override { return before; }
  std::optional<std::string> body(int64_t row) override;
  void append(JournalRow row, Kept kept) override;
  std::optional<JournalError> flush() override;

private:
  struct Waiting {
    JournalRow row;
    Kept kept;
  };
  void write();
  std::optional<JournalError> commit(std::span<const Waiting> rows);

  const bool forgetsCount; // F-count was not there, and is not to stay unless something is appended
  const std::string path;
  const JournalHead known;
  const JournalContent before;
  JournalCount count;  // its lock is held longest
  Mutex databaseMutex; // held while the connection is used
  Database database;   // before its statements
  JournalInserter inserter;
  Statement select;
  // Of the thread that writes. Rows that were lost count for good.
  JournalCount::Numbers numbers;

  Mutex mutex;
  Condition changed;
  std::vector<Waiting> queue XCS_GUARDED_BY(mutex);
  std::optional<JournalError> problem XCS_GUARDED_BY(mutex); // nothing is written after it
  bool isWriting XCS_GUARDED_BY(mutex) = false, isClosing XCS_GUARDED_BY(mutex) = false,
                 hasThread XCS_GUARDED_BY(mutex) = false;
  Thread writer;
};

} // namespace

OpenJournal::~OpenJournal() {
  {
    MutexLock lock(mutex);
    isClosing = true;
  }
  changed.notifyAll();
  writer.join();
  MutexLock lock(mutex);
  if (forgetsCount && !hasThread)
    ::unlink((path + "-count").c_str());
}

std::optional<std::string> OpenJournal::body(int64_t row) {
  MutexLock lock(databaseMutex);
  auto found = select.bind(row).step();
  if (!found || !*found)
    return std::nullopt;
  std::string out(select.text(0));
  select.reset();
  return out;
}

void OpenJournal::append(JournalRow row, Kept kept) {
  std::optional<JournalError> failed;
  {
    MutexLock lock(mutex);
    if (!hasThread && !problem) {
      hasThread = true;
      if (const int error = writer.start([this] { write(); }))
        problem = JournalError{JournalError::Kind::File,
                               "no thread could be started for it: error " + std::to_string(error)};
    }
    failed = problem;
    if (!failed) {
      queue.push_back({std::move(row), std::move(kept)});
      if (queue.size() > 1)
        return; // the thread has been notified
    }
  }
  if (!failed)
    changed.notifyAll();
  else if (kept)
    kept(failed);
}

std::optional<JournalError> OpenJournal::flush() {
  MutexLock lock(mutex);
  while (!queue.empty() || isWriting)
    changed.wait(mutex);
  return problem;
}

/// The thread: commits all that has been appended since its last commit.
void OpenJournal::write() {
  for (;;) {
    std::vector<Waiting> rows;
    std::optional<JournalError> failed;
    {
      MutexLock lock(mutex);
      while (queue.empty() && !isClosing)
        changed.wait(mutex);
      if (queue.empty())
        return;
      rows.swap(queue);
      isWriting = true;
      failed = problem;
    }
    const bool wasBroken = failed.has_value();
    if (!wasBroken)
      failed = commit(rows);
    size_t kept = failed ? 0 : rows.size();
    if (failed && !wasBroken && rows.size() > 1) // some may fit on the disk
      for (failed = std::nullopt; kept < rows.size() && !failed; kept += !failed)
        failed = commit(std::span(rows).subspan(kept, 1));
    for (size_t i = 0; i < rows.size(); ++i)
      if (rows[i].kept)
        rows[i].kept(i < kept ? std::nullopt : failed);
    {
      MutexLock lock(mutex);
      isWriting = false;
      problem = failed;
    }
    changed.notifyAll();
  }
}

std::optional<JournalError> OpenJournal::commit(std::span<const Waiting> rows) {
  JournalCount::Numbers after = numbers;
  {
    MutexLock lock(databaseMutex);
    const JournalInserter::Place before = inserter.place();
    Result<void, DatabaseError> done = database.execute("BEGIN IMMEDIATE");
    for (size_t i = 0; done && i < rows.size(); ++i) {
      done = inserter.insert(rows[i].row);
      ++after.rows;
      after.writes += startsWrite(rows[i].row);
    }
    if (done)
      done = database.execute("COMMIT");
    if (!done) {
      static_cast<void>(database.execute("ROLLBACK").ok()); // where it has not rolled back by itself
      inserter.continueAt(before);
      return fileError(path, done.error());
    }
  }
  // Only now: a row that is counted is there.
  if (const std::string why = count.set(after); !why.empty())
    return JournalError{JournalError::Kind::File, "`" + path + "-count`: " + why};
  numbers = after;
  return std::nullopt;
}

/// Why a folder is not used; empty if it is.
static std::string unsafeFolder(const std::string &path) {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == path.npos ? "." : path.substr(0, std::max<size_t>(slash, 1));
  struct stat status;
  if (::stat(folder.c_str(), &status))
    return ""; // opening the file says why
  if (status.st_uid != ::geteuid() && status.st_uid != 0)
    return "its folder belongs to another user, who could replace it";
  if ((status.st_mode & S_IWOTH) && !(status.st_mode & S_ISVTX))
    return "anyone may write to its folder; take that permission away with `chmod o-w`";
  return "";
}

/// After a file was made: a loss of power keeps its name too.
static void syncFolder(const std::string &path) {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == path.npos ? "." : path.substr(0, std::max<size_t>(slash, 1));
  if (Descriptor file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)); file)
    ::fsync(*file);
}

static bool exists(const std::string &path) {
  struct stat status;
  return ::lstat(path.c_str(), &status) == 0;
}

/// Makes the table and its first row, or nothing.
static Result<void, DatabaseError> makeTable(Database &database, const JournalHead &head) {
  const std::string begin = "BEGIN IMMEDIATE; " + std::string(journalTable);
  if (auto made = database.execute(begin.c_str()); !made)
    return made;
  {
    auto inserter = JournalInserter::make(database);
    if (!inserter)
      return inserter.error();
    if (auto inserted = inserter->insert(rowOfHead(head)); !inserted)
      return inserted;
  }
  return database.execute("COMMIT");
}

/// Rows that F-count says there were.
static void compare(JournalTable &table, const JournalCount &count) {
  const JournalCount::Numbers were = count.numbers();
  if (were.rows > table.content.rows)
    table.content.lost = std::max(table.content.lost, were.rows - table.content.rows);
  table.content.mayLackWrites |= !count.wasThere() || were.writes > table.writes;
}

/// Whether a file is one of SQLite, or empty.
static bool isOfSqlite(const std::string &path) {
  static constexpr std::string_view magic("SQLite format 3\0", 16); // https://www.sqlite.org/fileformat.html
  auto start = readFile(path, magic.size());
  return start && (start->empty() || *start == magic);
}

/// Whether its process ended while it made it: then nothing has begun. F-count is made first, and written
/// last; where it is not there, only an empty file has nothing to lose.
static bool isUnfinished(const std::string &path, const JournalCount &count, bool hadCount) {
  if (count.wasThere() || !isOfSqlite(path))
    return false;
  struct stat status;
  if (!hadCount)
    return ::lstat(path.c_str(), &status) == 0 && status.st_size == 0 && !exists(path + "-wal");
  auto database = Database::open(path, {.exclusive = true});
  if (!database)
    return false;
  auto tables = database->prepare("SELECT count(*) FROM sqlite_schema");
  if (!tables)
    return false;
  auto row = tables->step();
  if (row && *row && tables->integer(0) == 0)
    return true;
  auto rows = database->prepare("SELECT count(*) FROM entry");
  if (!rows)
    return false;
  row = rows->step();
  return row && *row && rows->integer(0) <= 1;
}

/// A table that is not there, or is another one, cannot be read either.
static JournalError tableError(const std::string &path, DatabaseError error) {
  if (error.kind == DatabaseError::Kind::Other)
    error.kind = DatabaseError::Kind::Damaged;
  return fileError(path, error);
}

static Result<std::unique_ptr<Journal>, JournalError> openTable(const std::string &path, Database database,
                                                                JournalCount count, bool isNew, bool hadCount,
                                                                bool isDurable) {
  auto table = readJournalTable(database);
  if (!table)
    return tableError(path, table.error());
  if (!table->head)
    return JournalError{JournalError::Kind::Damaged, "its first row does not say which run it is of"};
  auto inserter = JournalInserter::make(database);
  if (!inserter)
    return tableError(path, inserter.error());
  auto select = database.prepare("SELECT body FROM entry WHERE number = ?");
  if (!select)
    return tableError(path, select.error());
  inserter->continueAfter(table->lastNumber, table->lastDigest);
  if (!isNew)
    compare(*table, count);
  else if (const std::string why = count.set({table->content.rows, 0}); !why.empty())
    return JournalError{JournalError::Kind::File, "`" + path + "-count`: " + why};
  if (isNew && isDurable)
    syncFolder(path);
  return std::unique_ptr<Journal>(std::make_unique<OpenJournal>(path, std::move(database), std::move(count),
                                                                std::move(*inserter), std::move(*select),
                                                                std::move(*table), !isNew && !hadCount));
}

/// `hadCount`: F-count was there before it was locked.
static Result<std::unique_ptr<Journal>, JournalError> openLocked(const std::string &path,
                                                                 const JournalHead *head,
                                                                 const Journal::Options &options,
                                                                 JournalCount count, bool hadCount) {
  if (exists(path) && isUnfinished(path, count, hadCount))
    for (const char *ending : {"-wal", "-shm", ""})
      ::unlink((path + ending).c_str());
  const bool isNew = !exists(path);
  if (!isNew && head)
    return JournalError{JournalError::Kind::Exists, path};
  if (isNew && count.numbers().rows)
    return JournalError{JournalError::Kind::Damaged, "it is gone, while `" + path +
                                                         "-count` says that it had " +
                                                         std::to_string(count.numbers().rows) + " rows"};
  if (isNew && exists(path + "-wal"))
    return JournalError{JournalError::Kind::Damaged, "it is gone, while `" + path + "-wal` is there"};
  if (isNew && !head)
    return JournalError{JournalError::Kind::Missing, path};
  auto database = Database::open(
      path, {.create = isNew, .exclusive = true, .durable = options.durable, .vfs = options.vfs});
  if (!database)
    return fileError(path, database.error());
  if (isNew)
    if (auto made = makeTable(*database, *head); !made)
      return fileError(path, made.error());
  return openTable(path, std::move(*database), std::move(count), isNew, hadCount, options.durable);
}

static Result<std::unique_ptr<Journal>, JournalError>
openBoth(const std::string &path, const JournalHead *head, const Journal::Options &options) {
  if (const std::string why = unsafeFolder(path); !why.empty())
    return JournalError{JournalError::Kind::File, "`" + path + "`: " + why};
  const bool hadCount = exists(path + "-count"), wasThere = exists(path);
  auto count = JournalCount::open(path, options.durable);
  if (!count)
    return count.error();
  auto opened = openLocked(path, head, options, std::move(*count), hadCount);
  if (!opened && wasThere && !hadCount)
    ::unlink((path + "-count").c_str()); // as it was: with it, the journal would look unfinished
  return opened;
}

Result<std::unique_ptr<Journal>, JournalError> Journal::create(const std::string &path, JournalHead head,
                                                               const Options &options) {
  return openBoth(path, &head, options);
}

Result<std::unique_ptr<Journal>, JournalError> Journal::open(const std::string &path,
                                                             const Options &options) {
  return openBoth(path, nullptr, options);
}
