#include "xcs/Support/ShellWord.h"

using namespace xcs;

static bool isPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-./:@=+,%[]").find(c) != std::string_view::npos;
}

std::string xcs::shellWord(std::string_view text) {
  bool plain = !text.empty();
  for (char c : text)
    plain = plain && isPlain(c);
  if (plain)
    return std::string(text);
  std::string word = "'";
  for (char c : text)
    word += c == '\'' ? std::string_view("'\\''") : std::string_view(&c, 1);
  return word + "'";
}
