#pragma once
#include <array>
#include <random>
#include <string>
#include <string_view>

namespace xcs {

/// The same numbers for the same seed on every machine (the standard's distributions are not).
class Dice {
public:
  explicit Dice(uint64_t seed) : engine(seed) {}
  size_t below(size_t n) { return static_cast<size_t>(engine() % n); }
  template <class Range> auto pick(const Range &range) { return range[below(std::size(range))]; }

private:
  std::mt19937_64 engine;
};

/// Tokens, beginnings of tokens and what stands between them: put together at random they come to every
/// corner of the lexer and of the grammar.
// clang-format off: one token a line would be a long page
inline constexpr auto tokenPieces = std::to_array<std::string_view>({
    "module", "import", "func", "private", "extern", "attributes", "after", "loc", "(", ")", "{",
    "}", "[", "]", "<", ">", ",", ":", "=", "->", "^", "%x", "%0", "%a.b$c", "%", "@main", "@gpt",
    "@0", "@", "str.concat", "const", "return", "yield", "if", "map", "str", "list", "record",
    "type", "file", "i64", "true", "nan", "inf", "secret", "0", "42", "-7", "0x1F", "0x", "-0x0", "007", "1.5",
    "1.", ".5", "2e10", "2e", "2E-3", "1.5e+300", "-inf", "-infinite", "-", "--", "250ms", "1.5s",
    "-3h", "10ns", "10n", "7u", "7us", "5m", "5msx", "1h30m", "\"text\"", "\"\"", "\"a\\n\\u00e9\"",
    "\"a\\", "\"a\\\"", "\"open", "\"\"\"raw\n\"quoted\" \\x\"\"\"", "\"\"\"", "\"\"\"open \"\" ",
    "\"\"\"\"\"\"", "\"\"\"a\"\"\"\"", "// comment\n", "// comment", "/", " ", "\n", "\t", "\r\n",
    "?", "!x", "#", "~", "`", "'", "\\", "é", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "_", "$", ".",
    "a-b", "\x01", "\x7f"});
// clang-format on

/// Up to `count` pieces, with a space between most of them.
inline std::string randomPieces(Dice &dice, size_t count) {
  std::string text;
  for (size_t i = dice.below(count + 1); i--;) {
    text += dice.pick(tokenPieces);
    if (dice.below(3))
      text += ' ';
  }
  return text;
}

} // namespace xcs
