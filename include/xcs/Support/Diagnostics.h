#pragma once
#include "xcs/Support/Limits.h"
#include "xcs/Support/Source.h"
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace llvm {
class raw_ostream;
}

namespace xcs {

enum class Severity : uint8_t { Error, Warning, Remark, Note };
/// `error`, `warning`, ...
std::string_view severityName(Severity severity);

/// Every message of XCS: one row each in Diagnostics.def. A message ends with the row's kind name in
/// brackets.
enum class Diag : uint16_t {
#define XCS_DIAGNOSTIC(id, kind, severity, failure, text) id,
#include "xcs/Support/Diagnostics.def"
};

/// What an error means: a column of Diagnostics.def. Only this determines the exit code and whether a `try`
/// may turn the error into a value.
enum class FailureClass : uint8_t {
  None,    // not an error
  Program, // the program is wrong, or one of its operations failed; the only class that `try` catches
  Refused, // a permission is missing
  Limit,   // a bound was exceeded
  Usage,   // the command line, or an input that is not what it should be
  Unknown, // a write may have happened, but there is no answer that could be used
  Waiting, // the run waits for a person's answer
  Stopped, // by a signal from outside
};
inline constexpr size_t failureClassCount = static_cast<size_t>(FailureClass::Stopped) + 1;

/// The exit codes of both tools (docs/LangRef.md, "Exit codes").
enum class ExitCode : int {
  Done = 0,
  ProgramFailed = 1,
  BadUsage = 2,
  PermissionRefused = 3,
  LimitExceeded = 4,
  OutcomeUnknown = 5,
  Waiting = 6,
  Interrupted = 130,
};

/// A diagnostic as reported: the row, the location resolved to text, and the finished message.
struct Diagnostic {
  Diag id{};
  Severity severity = Severity::Error;
  std::string message;
  std::string file;
  uint32_t line = 0, column = 0; // from 1; 0 if there is no location
  std::string sourceLine; // the text of the line, cut around the column if long; empty if there is none
  uint32_t caret = 0;     // the byte of sourceLine at the column
  std::string_view kind;  // the row's kind name, e.g. "undefined-value"
};

/// The row of a diagnostic.
struct DiagnosticRow {
  std::string_view kind;
  Severity severity;
  FailureClass failure;
  std::string_view text; // `{0}`, `{1}` are replaced by the arguments
};
const DiagnosticRow &rowOf(Diag id);
size_t diagnosticCount();

/// The name of a class in the generated pages: `program`, `refused`, ...; empty for None.
std::string_view failureClassName(FailureClass failure);
/// The exit code of a tool after a failure of this class.
ExitCode exitCodeOf(FailureClass failure);
/// The error of that kind; none if there is none.
std::optional<Diag> errorOfKind(std::string_view kind);
inline ExitCode exitCodeOf(Diag id) { return exitCodeOf(rowOf(id).failure); }
/// Whether a `try` may turn a failure into a value, and a `race` may continue without the failed region.
constexpr bool isCatchable(FailureClass failure) { return failure == FailureClass::Program; }
inline bool isCatchable(Diag id) { return isCatchable(rowOf(id).failure); }
/// Whether a `try {refused}` may turn it into a value: a grant is missing, or something is denied. A value
/// that may go nowhere (a secret in an operand, a variable of the loader) is a mistake of the program.
constexpr bool isMissingGrant(Diag id) {
  return id == Diag::NetNotGranted || id == Diag::PrivateAddress || id == Diag::AccessDenied ||
         id == Diag::SecretNotGranted || id == Diag::EnvNotGranted || id == Diag::ReadNotGranted ||
         id == Diag::WriteNotGranted || id == Diag::RunNotGranted || id == Diag::SymlinkRefused;
}

/// Replaces `{0}`, `{1}`, ... in a row's text; inserted arguments are not scanned again.
std::string formatMessage(std::string_view text, std::span<const std::string_view> arguments);

/// What LimitExceeded says: that `what` exceeds a limit, which is `bound`.
struct LimitError {
  std::string what, bound;
  std::string_view unit;
  std::string setting; // what to give `--limit`: `json-bytes=2000`
  std::string message() const;
};
/// Without `what`, what the limit is of. `needed`: a limit that would do, for the advice; 0: it is not known.
LimitError limitError(Limit limit, uint64_t bound, std::string_view what = {}, uint64_t needed = 0);

enum class DiagnosticFormat : uint8_t { Text, Json };

/// Writes a diagnostic as an engine prints it as text: place, severity, message and kind; then, where it is
/// known, the source line with a caret, and a line under the word there. `inColour`: with the escapes of a
/// terminal.
void printDiagnostic(const Diagnostic &diagnostic, llvm::raw_ostream &out, bool inColour = false);

/// What to do with warnings: of each kind, and of all.
class WarningChoice {
public:
  /// `error`, `KIND`, `no-KIND`, `unused`, `no-unused` (all kinds that begin so), `error=KIND`, `all` or
  /// `no-all`, as after
  /// `-W`; false if it is none of them.
  bool choose(std::string_view name);
  bool isOff(Diag id) const { return !off.empty() && off[static_cast<size_t>(id)]; }
  bool isError(Diag id) const { return allErrors || (!errors.empty() && errors[static_cast<size_t>(id)]); }

private:
  bool set(std::vector<bool> &rows, std::string_view name, bool value);
  std::vector<bool> off, errors; // by Diag; empty: none
  bool allErrors = false;
};
/// Suggests the nearest valid value of `-W`.
std::string nearestWarning(std::string_view wrong);

/// Collects and prints diagnostics. Errors beyond the cap (20) are only counted; a note is kept or not
/// together with the diagnostic before it. Thread safety: none; one engine per compilation, and one for the
/// main thread of a run.
class DiagnosticEngine {
public:
  /// Prints to `out`; if null, only keeps the diagnostics.
  explicit DiagnosticEngine(llvm::raw_ostream *out = nullptr,
                            DiagnosticFormat format = DiagnosticFormat::Text)
      : out(out), format(format) {}

  void setLocations(const LocationTable *table) { locations = table; }
  /// Prints messages with the escapes of a terminal.
  void setColour(bool wanted) { inColour = wanted; }
  /// Warnings that are off are dropped; those that are errors count as such.
  void setWarnings(WarningChoice choice) { warnings = std::move(choice); }
  /// Admits any number of warnings, for those who count them.
  void keepAllWarnings() { mostWarnings = SIZE_MAX; }
  const LocationTable *locationTable() const { return locations; }

  /// Reports the row `id` at `at`; `arguments` fill its placeholders in order.
  void report(Diag id, Location at, std::initializer_list<std::string_view> arguments = {});
  /// Reports about a file as a whole, or something outside any source.
  void reportFile(Diag id, std::string_view file, std::initializer_list<std::string_view> arguments = {});
  /// Reports at an already resolved place (plans carry line and column, not offsets).
  void reportAt(Diag id, LineColumn at, std::initializer_list<std::string_view> arguments = {});
  /// Reports a finished message (the text of a row, filled in during a run).
  void reportFinished(Diag id, LineColumn at, std::string message);
  void report(const LimitError &error, Location at);
  void reportFile(const LimitError &error, std::string_view file);
  /// Prints the line that counts what the cap left out; call once at the end.
  void finish();

  bool hasErrors() const { return errors != 0; }
  size_t errorCount() const { return errors; }
  /// The exit code that what was reported means: that of the first error, which stopped the work.
  ExitCode exitCode() const;
  const std::vector<Diagnostic> &all() const { return kept; }
  /// Whether a remark would be kept: what takes long to find need not be looked for otherwise.
  bool shows(Diag remark) const {
    return remarksShown && (remarkRows.empty() || remarkRows[static_cast<size_t>(remark)]);
  }
  /// Whether a warning would be kept, and not only counted: its place need not be looked for otherwise.
  bool showsWarning(Diag warning) const {
    return !warnings.isOff(warning) && (warnings.isError(warning) ? errors < cap : warned < mostWarnings);
  }
  /// Remarks are dropped unless asked for (`--remarks`).
  void showRemarks(bool show) { remarksShown = show; }
  /// Shows only the remarks of these rows, indexed by Diag, and prints them in their own format.
  void showRemarks(std::vector<bool> rows, DiagnosticFormat form) {
    remarksShown = true;
    remarkRows = std::move(rows);
    remarkFormat = form;
  }

  /// How many errors are kept and printed, and how many warnings.
  static constexpr size_t cap = 20, warningCap = 100;

private:
  /// Counts a diagnostic; returns whether to keep and print it.
  bool admit(Diag id);
  bool countError();
  bool countWarning(Diag id);
  void add(Diagnostic d);
  void print(const Diagnostic &d);

  llvm::raw_ostream *out;
  DiagnosticFormat format;
  const LocationTable *locations = nullptr;
  std::vector<Diagnostic> kept;
  size_t errors = 0, suppressed = 0, warned = 0, mostWarnings = warningCap;
  std::vector<bool> remarkRows; // empty: all
  std::optional<DiagnosticFormat> remarkFormat;
  WarningChoice warnings;
  bool remarksShown = true, lastAdmitted = true, inColour = false;
};

} // namespace xcs
