#include "Support/SourceLine.h"
#include "xcs/Support/Visible.h"
#include "llvm/Support/Unicode.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>

using namespace xcs;

// How much of a line a terminal shows, and how much of it before the caret.
static constexpr size_t maxLine = 160, maxBefore = 100;
static constexpr std::string_view ellipsis = "...";

static bool isContinuation(char c) { return (static_cast<uint8_t>(c) & 0xc0) == 0x80; }

/// `at`, moved back to the first byte of its character, by at most three bytes, since the text may not be
/// UTF-8 at all.
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

/// The columns a terminal needs for one character as printVisible writes it.
static unsigned columnsOf(std::string_view character, const VisibleCharacter &shown) {
  if (shown.as != VisibleCharacter::As::Itself)
    return static_cast<unsigned>(visible(character).size());
  int width = llvm::sys::unicode::columnWidthUTF8(character);
  return width >= 0 ? static_cast<unsigned>(width) : 1;
}

bool xcs::isWordByte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' ||
         c == '$';
}

/// The word, number or string at the beginning of a text, in bytes; at least one.
static size_t wordAtStart(std::string_view text) {
  if (text.empty())
    return 1;
  size_t end = 1;
  if (text[0] == '"') {
    while (end < text.size() && text[end] != '"')
      end += text[end] == '\\' ? 2 : 1;
    return std::min(end + 1, text.size());
  }
  if (!isWordByte(text[0]) && text[0] != '%' && text[0] != '@' && text[0] != '-')
    return 1;
  while (end < text.size() && isWordByte(text[end]))
    ++end;
  return end;
}

static unsigned columnsOf(std::string_view text) {
  unsigned columns = 0;
  while (!text.empty()) {
    VisibleCharacter shown = firstCharacter(text);
    columns += columnsOf(text.substr(0, shown.bytes), shown);
    text.remove_prefix(shown.bytes);
  }
  return columns;
}

void xcs::printSourceLine(std::string_view line, uint32_t caret, llvm::raw_ostream &out, bool inColour) {
  printVisible(line, out);
  out << '\n';
  std::string_view before = line.substr(0, caret);
  while (!before.empty()) {
    VisibleCharacter shown = firstCharacter(before);
    if (before[0] == '\t')
      out << '\t';
    else
      out.indent(columnsOf(before.substr(0, shown.bytes), shown));
    before.remove_prefix(shown.bytes);
  }
  const std::string_view rest = line.substr(std::min<size_t>(caret, line.size()));
  const unsigned width = rest.empty() ? 1 : columnsOf(rest.substr(0, wordAtStart(rest)));
  out << (inColour ? "\033[1;32m^" : "^") << std::string(width > 1 ? width - 1 : 0, '~')
      << (inColour ? "\033[0m\n" : "\n");
}
