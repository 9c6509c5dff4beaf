#pragma once
#include "xcs/Store/Database.h"
#include "xcs/Store/Journal.h"

namespace xcs {

// Rows of a journal as they are in its table. A row has two digests: one of itself and of the row before it,
// and one of what says which execution it is of, so that a damaged body does not hide that.

inline constexpr std::string_view journalTable = "CREATE TABLE entry(number INTEGER PRIMARY KEY, kind "
                                                 "INTEGER, once INTEGER, key TEXT, request TEXT, op TEXT, "
                                                 "at TEXT, body TEXT, name INTEGER, digest INTEGER)";

/// The row of a head, which has number 0.
JournalRow rowOfHead(const JournalHead &head);
/// None if it is not one.
std::optional<JournalHead> headOfRow(std::string_view body);

/// Appends rows. Thread safety: one thread.
class JournalInserter {
public:
  static Result<JournalInserter, DatabaseError> make(Database &database);
  /// Continues after a row.
  void continueAfter(int64_t number, uint64_t digest) {
    next = number + 1;
    previous = digest;
  }
  Result<void, DatabaseError> insert(const JournalRow &row);
  /// After which row it is; and back there, if the rows since are not kept.
  struct Place {
    int64_t next;
    uint64_t previous;
  };
  Place place() const { return {next, previous}; }
  void continueAt(Place place) {
    next = place.next;
    previous = place.previous;
  }

private:
  explicit JournalInserter(Statement insert) : statement(std::move(insert)) {}
  Statement statement;
  int64_t next = 0;
  uint64_t previous = 0;
};

/// Adds a row to what is known. `isWhole`: its digest is right.
void addRow(JournalContent &content, int64_t number, const JournalRow &row, bool isWhole);
/// Whether it counts as a write in F-count.
inline bool startsWrite(const JournalRow &row) { return row.isOnce && row.kind == JournalRow::Kind::Started; }

/// All of a table.
struct JournalTable {
  std::optional<JournalHead> head; // none: it is damaged, or there is no row at all
  JournalContent content;
  uint64_t writes = 0; // rows that start writes
  int64_t lastNumber = -1;
  uint64_t lastDigest = 0;
};
Result<JournalTable, DatabaseError> readJournalTable(Database &database);

} // namespace xcs
