#pragma once
#include "xcs/Support/Mutex.h"
#include "xcs/Support/Result.h"
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

// The journal of a run: what was started outside and what came of it, row by row, in an SQLite database that
// survives the process (docs/journal-format.md). Beside the file F are F-wal, of SQLite, and F-count, which
// says how many rows there have been: fewer than that, and rows were lost.

/// Which run a journal is of.
struct JournalHead {
  std::string entry;     // the name of the function
  std::string signature; // its parameters and results
  std::string arguments; // a digest of them, 16 hexadecimal digits
  std::string program;   // a digest of the plan: the numbers of its operations mean the same if it is equal
  uint64_t seed = 0;     // of `random.*`
};

struct JournalRow {
  enum class Kind : uint8_t {
    Begun = 1, // a process works on the run from here on; `body` has its id and the time
    Ended,     // it has come to its end; `body` says how
    Started,   // an operation is about to begin
    Done,      // it has a result: `body`, JSON
    Caught,    // it failed, and the program has gone on with that: `body`, JSON
    Failed,    // it failed, may be tried again, and has changed nothing
    Dropped,   // it was cancelled before it had done anything that counts
    Lost,      // the same, where a race or a `try` may have gone on without it
    Unknown,   // it may have changed something, or has, and has no result that can be used: `body`, JSON
    Chosen,    // which regions or elements won a race, a `take` or a vote: `body`, a JSON array
  };
  Kind kind = Kind::Started;
  bool isOnce = false; // of a write that must not happen twice
  std::string key;     // of the execution: the same in every run of the program
  std::string request; // of the same request elsewhere; empty for what has no name of its own
  std::string op, at;  // for people: `http.request`, `@f/http.request#1c:0[3]`
  std::string body;
};

/// Why a journal cannot be used.
struct JournalError {
  enum class Kind : uint8_t {
    File,    // it cannot be opened, made or written
    Exists,  // it is to be made, and is there
    Missing, // it is to be continued, and is not there
    InUse,   // by another process, which `why` names
    Network, // its folder is on a network file system, where locks cannot be trusted
    Damaged, // too much for any of it to be used
  } kind = Kind::File;
  std::string why;
};

/// What is known about an execution.
struct JournalEntry {
  JournalRow::Kind kind = JournalRow::Kind::Started;
  bool isOnce = false;
  bool isDamaged = false; // a row about it was; that it was not started cannot be said of it
  int64_t row = 0;        // that has the body
  std::string key, op, at, request;

  /// Whether it must not be started again, and has no answer.
  bool isInDoubt() const {
    return isOnce && (kind == JournalRow::Kind::Started || kind == JournalRow::Kind::Unknown || isDamaged);
  }
};

/// What earlier processes have left in a journal.
struct JournalContent {
  std::map<std::string, JournalEntry, std::less<>> entries; // by key
  uint64_t rows = 0;                                        // that were read
  uint64_t damaged = 0, lost = 0; // rows whose digest is wrong; rows that F-count says there were
  /// Started writes may be among the lost or damaged rows: what is not here may have been started.
  bool mayLackWrites = false;
  bool hasEnded = false, hasChoices = false; // Kind::Chosen
};

/// Writes rows in the order in which they are appended, many in one commit. Thread safety: all members, from
/// any thread. The process that has it open holds a lock on it.
class Journal {
public:
  struct Options {
    bool durable = false;      // a started write is on the disk before it begins: survives a loss of power
    const char *vfs = nullptr; // Database::Options::vfs
  };
  /// Called once a row is kept, or with why it is not; from the thread of the journal.
  using Kept = std::function<void(const std::optional<JournalError> &)>;

  static Result<std::unique_ptr<Journal>, JournalError> create(const std::string &path, JournalHead head,
                                                               const Options &options);
  /// Opens one that there is, and reads it.
  static Result<std::unique_ptr<Journal>, JournalError> open(const std::string &path, const Options &options);
  virtual ~Journal() = default;

  virtual const JournalHead &head() const = 0;
  /// As it was when it was opened.
  virtual const JournalContent &content() const = 0;
  /// The body of a row that was read; none if it cannot be read any more.
  virtual std::optional<std::string> body(int64_t row) = 0;

  virtual void append(JournalRow row, Kept kept = nullptr) = 0;
  /// Waits until all that was appended is kept; returns why something is not.
  virtual std::optional<JournalError> flush() = 0;
};

} // namespace xcs
