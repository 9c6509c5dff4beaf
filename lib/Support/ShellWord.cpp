#include "xcs/Support/ShellWord.h"
#include "xcs/Support/Visible.h"

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
