#include "xcs/Support/ShellWord.h"
#include "xcs/Support/Visible.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

using namespace xcs;

static bool isPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-./:@=+,%[]").find(c) != std::string_view::npos;
}

/// A byte within `'..'` or, if some characters are not visible, `$'..'`.
static std::string quoted(char c, bool isShown, bool isEscaped) {
  if (isShown)
    return c == '\'' ? "'\\''" : std::string(1, c);
  if (isEscaped || c == '\t') {
    // Three octal digits: with hexadecimal ones a shell may read more than two.
    unsigned char byte = static_cast<unsigned char>(c);
    auto digit = [](int value) { return static_cast<char>('0' + value); };
    return {'\\', digit(byte >> 6), digit(byte >> 3 & 7), digit(byte & 7)};
  }
  return c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
}

std::string xcs::shellWord(std::string_view text) {
  bool plain = !text.empty();
  for (char c : text)
    plain = plain && isPlain(c);
  if (plain)
    return std::string(text);
  // Characters that a terminal does not show cannot be pasted: `$'..'` writes their bytes (POSIX.1-2024,
  // 2.2.4).
  bool isShown = visible(text) == text && text.find('\t') == text.npos;
  std::string word = isShown ? "'" : "$'";
  for (size_t at = 0; at < text.size();) {
    VisibleCharacter next = firstCharacter(text.substr(at));
    for (char c : text.substr(at, next.bytes))
      word += quoted(c, isShown, next.as != VisibleCharacter::As::Itself);
    at += next.bytes;
  }
  return word + "'";
}

namespace {

class WordReader {
public:
  explicit WordReader(std::string_view text) : text(text) {}
  std::optional<std::vector<std::string>> run();

private:
  bool readPart();
  bool readQuoted(char quote);
  bool readEscapes();
  void readEscape();
  unsigned readDigits(unsigned base, unsigned most);
  void endWord();
  char next() { return text[at++]; }
  bool atEnd() const { return at == text.size(); }

  std::string_view text;
  size_t at = 0;
  std::vector<std::string> words;
  std::string word;
  bool inWord = false;
};

} // namespace

void WordReader::endWord() {
  if (inWord)
    words.push_back(std::move(word));
  word.clear();
  inWord = false;
}

/// Up to the quote. In `".."` a backslash only escapes what would end or expand there.
bool WordReader::readQuoted(char quote) {
  while (!atEnd()) {
    char c = next();
    if (c == quote)
      return true;
    if (c == '\\' && quote == '"' && !atEnd() &&
        std::string_view("\\\"$`\n").find(text[at]) != std::string_view::npos)
      if (c = next(); c == '\n')
        continue;
    word += c;
  }
  return false;
}

/// At most `most` digits.
unsigned WordReader::readDigits(unsigned base, unsigned most) {
  unsigned value = 0;
  for (; most != 0 && !atEnd() && llvm::hexDigitValue(text[at]) < base; --most)
    value = value * base + llvm::hexDigitValue(next());
  return value;
}

/// An escape of `$'..'` after its backslash (POSIX.1-2024, 2.2.4): up to three octal or two hexadecimal
/// digits, a control character, a letter, or the character itself.
void WordReader::readEscape() {
  static constexpr std::string_view letters = "abefnrtv", bytes = "\a\b\033\f\n\r\t\v";
  const char c = next();
  if (c >= '0' && c <= '7') {
    --at;
    word += static_cast<char>(readDigits(8, 3));
  } else if (c == 'x' && !atEnd() && llvm::isHexDigit(text[at])) {
    word += static_cast<char>(readDigits(16, 2));
  } else if (c == 'c' && !atEnd()) {
    word += static_cast<char>(next() & 0x1f);
  } else if (const size_t letter = letters.find(c); letter != letters.npos) {
    word += bytes[letter];
  } else {
    word += c;
  }
}

bool WordReader::readEscapes() {
  while (!atEnd()) {
    const char c = next();
    if (c == '\'')
      return true;
    if (c == '\\' && !atEnd())
      readEscape();
    else
      word += c;
  }
  return false;
}

/// A quoted part, an escaped character, or one that means itself.
bool WordReader::readPart() {
  const char c = next();
  const bool joinsLines = c == '\\' && !atEnd() && text[at] == '\n';
  inWord |= !joinsLines;
  if (c == '\'' || c == '"')
    return readQuoted(c);
  if (c == '$' && !atEnd() && text[at] == '\'') {
    ++at;
    return readEscapes();
  }
  if (joinsLines)
    ++at;
  else
    word += c == '\\' && !atEnd() ? next() : c;
  return true;
}

std::optional<std::vector<std::string>> WordReader::run() {
  while (!atEnd()) {
    const char c = text[at];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++at;
      endWord();
    } else if (c == '#' && !inWord) {
      at = std::min(text.find('\n', at), text.size());
    } else if (!readPart()) {
      return std::nullopt;
    }
  }
  endWord();
  return std::move(words);
}

std::optional<std::vector<std::string>> xcs::shellWords(std::string_view text) {
  return WordReader(text).run();
}
