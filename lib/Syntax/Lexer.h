#pragma once
#include "Syntax/Token.h"

namespace xcs {

/// Splits a text into the tokens of XirLexer.g4, one at a time. The text must be valid UTF-8 without NUL and
/// be followed by a NUL (as in SourceBuffer); it is not copied. Copying a Lexer is cheap; use a copy to look
/// ahead.
class Lexer {
public:
  explicit Lexer(std::string_view text) : begin(text.data()), end(begin + text.size()), at(begin) {
    if (text.starts_with(byteOrderMark))
      at += byteOrderMark.size();
  }
  /// Some editors write it at the start of UTF-8; ignored.
  static constexpr std::string_view byteOrderMark = "\xef\xbb\xbf";

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
