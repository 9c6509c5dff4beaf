#include "Syntax/SyntaxErrors.h"
#include "Syntax/Lexer.h"
#include "xcs/Ops/OpTable.h"
#include <algorithm>
#include <vector>

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

std::string_view xcs::operationBefore(std::string_view text, uint32_t offset) {
  const std::string_view line = text.substr(0, offset);
  const size_t end = line.find_last_not_of(" \t") + 1; // npos + 1 is 0
  size_t begin = end;
  auto isWord = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  };
  while (begin > 0 && isWord(line[begin - 1]))
    --begin;
  const std::string_view word = line.substr(begin, end - begin);
  const size_t start = line.find_last_not_of(" \t", begin ? begin - 1 : 0);
  const bool isFirst = begin == 0 || start == line.npos || line[start] == '\n' || line[start] == '=';
  OpCode code;
  return end < offset && isFirst && findOp(word, code) ? word : std::string_view();
}

/// Of the brackets `{` from `first` on, the one that the layout says is not closed: the `}` that closes it
/// begins a line further out than its own. `first` itself if the layout says nothing.
static Token unclosedByLayout(std::string_view text, Token first) {
  auto indentAt = [&](uint32_t offset) {
    const size_t line = text.rfind('\n', offset) + 1; // npos + 1 is 0
    return std::min(text.find_first_not_of(" \t", line), text.size()) - line;
  };
  std::vector<Token> open;
  Lexer lexer(text);
  for (Token token = lexer.next(); token.kind != TokenKind::End; token = lexer.next()) {
    if (token.offset < first.offset)
      continue;
    if (token.kind == TokenKind::LBrace)
      open.push_back(token);
    if (token.kind != TokenKind::RBrace || open.empty())
      continue;
    const size_t line = text.rfind('\n', token.offset) + 1;
    const bool beginsLine = text.find_first_not_of(" \t", line) == token.offset;
    if (beginsLine && indentAt(token.offset) < indentAt(open.back().offset))
      return open.back();
    open.pop_back();
  }
  return first;
}

void SyntaxErrors::unexpected(std::string_view expected, Where where, std::optional<Token> unclosed) {
  if (!wanted())
    return;
  const Token &token = tokens.current();
  lastOffset = token.offset;
  // `return %a` reads as an operation without operands, and the result of another; `str.upper %s` ends at its
  // name.
  const Token last = token.kind == TokenKind::Value ? token : tokens.previous();
  if (const std::string_view operation =
          last.kind == TokenKind::Value ? operationBefore(reading.text, last.offset) : std::string_view();
      !operation.empty()) {
    reading.report(Diag::ExpectedToken, last.offset,
                   {"`(`, since the operands of `" + std::string(operation) + "` are in parentheses",
                    found(reading.spelling(last))});
    return;
  }
  bool atEnd = token.kind == TokenKind::End;
  // Something missing at the end of a line is reported there, not at the next token further below.
  bool below = atEnd || (where == Where::Within && tokens.firstOnLine());
  uint32_t offset =
      below && tokens.previous().kind != TokenKind::End ? tokens.previous().end() : token.offset;
  reading.report(Diag::ExpectedToken, offset,
                 {expected, atEnd ? "the end of the file" : found(reading.spelling(token))});
  if (unclosed && unclosed->kind == TokenKind::LBrace)
    unclosed = unclosedByLayout(reading.text, *unclosed);
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
