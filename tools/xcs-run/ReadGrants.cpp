#include "xcs-run/Flags.h"
#include "xcs/Support/ReadFile.h"
#include "xcs/Support/ShellWord.h"
#include "xcs/Support/Utf8.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

using namespace xcs;
using namespace xcs::runner;
namespace cl = llvm::cl;

static constexpr uint64_t mostBytes = 1u << 20; // of a file of grants, or of a secret

namespace {

/// Where a grant is written: a line of a file, or the command line.
struct Place {
  std::string file;
  uint32_t line = 0;
};

class GrantReader {
public:
  GrantReader(const Flags &flags, Options &out, DiagnosticEngine &diagnostics)
      : flags(flags), out(out), diagnostics(diagnostics) {}
  bool read();

private:
  struct Row {
    llvm::StringLiteral flag, form;
    const cl::list<std::string> Flags::*given;
    bool (GrantReader::*add)(const std::string &value, const Place &place);
  };
  static const Row rows[];

  bool readFile(const std::string &path);
  bool readLine(llvm::StringRef line, const Place &place);
  bool addTo(const Row &row, const std::string &value, const Place &place);
  bool bad(const std::string &value, const Row &row, const std::string &why, const Place &place);

  bool allowNet(const std::string &value, const Place &) { return out.grants.allowNet(value); }
  bool denyNet(const std::string &value, const Place &) { return out.grants.denyNet(value); }
  bool allowSecret(const std::string &value, const Place &) { return out.grants.allowSecret(value); }
  bool allowEnv(const std::string &value, const Place &) {
    out.grants.allowEnv(value);
    return true;
  }
  bool denyEnv(const std::string &value, const Place &) {
    out.grants.denyEnv(value);
    return true;
  }
  bool allowPath(PathGrants::Access access, const std::string &path) {
    return out.grants.paths().allow(access, path, why);
  }
  bool allowRead(const std::string &value, const Place &) {
    return allowPath(PathGrants::Access::Read, value);
  }
  bool allowWrite(const std::string &value, const Place &) {
    return allowPath(PathGrants::Access::Write, value);
  }
  bool denyRead(const std::string &value, const Place &) {
    out.grants.paths().deny(PathGrants::Access::Read, value);
    return true;
  }
  bool denyWrite(const std::string &value, const Place &) {
    out.grants.paths().deny(PathGrants::Access::Write, value);
    return true;
  }
  bool allowRun(const std::string &value, const Place &) {
    why = "the program does not exist";
    return out.grants.programs().allow(value);
  }
  bool denyRun(const std::string &value, const Place &) {
    out.grants.programs().deny(value);
    return true;
  }
  bool secretFile(const std::string &value, const Place &);

  const Flags &flags;
  Options &out;
  DiagnosticEngine &diagnostics;
  std::string why; // the last value cannot be granted; empty: it is not of the right form
};

} // namespace

const GrantReader::Row GrantReader::rows[] = {
    {"--allow-net", "HOST[:PORT]", &Flags::allowNet, &GrantReader::allowNet},
    {"--deny-net", "HOST[:PORT]", &Flags::denyNet, &GrantReader::denyNet},
    {"--allow-secret", "NAME@HOST[:PORT], or NAME@run:PROG with a program that exists", &Flags::allowSecret,
     &GrantReader::allowSecret},
    {"--allow-env", "NAME", &Flags::allowEnv, &GrantReader::allowEnv},
    {"--deny-env", "NAME", &Flags::denyEnv, &GrantReader::denyEnv},
    {"--allow-read", "PATH", &Flags::allowRead, &GrantReader::allowRead},
    {"--deny-read", "PATH", &Flags::denyRead, &GrantReader::denyRead},
    {"--allow-write", "PATH", &Flags::allowWrite, &GrantReader::allowWrite},
    {"--deny-write", "PATH", &Flags::denyWrite, &GrantReader::denyWrite},
    {"--allow-run", "PROG", &Flags::allowRun, &GrantReader::allowRun},
    {"--deny-run", "PROG", &Flags::denyRun, &GrantReader::denyRun},
    {"--secret-file", "NAME=PATH, each name once", &Flags::secretFile, &GrantReader::secretFile},
};

bool GrantReader::bad(const std::string &value, const Row &row, const std::string &reason,
                      const Place &place) {
  const LineColumn at{place.file, place.line, place.line ? 1u : 0u};
  if (reason.empty())
    diagnostics.reportAt(Diag::BadFlagValue, at,
                         {value, std::string_view(row.flag), std::string_view(row.form)});
  else
    diagnostics.reportAt(Diag::BadGrant, at, {value, std::string_view(row.flag), reason});
  return false;
}

bool GrantReader::addTo(const Row &row, const std::string &value, const Place &place) {
  why.clear();
  return (this->*row.add)(value, place) || bad(value, row, why, place);
}

/// The content of the file without its last line end, which editors and `echo` add. What it says is not shown
/// in any message.
bool GrantReader::secretFile(const std::string &value, const Place &) {
  const size_t equals = value.find('=');
  if (equals == 0 || equals == value.npos || equals + 1 == value.size() ||
      out.secrets.contains(value.substr(0, equals)))
    return false;
  auto text = xcs::readFile(value.substr(equals + 1), mostBytes + 1);
  if (!text || text->size() > mostBytes)
    why = text ? "the file has more than 1 MB" : text.error().message();
  else if (text->ends_with('\n'))
    text->erase(text->size() - (text->ends_with("\r\n") ? 2 : 1));
  if (text && why.empty() && text->empty())
    why = "the file is empty";
  if (!why.empty())
    return false;
  out.secrets.emplace(value.substr(0, equals), std::move(*text));
  out.ownInputs.push_back(value.substr(equals + 1));
  return true;
}

/// A flag as on the command line, quoted as in a shell, or nothing.
bool GrantReader::readLine(llvm::StringRef line, const Place &place) {
  llvm::StringRef text = line.trim();
  const auto words = shellWords(text);
  if (words && words->empty())
    return true;
  const llvm::StringRef flag = words && words->size() == 1 && words->front().find('\0') == std::string::npos
                                   ? llvm::StringRef(words->front())
                                   : llvm::StringRef();
  if (flag == "--allow-all") {
    out.grants.allowAll();
    return true;
  }
  const auto [name, value] = flag.split('=');
  for (const Row &row : rows)
    if (name == row.flag && !value.empty())
      return addTo(row, value.str(), place);
  diagnostics.reportAt(Diag::BadGrantsLine, {place.file, place.line, 1}, {text});
  return false;
}

bool GrantReader::readFile(const std::string &path) {
  auto text = xcs::readFile(path, mostBytes + 1);
  if (!text || text->size() > mostBytes) {
    const std::string reason = text ? "a file of grants has at most 1 MB" : text.error().message();
    diagnostics.reportFile(Diag::InputUnreadable, path, {path, reason});
    return false;
  }
  bool good = true;
  llvm::SmallVector<llvm::StringRef, 32> lines;
  llvm::StringRef content = *text;
  content.consume_front(byteOrderMark);
  content.split(lines, '\n');
  for (size_t i = 0; i < lines.size(); ++i)
    good &= readLine(lines[i], {path, static_cast<uint32_t>(i + 1)});
  return good;
}

bool GrantReader::read() {
  bool good = true;
  for (const Row &row : rows)
    for (const std::string &value : flags.*row.given)
      good &= addTo(row, value, {flags.tool, 0});
  if (flags.allowAll)
    out.grants.allowAll();
  for (const std::string &path : flags.grants)
    good &= readFile(path);
  return good;
}

bool runner::readGrants(const Flags &flags, Options &out, DiagnosticEngine &diagnostics) {
  return GrantReader(flags, out, diagnostics).read();
}
