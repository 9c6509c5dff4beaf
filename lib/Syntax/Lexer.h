#pragma once
#include "Syntax/Token.h"

namespace xcs {

/// Cuts a text into the tokens of XirLexer.g4, one at a time. The text must be valid UTF-8 without NUL, and a
/// NUL must follow it (as SourceBuffer has it); it is not copied. Copying a Lexer is cheap: a copy looks
/// ahead.
class Lexer {
public:
  explicit Lexer(std::string_view text) : begin(text.data()), end(begin + text.size()), at(begin) {
    if (text.starts_with(byteOrderMark))
      at += byteOrderMark.size();
  }
  /// What some editors put before UTF-8; it means nothing.
  static constexpr std::string_view byteOrderMark = "\xef\xbb\xbf";

  /// The next token that is not space or comment; at the end of the text End, again and again.
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
