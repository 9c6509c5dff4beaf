#pragma once
#include "xcs/Support/Result.h"
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace xcs {

// SQLite's C interface (https://www.sqlite.org/c3ref/intro.html), owned: handles are closed, errors are
// values.

struct DatabaseError {
  enum class Kind : uint8_t {
    Other,
    Busy,    // another process, or another connection, holds a lock on it
    Damaged, // it is not a database, or its content contradicts itself
    Full,    // no room on the disk, or no right to write there
  } kind = Kind::Other;
  std::string why; // for messages
};

/// A prepared statement. Thread safety: one thread at a time.
class Statement {
public:
  Statement() = default;
  Statement(Statement &&) noexcept = default;
  Statement &operator=(Statement &&) noexcept = default;

  /// Values of the parameters, in order from the first, for the next execution. Texts and blobs must live
  /// until then.
  Statement &bind(int64_t number);
  Statement &bind(std::string_view text);
  Statement &bindBlob(std::string_view bytes);
  Statement &bindNull();

  /// Executes it as far as its next row: true if there is one. After the last row, and after an error, it can
  /// be bound and executed again.
  Result<bool, DatabaseError> step();
  /// Executes one that has no rows.
  Result<void, DatabaseError> run();
  /// Ends an execution before its last row.
  void reset();

  // Of the current row. Views live until the next call of another member.
  int64_t integer(int column) const;
  std::string_view text(int column) const; // of a blob too
  bool isNull(int column) const;

private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt *handle) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle;
  int bound = 0;
  bool isBound = true; // false: a value could not be bound, for lack of memory
};

/// A connection. Thread safety: one thread at a time; destroy its statements first.
class Database {
public:
  struct Options {
    bool create = false;       // makes the file, with mode 0600, if there is none
    bool exclusive = false;    // other connections get Kind::Busy for as long as this one is open
    bool durable = false;      // a commit waits until it is on the disk
    bool secureDelete = false; // what is deleted is overwritten
    int busyMilliseconds = 0;  // how long a lock of others is waited for
    const char *vfs = nullptr; // the name of SQLite's file layer; null: the default
  };

  /// Opens it in WAL mode. Follows no symbolic link. The file must be this user's own.
  static Result<Database, DatabaseError> open(const std::string &path, const Options &options);
  Database(Database &&) noexcept = default;
  Database &operator=(Database &&) noexcept = default;

  /// Executes statements without rows, separated by `;`.
  Result<void, DatabaseError> execute(const char *sql);
  Result<Statement, DatabaseError> prepare(std::string_view sql);
  /// How many rows the last statement has changed.
  int64_t changes() const;

private:
  explicit Database(sqlite3 *opened);
  struct Close {
    void operator()(sqlite3 *handle) const;
  };
  std::unique_ptr<sqlite3, Close> handle;
};

} // namespace xcs
