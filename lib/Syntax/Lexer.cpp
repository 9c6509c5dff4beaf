#include "Syntax/Lexer.h"
#include "xcs/Support/Utf8.h"
#include "xcs/Syntax/Parser.h"
#include <array>

using namespace xcs;

namespace {

enum class CharClass : uint8_t { Other, Space, Letter, Digit, Punctuation };

/// What a byte can begin and continue. One table look-up per byte makes the lexer fast.
struct CharTable {
  std::array<CharClass, 256> starts{};
  std::array<TokenKind, 256> punctuation{};
  std::array<bool, 256> inWord{}, inHex{}, inString{};

  consteval CharTable() {
    for (char c : {' ', '\t', '\n', '\r'})
      starts[static_cast<uint8_t>(c)] = CharClass::Space;
    for (int c = '0'; c <= '9'; ++c) {
      starts[c] = CharClass::Digit;
      inWord[c] = inHex[c] = true;
    }
    for (int c = 'a'; c <= 'z'; ++c)
      letter(c), letter(c - 'a' + 'A');
    letter('_');
    inWord['$'] = inWord['.'] = true;
    for (int c = 'a'; c <= 'f'; ++c)
      inHex[c] = inHex[c - 'a' + 'A'] = true;
    constexpr std::string_view marks = "(){}[]<>,:=";
    for (size_t i = 0; i < marks.size(); ++i)
      mark(marks[i], static_cast<TokenKind>(static_cast<size_t>(TokenKind::LParen) + i));
    mark('^', TokenKind::Caret);
    // Ends of a string's plain part: quote, escape, end of line, end of text.
    for (int c = 0; c < 256; ++c)
      inString[c] = c != '"' && c != '\\' && c != '\r' && c != '\n' && c != 0;
  }

private:
  consteval void letter(int c) {
    starts[c] = CharClass::Letter;
    inWord[c] = true;
  }
  consteval void mark(char c, TokenKind kind) {
    starts[static_cast<uint8_t>(c)] = CharClass::Punctuation;
    punctuation[static_cast<uint8_t>(c)] = kind;
  }
};
constexpr CharTable chars;

uint8_t byte(const char *at) { return static_cast<uint8_t>(*at); }
bool isDigit(const char *at) { return *at >= '0' && *at <= '9'; }

TokenKind keywordOrName(std::string_view word) {
  switch (word.size()) {
  case 3:
    return word == "loc" ? TokenKind::Loc : TokenKind::Name;
  case 4:
    return word == "func" ? TokenKind::Func : TokenKind::Name;
  case 5:
    return word == "after" ? TokenKind::After : TokenKind::Name;
  case 6:
    return word == "module"   ? TokenKind::Module
           : word == "import" ? TokenKind::Import
           : word == "extern" ? TokenKind::Extern
                              : TokenKind::Name;
  case 7:
    return word == "private" ? TokenKind::Private : TokenKind::Name;
  case 10:
    return word == "attributes" ? TokenKind::Attributes : TokenKind::Name;
  }
  return TokenKind::Name;
}

} // namespace

std::span<const std::string_view> xcs::keywords() {
  static constexpr std::string_view words[] = {"module", "import",     "func",  "private",
                                               "extern", "attributes", "after", "loc"};
  return words;
}

Lexer::Lexer(std::string_view text) : begin(text.data()), end(begin + text.size()), at(begin) {
  if (text.starts_with(byteOrderMark))
    at += byteOrderMark.size();
  if (at[0] == '#' && at[1] == '!')
    while (*at != '\n' && *at != '\r' && at != end)
      ++at;
}

// The NUL after the text stops every inner loop, so none of them checks for the end.
Token Lexer::next() {
  while (true) {
    while (chars.starts[byte(at)] == CharClass::Space)
      ++at;
    if (at[0] != '/' || at[1] != '/')
      break;
    while (*at != '\n' && *at != '\r' && at != end)
      ++at;
  }
  const char *start = at;
  TokenKind kind = at == end ? TokenKind::End : scan();
  return {kind, static_cast<uint32_t>(start - begin), static_cast<uint32_t>(at - start)};
}

TokenKind Lexer::scan() {
  switch (chars.starts[byte(at)]) {
  case CharClass::Punctuation:
    return chars.punctuation[byte(at++)];
  case CharClass::Letter:
    return scanWord();
  case CharClass::Digit:
    return scanNumber();
  case CharClass::Space:
  case CharClass::Other:
    break;
  }
  switch (*at) {
  case '%':
    if (!chars.inWord[byte(at + 1)])
      return scanOther();
    do
      ++at;
    while (chars.inWord[byte(at)]);
    return TokenKind::Value;
  case '@':
    if (chars.starts[byte(at + 1)] != CharClass::Letter)
      return scanOther();
    do
      ++at;
    while (chars.inWord[byte(at)]);
    return TokenKind::Symbol;
  case '"':
    return scanString();
  case '-':
    return scanAfterMinus();
  }
  return scanOther();
}

TokenKind Lexer::scanWord() {
  const char *start = at;
  do
    ++at;
  while (chars.inWord[byte(at)]);
  return keywordOrName({start, static_cast<size_t>(at - start)});
}

TokenKind Lexer::scanAfterMinus() {
  if (at[1] == '>') {
    at += 2;
    return TokenKind::Arrow;
  }
  if (at[1] == 'i' && at[2] == 'n' && at[3] == 'f') {
    at += 4;
    return TokenKind::Float;
  }
  if (!isDigit(at + 1))
    return scanOther();
  ++at;
  return scanNumber();
}

bool Lexer::skipDigits() {
  const char *start = at;
  while (isDigit(at))
    ++at;
  return at != start;
}

bool Lexer::skipUnit() {
  const bool isLong = (at[0] == 'n' || at[0] == 'u' || at[0] == 'm') && at[1] == 's';
  if (!isLong && at[0] != 'm' && at[0] != 's' && at[0] != 'h')
    return false;
  at += isLong ? 2 : 1;
  return true;
}

/// The other parts of a duration: `30m` of `1h30m`. Digits without a unit are a number of their own.
void Lexer::skipParts() {
  for (const char *whole = at; skipDigits(); whole = at) {
    if (at[0] == '.' && isDigit(at + 1)) {
      ++at;
      skipDigits();
    }
    if (!skipUnit()) {
      at = whole;
      return;
    }
  }
}

// The longest of INT, FLOAT and DURATION, as the specification has it: `5msx` is `5ms` and `x`.
TokenKind Lexer::scanNumber() {
  if (at[0] == '0' && at[1] == 'x' && chars.inHex[byte(at + 2)]) {
    at += 2;
    while (chars.inHex[byte(at)])
      ++at;
    return TokenKind::Int;
  }
  skipDigits();
  TokenKind kind = TokenKind::Int;
  if (at[0] == '.' && isDigit(at + 1)) {
    kind = TokenKind::Float;
    ++at;
    skipDigits();
  }
  switch (*at) {
  case 'n':
  case 'u':
  case 'm':
  case 's':
  case 'h':
    if (!skipUnit())
      return kind;
    skipParts();
    return TokenKind::Duration;
  case 'e':
  case 'E': {
    const char *before = at;
    at += at[1] == '+' || at[1] == '-' ? 2 : 1;
    if (skipDigits())
      return TokenKind::Float;
    at = before; // the letter begins a NAME
    return kind;
  }
  }
  return kind;
}

// An unclosed string takes the rest of its line, so that the following lines are read as intended.
TokenKind Lexer::scanString() {
  if (at[1] == '"' && at[2] == '"')
    return scanRawString();
  ++at;
  while (true) {
    while (chars.inString[byte(at)])
      ++at;
    if (*at == '"') {
      ++at;
      return TokenKind::String;
    }
    if (*at != '\\')
      return TokenKind::Unclosed;
    ++at;
    // Further bytes of an escaped character are read as plain ones.
    if (*at == '\r' || *at == '\n' || at == end)
      return TokenKind::Unclosed;
    ++at;
  }
}

TokenKind Lexer::scanRawString() {
  std::string_view rest(at + 3, static_cast<size_t>(end - at - 3));
  size_t close = rest.find("\"\"\"");
  at = close == rest.npos ? end : rest.data() + close + 3;
  return close == rest.npos ? TokenKind::Unclosed : TokenKind::String;
}

TokenKind Lexer::scanOther() {
  do
    ++at;
  while ((byte(at) & 0xc0) == 0x80); // the whole character
  return TokenKind::Unknown;
}
