#include "xcs/Support/Diagnostics.h"
#include "Support/SourceLine.h"
#include "xcs/Support/Counted.h"
#include "xcs/Support/Visible.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;

static constexpr DiagnosticRow rows[] = {
#define XCS_DIAGNOSTIC(id, kind, severity, failure, text)                                                    \
  {kind, Severity::severity, FailureClass::failure, text},
#include "xcs/Support/Diagnostics.def"
};

static constexpr bool onlyErrorsAreFailures() {
  for (const DiagnosticRow &row : rows)
    if ((row.severity == Severity::Error) != (row.failure != FailureClass::None))
      return false;
  return true;
}
static_assert(onlyErrorsAreFailures(), "each error has a class, and nothing else has one");

const DiagnosticRow &xcs::rowOf(Diag id) { return rows[static_cast<size_t>(id)]; }
size_t xcs::diagnosticCount() { return std::size(rows); }

std::optional<Diag> xcs::errorOfKind(std::string_view kind) {
  for (size_t i = 0; i < diagnosticCount(); ++i)
    if (rows[i].kind == kind && rows[i].severity == Severity::Error)
      return static_cast<Diag>(i);
  return std::nullopt;
}

std::string_view xcs::failureClassName(FailureClass failure) {
  switch (failure) {
  case FailureClass::None:
    return {};
  case FailureClass::Program:
    return "program";
  case FailureClass::Refused:
    return "refused";
  case FailureClass::Limit:
    return "limit";
  case FailureClass::Usage:
    return "usage";
  case FailureClass::Unknown:
    return "unknown";
  case FailureClass::Waiting:
    return "waiting";
  case FailureClass::Stopped:
    return "stopped";
  }
  return {};
}

ExitCode xcs::exitCodeOf(FailureClass failure) {
  switch (failure) {
  case FailureClass::None:
    return ExitCode::Done;
  case FailureClass::Program:
    return ExitCode::ProgramFailed;
  case FailureClass::Refused:
    return ExitCode::PermissionRefused;
  case FailureClass::Limit:
    return ExitCode::LimitExceeded;
  case FailureClass::Usage:
    return ExitCode::BadUsage;
  case FailureClass::Unknown:
    return ExitCode::OutcomeUnknown;
  case FailureClass::Waiting:
    return ExitCode::Waiting;
  case FailureClass::Stopped:
    return ExitCode::Interrupted;
  }
  return ExitCode::ProgramFailed;
}

std::string_view xcs::severityName(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return "error";
  case Severity::Warning:
    return "warning";
  case Severity::Remark:
    return "remark";
  case Severity::Note:
    return "note";
  }
  return {};
}

std::string xcs::formatMessage(std::string_view text, std::span<const std::string_view> arguments) {
  std::string message;
  for (size_t at = 0; at < text.size();) {
    bool hole = text.size() - at >= 3 && text[at] == '{' && text[at + 1] >= '0' && text[at + 1] <= '9' &&
                text[at + 2] == '}';
    size_t number = hole ? static_cast<size_t>(text[at + 1] - '0') : 0;
    if (!hole || number >= arguments.size()) {
      message += text[at++];
      continue;
    }
    message += arguments[number];
    at += 3;
  }
  return message;
}

/// Names and numbers of a program may be as long as its text, so messages shorten them.
static std::string formatRow(Diag id, std::initializer_list<std::string_view> arguments) {
  std::vector<std::string> shown(arguments.size());
  std::vector<std::string_view> views;
  for (std::string_view argument : arguments) {
    appendShortened(argument, shown[views.size()]);
    views.push_back(shown[views.size()]);
  }
  return formatMessage(rowOf(id).text, views);
}

std::string LimitError::message() const {
  const std::string_view arguments[] = {what, bound, unit, setting};
  return formatMessage(rowOf(Diag::LimitExceeded).text, arguments);
}

LimitError xcs::limitError(Limit limit, uint64_t bound, std::string_view what, uint64_t needed) {
  const LimitRow &row = limitRows[static_cast<size_t>(limit)];
  const std::string value = needed > bound ? std::to_string(needed) : "N";
  return {std::string(what.empty() ? row.what : what), std::to_string(bound), row.unit,
          std::string(row.name) + '=' + value};
}

bool DiagnosticEngine::countError() {
  const bool admitted = ++errors <= cap;
  suppressed += !admitted;
  return admitted;
}

bool DiagnosticEngine::countWarning(Diag id) {
  return warnings.isError(id) ? countError() : ++warned <= mostWarnings;
}

bool DiagnosticEngine::admit(Diag id) {
  switch (rowOf(id).severity) {
  case Severity::Error:
    lastAdmitted = countError();
    break;
  case Severity::Warning:
    lastAdmitted = !warnings.isOff(id) && countWarning(id);
    break;
  case Severity::Remark:
    lastAdmitted = shows(id);
    break;
  case Severity::Note:
    break; // shares the fate of the one before it
  }
  return lastAdmitted;
}

void DiagnosticEngine::report(Diag id, Location at, std::initializer_list<std::string_view> arguments) {
  if (!admit(id))
    return;
  Diagnostic d;
  d.id = id;
  d.message = formatRow(id, arguments);
  if (locations) {
    LineColumn place = locations->resolve(at);
    d.file = place.file;
    d.line = place.line;
    d.column = place.column;
    if (const SourceBuffer *buffer = locations->bufferOf(at))
      cutSourceLine(buffer->line(place.line), place.column, d);
  }
  add(std::move(d));
  // What a remark is about may have come with a body that took the place of a call.
  if (!locations || rowOf(id).severity != Severity::Remark)
    return;
  static constexpr int mostCalls = 8;
  Location caller = locations->callerOf(at);
  for (int i = 0; i < mostCalls && caller.known(); ++i, caller = locations->callerOf(caller))
    report(Diag::InlinedAt, caller);
}

void DiagnosticEngine::reportFile(Diag id, std::string_view file,
                                  std::initializer_list<std::string_view> arguments) {
  reportAt(id, {file, 0, 0}, arguments);
}

void DiagnosticEngine::reportAt(Diag id, LineColumn at, std::initializer_list<std::string_view> arguments) {
  reportFinished(id, at, formatRow(id, arguments));
}

void DiagnosticEngine::reportFinished(Diag id, LineColumn at, std::string message) {
  if (!admit(id))
    return;
  Diagnostic d;
  d.id = id;
  d.message = std::move(message);
  d.file = at.file;
  d.line = at.line;
  d.column = at.column;
  add(std::move(d));
}

void DiagnosticEngine::report(const LimitError &error, Location at) {
  report(Diag::LimitExceeded, at, {error.what, error.bound, error.unit, error.setting});
}

void DiagnosticEngine::reportFile(const LimitError &error, std::string_view file) {
  reportFile(Diag::LimitExceeded, file, {error.what, error.bound, error.unit, error.setting});
}

ExitCode DiagnosticEngine::exitCode() const {
  for (const Diagnostic &d : kept)
    if (d.severity == Severity::Error)
      return rowOf(d.id).severity == Severity::Error ? exitCodeOf(d.id) : ExitCode::ProgramFailed;
  return ExitCode::Done;
}

void DiagnosticEngine::finish() {
  lastAdmitted = true;
  if (warned > mostWarnings)
    reportFile(Diag::MoreWarnings, {}, {counted(warned - mostWarnings, "more warning")});
  if (suppressed != 0)
    reportFile(Diag::MoreErrors, {}, {counted(suppressed, "more error")});
  warned = suppressed = 0;
}

void DiagnosticEngine::add(Diagnostic d) {
  d.severity = rowOf(d.id).severity;
  if (d.severity == Severity::Warning && warnings.isError(d.id))
    d.severity = Severity::Error;
  d.kind = rowOf(d.id).kind;
  kept.push_back(std::move(d));
  if (out)
    print(kept.back());
}

static void printJson(const Diagnostic &d, llvm::raw_ostream &out) {
  // File names and source text come from outside; JSON must be UTF-8.
  auto text = [](std::string_view s) {
    return llvm::json::isUTF8(s) ? std::string(s) : llvm::json::fixUTF8(s);
  };
  llvm::json::OStream json(out);
  json.object([&] {
    json.attribute("severity", llvm::StringRef(severityName(d.severity)));
    json.attribute("kind", llvm::StringRef(d.kind));
    json.attribute("message", text(d.message));
    if (!d.file.empty())
      json.attribute("file", text(d.file));
    if (d.line != 0) {
      json.attribute("line", d.line);
      json.attribute("column", d.column);
    }
    if (!d.sourceLine.empty())
      json.attribute("source", text(d.sourceLine));
  });
  out << '\n';
}

/// ECMA-48: what a terminal writes a severity in.
static const char *colourOf(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return "\033[1;31m";
  case Severity::Warning:
    return "\033[1;35m";
  case Severity::Remark:
    return "\033[1;34m";
  case Severity::Note:
    return "\033[1;36m";
  }
  return "";
}

/// The text of a `fail` or an `assert` keeps its lines: those after the first are indented, so that none can
/// pass for a message. In all others a line end is a part of some name.
static void printMessage(const Diagnostic &d, llvm::raw_ostream &out) {
  const std::string_view message = d.message;
  const bool keepsLines = d.id == Diag::Failed || d.id == Diag::AssertionFailed;
  size_t end = keepsLines ? message.find('\n') : message.npos;
  printVisible(message.substr(0, end), out);
  while (end != message.npos) {
    const size_t begin = end + 1;
    end = message.find('\n', begin);
    out << "\n    ";
    printVisible(message.substr(begin, end == message.npos ? end : end - begin), out);
  }
}

void xcs::printDiagnostic(const Diagnostic &d, llvm::raw_ostream &out, bool inColour) {
  const char *bold = inColour ? "\033[1m" : "", *plain = inColour ? "\033[0m" : "";
  if (!d.file.empty()) {
    out << bold;
    printVisible(d.file, out);
    if (d.line != 0)
      out << ':' << d.line << ':' << d.column;
    out << ": " << plain;
  }
  out << (inColour ? colourOf(d.severity) : "") << severityName(d.severity) << ": " << plain << bold;
  printMessage(d, out);
  out << plain << " [" << d.kind << "]\n";
  if (!d.sourceLine.empty())
    printSourceLine(d.sourceLine, d.caret, out, inColour);
}

void DiagnosticEngine::print(const Diagnostic &d) {
  bool ownForm = d.severity == Severity::Remark && remarkFormat;
  // Standard error is unbuffered: one write per message, so that messages of two processes do not mix.
  std::string text;
  llvm::raw_string_ostream stream(text);
  if ((ownForm ? *remarkFormat : format) == DiagnosticFormat::Json) {
    printJson(d, stream);
    text = visibleLines(text, Escapes::Json);
  } else {
    printDiagnostic(d, stream, inColour);
  }
  *out << text;
}
