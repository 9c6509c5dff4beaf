#pragma once
#include "Syntax/Token.h"

namespace xcs {

/// Splits a text into the tokens of XirLexer.g4, one at a time. The text must be valid UTF-8 without NUL and
/// be followed by a NUL (as in SourceBuffer); it is not copied. Copying a Lexer is cheap; use a copy to look
/// ahead.
class Lexer {
public:
  /// A first line that begins with `#!` is for the system that starts the program, and skipped as a comment
  /// is.
  explicit Lexer(std::string_view text);

  /// The next token other than space and comments; at the end of the text always End.
  Token next();

private:
  TokenKind scan();
  TokenKind scanWord();
  TokenKind scanNumber();
  TokenKind scanAfterMinus();
  TokenKind scanString();
  TokenKind scanRawString();
  TokenKind scanOther();
  bool skipDigits();
  bool skipUnit();
  void skipParts();

  const char *begin, *end, *at;
};

} // namespace xcs
