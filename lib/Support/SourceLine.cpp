#include "Support/SourceLine.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Unicode.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>

using namespace xcs;

// What a terminal shows of a line, and how much of it stands before the caret.
static constexpr size_t maxLine = 160, maxBefore = 100;
static constexpr std::string_view ellipsis = "...";

static bool isContinuation(char c) { return (static_cast<uint8_t>(c) & 0xc0) == 0x80; }

/// `at`, moved back to the first byte of its character (at most three bytes: the text may not be UTF-8 at
/// all).
static size_t characterStart(std::string_view text, size_t at) {
  for (int back = 0; back < 3 && at > 0 && at < text.size() && isContinuation(text[at]); ++back)
    --at;
  return at;
}

void xcs::appendShortened(std::string_view text, std::string &out) {
  static constexpr size_t most = 1000;
  bool isLong = text.size() > most;
  out += text.substr(0, isLong ? characterStart(text, most) : most);
  out += isLong ? ellipsis : "";
}

void xcs::cutSourceLine(std::string_view line, uint32_t column, Diagnostic &d) {
  size_t caret = std::min<size_t>(column ? column - 1 : 0, line.size());
  if (line.size() <= maxLine) {
    d.sourceLine = line;
    d.caret = static_cast<uint32_t>(caret);
    return;
  }
  size_t begin = caret > maxBefore ? characterStart(line, caret - maxBefore) : 0;
  size_t end = characterStart(line, std::min(line.size(), begin + maxLine));
  if (begin != 0)
    d.sourceLine = ellipsis;
  d.caret = static_cast<uint32_t>(d.sourceLine.size() + caret - begin);
  d.sourceLine += line.substr(begin, end - begin);
  if (end != line.size())
    d.sourceLine += ellipsis;
}

namespace {

/// A character at the front of a text, and how it is shown.
struct Shown {
  size_t bytes = 1;
  uint32_t code = 0; // the byte itself where it is part of no character
  enum class As : uint8_t { Itself, Byte, Unit } as = As::Itself;

  /// What an escape takes in a terminal: `\x1b`, `\u202e`.
  unsigned escapeColumns() const { return as == As::Byte ? 4 : 6; }
};

} // namespace

/// Characters that a reader does not see, or that change the order of those he sees (Unicode Technical Report
/// 36, 2.10.4; CVE-2021-42574): with them, a text would say one thing and be another.
static bool isInvisible(uint32_t code) {
  bool isJoiner = code == 0x200c || code == 0x200d; // which many scripts and pictures need
  return (code >= 0x200b && code <= 0x200f && !isJoiner) || (code >= 0x2028 && code <= 0x202e) ||
         (code >= 0x2060 && code <= 0x206f) || code == 0xfeff || code == 0x61c || code == 0x180e;
}

static Shown firstOf(std::string_view text) {
  Shown shown;
  const auto *at = reinterpret_cast<const llvm::UTF8 *>(text.data());
  llvm::UTF32 code = 0;
  if (llvm::convertUTF8Sequence(&at, at + text.size(), &code, llvm::strictConversion) != llvm::conversionOK) {
    shown.code = static_cast<uint8_t>(text[0]);
    shown.as = Shown::As::Byte;
    return shown;
  }
  shown.bytes = static_cast<size_t>(at - reinterpret_cast<const llvm::UTF8 *>(text.data()));
  shown.code = code;
  if ((code < 0x20 && code != '\t') || (code >= 0x7f && code < 0xa0))
    shown.as = Shown::As::Byte;
  else if (isInvisible(code))
    shown.as = Shown::As::Unit;
  return shown;
}

void xcs::printVisible(std::string_view text, llvm::raw_ostream &out) {
  size_t done = 0;
  for (size_t i = 0; i < text.size();) {
    if (text[i] >= ' ' && text[i] < 0x7f) {
      ++i;
      continue;
    }
    Shown shown = firstOf(text.substr(i));
    if (shown.as != Shown::As::Itself) {
      bool isByte = shown.as == Shown::As::Byte;
      out << text.substr(done, i - done) << (isByte ? "\\x" : "\\u")
          << llvm::format_hex_no_prefix(shown.code, isByte ? 2 : 4);
      done = i + shown.bytes;
    }
    i += shown.bytes;
  }
  out << text.substr(done);
}

/// The columns a terminal needs for one character of the text as printVisible writes it.
static unsigned columnsOf(std::string_view character, const Shown &shown) {
  if (shown.as != Shown::As::Itself)
    return shown.escapeColumns();
  int width = llvm::sys::unicode::columnWidthUTF8(character);
  return width >= 0 ? static_cast<unsigned>(width) : 1;
}

void xcs::printSourceLine(std::string_view line, uint32_t caret, llvm::raw_ostream &out) {
  printVisible(line, out);
  out << '\n';
  std::string_view before = line.substr(0, caret);
  while (!before.empty()) {
    Shown shown = firstOf(before);
    if (before[0] == '\t')
      out << '\t';
    else
      out.indent(columnsOf(before.substr(0, shown.bytes), shown));
    before.remove_prefix(shown.bytes);
  }
  out << "^\n";
}
