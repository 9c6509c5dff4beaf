#include "Syntax/SyntaxErrors.h"
#include <algorithm>

using namespace xcs;

bool SyntaxErrors::wanted() const {
  return !reading.stopped && !reading.inDoubt() && tokens.current().offset != lastOffset;
}

/// The token as the message shows it: the beginning of a long one, on one line.
static std::string found(std::string_view spelling) {
  constexpr size_t longest = 40;
  size_t size = std::min({spelling.size(), spelling.find_first_of("\r\n"), longest});
  while (size > 0 && size < spelling.size() && (static_cast<uint8_t>(spelling[size]) & 0xc0) == 0x80)
    --size; // do not cut within a character
  std::string out = "`" + std::string(spelling.substr(0, size));
  return out + (size < spelling.size() ? "...`" : "`");
}

void SyntaxErrors::unexpected(std::string_view expected, Where where, std::optional<Token> unclosed) {
  if (!wanted())
    return;
  const Token &token = tokens.current();
  lastOffset = token.offset;
  bool atEnd = token.kind == TokenKind::End;
  // Something missing at the end of a line is reported there, not at the next token further below.
  bool below = atEnd || (where == Where::Within && tokens.firstOnLine());
  uint32_t offset =
      below && tokens.previous().kind != TokenKind::End ? tokens.previous().end() : token.offset;
  reading.report(Diag::ExpectedToken, offset,
                 {expected, atEnd ? "the end of the file" : found(reading.spelling(token))});
  if (unclosed)
    reading.report(Diag::OpenedHere, *unclosed, {reading.spelling(*unclosed)});
}

void SyntaxErrors::cannotRead(std::string_view reason) {
  reading.report(Diag::InputUnreadable, tokens.current(), {reading.source.name(), reason});
  reading.stopped = true;
}

// Exhaustive on purpose: a new kind of token does not compile without words.
std::string_view xcs::wordsFor(TokenKind kind) {
  switch (kind) {
  case TokenKind::End:
    return "the end of the file";
  case TokenKind::Module:
    return "`module`";
  case TokenKind::Import:
    return "`import`";
  case TokenKind::Func:
    return "`func`";
  case TokenKind::Private:
    return "`private`";
  case TokenKind::Extern:
    return "`extern`";
  case TokenKind::Attributes:
    return "`attributes`";
  case TokenKind::After:
    return "`after`";
  case TokenKind::Loc:
    return "`loc`";
  case TokenKind::LParen:
    return "`(`";
  case TokenKind::RParen:
    return "`)`";
  case TokenKind::LBrace:
    return "`{`";
  case TokenKind::RBrace:
    return "`}`";
  case TokenKind::LBracket:
    return "`[`";
  case TokenKind::RBracket:
    return "`]`";
  case TokenKind::Less:
    return "`<`";
  case TokenKind::Greater:
    return "`>`";
  case TokenKind::Comma:
    return "`,`";
  case TokenKind::Colon:
    return "`:`";
  case TokenKind::Equal:
    return "`=`";
  case TokenKind::Arrow:
    return "`->`";
  case TokenKind::Caret:
    return "`^`";
  case TokenKind::Value:
    return "a value such as `%x`";
  case TokenKind::Symbol:
    return "a symbol such as `@name`";
  case TokenKind::Name:
    return "a name";
  case TokenKind::Int:
    return "a whole number";
  case TokenKind::Float:
    return "a number";
  case TokenKind::Duration:
    return "a duration such as `250ms`";
  case TokenKind::String:
    return "a quoted string";
  case TokenKind::Unclosed:
  case TokenKind::Unknown:
    break;
  }
  return {};
}
