#pragma once
#include "Syntax/Lexer.h"
#include "Syntax/Reading.h"

namespace xcs {

/// The tokens of a text as the parser wants them: the current one and the one before it. Reports lexical
/// errors and passes on only tokens the grammar knows. Counts how deep braces and brackets nest, so that
/// nothing that recurses over the tokens goes deeper than the limit; when it is exceeded, and whenever the
/// reading is stopped, only End follows. Thread safety: one thread.
class TokenStream {
public:
  explicit TokenStream(Reading &reading);

  const Token &current() const { return now; }
  const Token &previous() const { return last; }
  void advance() {
    last = now;
    fetch();
  }
  /// A lexer that stands behind the current token: looks ahead without reporting anything.
  Lexer lookAhead() const { return lexer; }
  /// Whether the current token is the first of its line.
  bool firstOnLine() const;

  /// How deep the current token stands. Recovery goes back to a depth at which it knows the parser stands.
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
