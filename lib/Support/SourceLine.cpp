#include "Support/SourceLine.h"
#include "llvm/Support/ConvertUTF.h"
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

static bool isControl(char c) { return static_cast<uint8_t>(c) < 0x20 || c == 0x7f; }

void xcs::printVisible(std::string_view text, llvm::raw_ostream &out) {
  static constexpr char hex[] = "0123456789abcdef";
  size_t done = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    // U+0080 to U+009F are control characters too: c2 80 to c2 9f in UTF-8.
    bool second = static_cast<uint8_t>(text[i]) == 0xc2 && i + 1 < text.size() &&
                  static_cast<uint8_t>(text[i + 1]) >= 0x80 && static_cast<uint8_t>(text[i + 1]) < 0xa0;
    if (!second && (!isControl(text[i]) || text[i] == '\t'))
      continue;
    out << text.substr(done, i - done);
    i += second;
    auto code = static_cast<uint8_t>(text[i]);
    out << "\\x" << hex[code >> 4] << hex[code & 15];
    done = i + 1;
  }
  out << text.substr(done);
}

/// The columns a terminal needs for one character of the text as printVisible writes it.
static unsigned columnsOf(std::string_view character) {
  if (character.size() == 1)
    return isControl(character[0]) ? 4 : 1;
  int width = llvm::sys::unicode::columnWidthUTF8(character);
  return width >= 0 ? static_cast<unsigned>(width) : 4;
}

void xcs::printSourceLine(std::string_view line, uint32_t caret, llvm::raw_ostream &out) {
  printVisible(line, out);
  out << '\n';
  std::string_view before = line.substr(0, caret);
  while (!before.empty()) {
    size_t bytes =
        std::clamp<size_t>(llvm::getNumBytesForUTF8(static_cast<uint8_t>(before[0])), 1, before.size());
    if (before[0] == '\t')
      out << '\t';
    else
      out.indent(columnsOf(before.substr(0, bytes)));
    before.remove_prefix(bytes);
  }
  out << "^\n";
}
