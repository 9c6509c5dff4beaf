#include "xcs/Store/Database.h"
#include <cerrno>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

using namespace xcs;

static std::string systemMessage(int code) { return std::generic_category().message(code); }

static DatabaseError::Kind kindOf(int code) {
  switch (code & 0xff) {
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return DatabaseError::Kind::Busy;
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
  case SQLITE_FORMAT:
  case SQLITE_SCHEMA:
  case SQLITE_MISMATCH:
    return DatabaseError::Kind::Damaged;
  case SQLITE_FULL:
  case SQLITE_READONLY:
  case SQLITE_IOERR:
    return DatabaseError::Kind::Full;
  default:
    return DatabaseError::Kind::Other;
  }
}

static DatabaseError errorOf(sqlite3 *handle, int code) {
  std::string why = handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
  if (const int system = handle ? sqlite3_system_errno(handle) : 0; system && (code & 0xff) == SQLITE_IOERR)
    why += ": " + systemMessage(system);
  return {kindOf(code), std::move(why)};
}

void Statement::Finalize::operator()(sqlite3_stmt *handle) const { sqlite3_finalize(handle); }
void Database::Close::operator()(sqlite3 *handle) const { sqlite3_close_v2(handle); }

Statement &Statement::bind(int64_t number) {
  isBound &= sqlite3_bind_int64(handle.get(), ++bound, number) == SQLITE_OK;
  return *this;
}

Statement &Statement::bind(std::string_view text) {
  isBound &= sqlite3_bind_text64(handle.get(), ++bound, text.data() ? text.data() : "", text.size(),
                                 SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK;
  return *this;
}

Statement &Statement::bindBlob(std::string_view bytes) {
  isBound &= sqlite3_bind_blob64(handle.get(), ++bound, bytes.data() ? bytes.data() : "", bytes.size(),
                                 SQLITE_STATIC) == SQLITE_OK;
  return *this;
}

Statement &Statement::bindNull() {
  isBound &= sqlite3_bind_null(handle.get(), ++bound) == SQLITE_OK;
  return *this;
}

Result<bool, DatabaseError> Statement::step() {
  if (!isBound) {
    reset();
    return DatabaseError{DatabaseError::Kind::Other, "a value is too large for the database"};
  }
  const int code = sqlite3_step(handle.get());
  if (code == SQLITE_ROW)
    return true;
  DatabaseError error =
      code == SQLITE_DONE ? DatabaseError{} : errorOf(sqlite3_db_handle(handle.get()), code);
  reset();
  if (code == SQLITE_DONE)
    return false;
  return error;
}

Result<void, DatabaseError> Statement::run() {
  auto row = step();
  if (!row)
    return row.error();
  if (*row)
    reset();
  return {};
}

void Statement::reset() {
  sqlite3_reset(handle.get());
  bound = 0;
  isBound = true;
}

int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle.get(), column); }

std::string_view Statement::text(int column) const {
  const void *bytes = sqlite3_column_blob(handle.get(), column);
  const int size = sqlite3_column_bytes(handle.get(), column);
  return bytes ? std::string_view(static_cast<const char *>(bytes), static_cast<size_t>(size))
               : std::string_view();
}

bool Statement::isNull(int column) const { return sqlite3_column_type(handle.get(), column) == SQLITE_NULL; }

Database::Database(sqlite3 *opened) : handle(opened) {}

Result<void, DatabaseError> Database::execute(const char *sql) {
  const int code = sqlite3_exec(handle.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK)
    return errorOf(handle.get(), code);
  return {};
}

Result<Statement, DatabaseError> Database::prepare(std::string_view sql) {
  sqlite3_stmt *made = nullptr;
  const int code = sqlite3_prepare_v3(handle.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &made, nullptr);
  if (code != SQLITE_OK)
    return errorOf(handle.get(), code);
  Statement out;
  out.handle.reset(made);
  return out;
}

int64_t Database::changes() const { return sqlite3_changes64(handle.get()); }

/// Makes the file before SQLite would, which takes its mode from the process; empty, or why that cannot be.
/// SQLite gives its other files the mode of this one.
static std::string makeFile(const std::string &path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (descriptor < 0)
    return systemMessage(errno);
  ::close(descriptor);
  return "";
}

/// Why a file is not opened.
static std::string unsafeFile(const std::string &path) {
  struct stat status;
  if (::lstat(path.c_str(), &status))
    return systemMessage(errno);
  if (!S_ISREG(status.st_mode))
    return "it is not a regular file";
  if (status.st_uid != ::geteuid())
    return "it belongs to another user";
  return "";
}

/// Why the files that SQLite would open beside it are not; empty if they are not there.
static std::string unsafeBeside(const std::string &path) {
  for (const char *ending : {"-wal", "-journal", "-shm"}) {
    const std::string beside = path + ending;
    struct stat status;
    if (::lstat(beside.c_str(), &status))
      continue;
    if (const std::string why = unsafeFile(beside); !why.empty())
      return "`" + beside + "`: " + why;
  }
  return "";
}

Result<Database, DatabaseError> Database::open(const std::string &path, const Options &options) {
  std::string why = options.create ? makeFile(path) : "";
  if (why.empty())
    why = unsafeFile(path);
  if (why.empty())
    why = unsafeBeside(path);
  if (!why.empty())
    return DatabaseError{DatabaseError::Kind::Other, std::move(why)};
  sqlite3 *opened = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &opened,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, options.vfs);
  Database out(opened);
  if (code != SQLITE_OK)
    return errorOf(opened, code);
  sqlite3_busy_timeout(opened, options.busyMilliseconds);
  // What a hostile file could do is turned off: https://www.sqlite.org/security.html
  sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  std::string settings = "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;";
  if (options.exclusive) // before WAL mode: then there is no shared memory beside the file
    settings += "PRAGMA locking_mode = EXCLUSIVE;";
  settings += "PRAGMA journal_mode = WAL;";
  settings += options.durable ? "PRAGMA synchronous = FULL;" : "PRAGMA synchronous = NORMAL;";
  settings += options.secureDelete ? "PRAGMA secure_delete = ON;" : "";
  if (auto set = out.execute(settings.c_str()); !set)
    return set.error();
  return out;
}
