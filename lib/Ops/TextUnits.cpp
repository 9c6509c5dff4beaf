#include "Ops/TextUnits.h"
#include <algorithm>
#include <array>

using namespace xcs;

namespace {

bool isSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool isDigit(char c) { return c >= '0' && c <= '9'; }
/// Whether a character of U+0080 to U+07FF begins with this byte.
bool beginsTwoBytes(char c) { return (static_cast<unsigned char>(c) & 0xe0) == 0xc0; }

/// The size of the mark at a byte; 0 if it is none of `marks`.
template <size_t n> size_t markAt(std::string_view text, size_t at, const std::string_view (&marks)[n]) {
  for (std::string_view mark : marks)
    if (text.substr(at).starts_with(mark))
      return mark.size();
  return 0;
}

constexpr std::string_view narrowEnds[] = {".", "!", "?", "\u2026"};
constexpr std::string_view wideEnds[] = {"\u3002", "\uff01", "\uff1f", "\uff61"};
constexpr std::string_view closers[] = {"\"",     "'",      ")",      "]",      "}",     "\u201d",
                                        "\u2019", "\u00bb", "\u300d", "\u300f", "\uff09"};
constexpr std::string_view wideSpaces[] = {"\u00a0", "\u3000"}; // in addition to those of isSpace

template <size_t n> size_t skipMarks(std::string_view text, size_t at, const std::string_view (&marks)[n]) {
  while (size_t size = markAt(text, at, marks))
    at += size;
  return at;
}

size_t skipSpaces(std::string_view text, size_t at) {
  while (at < text.size()) {
    size_t size = isSpace(text[at]) ? 1 : markAt(text, at, wideSpaces);
    if (!size)
      break;
    at += size;
  }
  return at;
}

/// The position after the end marks at `at` and the closing marks that follow them; sets `wide` if one of
/// them is full-width, `dots` if all are full stops.
size_t skipEnds(std::string_view text, size_t at, bool &wide, bool &dots) {
  wide = false;
  dots = true;
  while (true) {
    size_t size = markAt(text, at, narrowEnds);
    if (!size) {
      size = markAt(text, at, wideEnds);
      wide |= size != 0;
    }
    if (!size)
      return skipMarks(text, at, closers);
    dots &= text[at] == '.';
    at += size;
  }
}

/// The bytes with which a mark or white space begins; most bytes of a text are neither.
struct Beginnings {
  std::array<bool, 256> is{};
  consteval Beginnings() {
    auto add = [this](const auto &marks) {
      for (std::string_view mark : marks)
        is[static_cast<unsigned char>(mark[0])] = true;
    };
    for (char c : {' ', '\t', '\n', '\v', '\f', '\r'})
      is[static_cast<unsigned char>(c)] = true;
    add(wideSpaces);
    add(narrowEnds);
    add(wideEnds);
  }
};
constexpr Beginnings beginnings;

} // namespace

size_t xcs::codePointEnd(std::string_view text, size_t at) {
  do
    ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80);
  return at;
}

size_t xcs::sentenceEnd(std::string_view text, size_t at) {
  at = skipSpaces(text, at); // only before the first sentence
  while (at < text.size()) {
    if (!beginnings.is[static_cast<unsigned char>(text[at])]) {
      ++at; // possibly into a code point, but no mark begins there
      continue;
    }
    if (size_t behind = skipSpaces(text, at); behind != at) {
      std::string_view gap = text.substr(at, behind - at);
      at = behind;
      if (std::ranges::count(gap, '\n') > 1)
        return at;
      continue;
    }
    if (!markAt(text, at, narrowEnds) && !markAt(text, at, wideEnds)) {
      at = codePointEnd(text, at);
      continue;
    }
    bool wide, dots;
    size_t ends = skipEnds(text, at, wide, dots);
    size_t next = skipSpaces(text, ends);
    bool goesOn = dots && next < text.size() && text[next] >= 'a' && text[next] <= 'z';
    if (wide || next == text.size() || (next != ends && !goesOn))
      return next;
    at = ends; // a blank line may follow and end the sentence
  }
  return at;
}

size_t xcs::tokenEnd(std::string_view text, size_t at) {
  auto runEnd = [&](size_t from, size_t most, auto belongs) {
    size_t end = from;
    while (end < text.size() && end - from < most && belongs(text[end]))
      ++end;
    return end;
  };
  if (size_t end = runEnd(at, text.npos, isSpace); end != at) {
    bool joins = text[end - 1] == ' ' && end < text.size(); // the last space belongs to what follows
    if (!joins)
      return end;
    if (end - at > 1)
      return end - 1;
    at = end;
  }
  if (isLetter(text[at]))
    return runEnd(at, 6, isLetter);
  if (isDigit(text[at]))
    return runEnd(at, 3, isDigit);
  size_t end = codePointEnd(text, at);
  if (beginsTwoBytes(text[at]) && end < text.size() && beginsTwoBytes(text[end]))
    end = codePointEnd(text, end);
  return end;
}
