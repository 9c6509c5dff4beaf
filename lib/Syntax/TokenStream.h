#pragma once
#include "Syntax/Lexer.h"
#include "Syntax/Reading.h"

namespace xcs {

/// The tokens of a text for the parser: the current one and the previous one. Reports lexical errors and
/// passes on only tokens that the grammar knows. Counts how deep braces and brackets nest, so that recursion
/// over the tokens stays within the limit; once it is exceeded, and whenever reading is stopped, only End
/// follows. Thread safety: one thread.
class TokenStream {
public:
  /// The generated parser recurses over regions, literals and types, with about 0.5 KB per level: a limit
  /// raised by a user must not exceed the stack.
  static constexpr uint64_t deepestPossible = 4096;

  explicit TokenStream(Reading &reading);

  const Token &current() const { return now; }
  const Token &previous() const { return last; }
  void advance() {
    last = now;
    fetch();
  }
  /// A lexer positioned after the current token: looks ahead without reporting anything.
  Lexer lookAhead() const { return lexer; }
  /// Whether the current token is the first on its line.
  bool firstOnLine() const;

  /// The nesting depth of the current token. Recovery returns to a depth at which it knows the parser's
  /// state.
  size_t nesting() const { return open.size(); }
  void setNesting(size_t depth) {
    if (depth < open.size())
      open.resize(depth);
  }
  size_t deepest() const { return maxDepth; }

private:
  void fetch();
  void count(TokenKind bracket);
  void lexicalError();

  Reading &reading;
  Lexer lexer;
  Token now, last;
  std::vector<uint8_t> open; // the kinds of the brackets that are open
  size_t maxDepth;
};

} // namespace xcs
