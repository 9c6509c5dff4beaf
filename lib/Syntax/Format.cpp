#include "xcs/Syntax/Format.h"
#include "Syntax/TokenStream.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>
#include <vector>

using namespace xcs;

namespace {

/// A token, a comment, or the line for the system.
struct Piece {
  enum class Form : uint8_t { Token, Comment, Fixed };
  Form form = Form::Token; // Fixed: a comment that stays at the beginning of its line
  TokenKind kind = TokenKind::Unknown;
  std::string_view text;
  uint32_t lineEnds = 0; // before it
};

/// An open bracket, where its line begins, and what it is the beginning of.
struct Bracket {
  enum class Form : uint8_t { Body, Dict, Round, Square, Angle, Label, Loc };
  Form form;
  uint32_t indent;
};

class Layout {
public:
  Layout(std::string_view text, uint64_t maxDepth)
      : text(text), maxDepth(std::min(maxDepth, TokenStream::deepestPossible)) {}
  std::optional<std::string> run();

private:
  bool read();
  void readGap(uint32_t begin, uint32_t end);
  void add(Piece piece);
  const Piece *tokenAfter(size_t index, size_t count = 1) const;

  bool write(size_t index);
  bool beginsLine(const Piece &piece, size_t index) const;
  bool beginsStatement(const Piece &piece, size_t index) const;
  bool beginsItem(const Piece &piece, size_t index) const;
  bool isSpaced(const Piece &piece) const;
  uint32_t indentOf(const Piece &piece, size_t index) const;
  Bracket::Form formOf(const Piece &piece, size_t index) const;
  void followStatement(const Piece &piece, size_t index);
  bool follow(const Piece &piece, size_t index);
  bool isIn(Bracket::Form form) const { return !open.empty() && open.back().form == form; }
  bool isAmongStatements() const { return open.empty() || isIn(Bracket::Form::Body); }

  std::string_view text;
  const uint64_t maxDepth;
  std::vector<Piece> pieces;
  uint32_t lineEnds = 0;
  std::vector<Bracket> open;
  uint64_t depth = 0; // as the parser counts it
  std::string out;
  uint32_t indent = 0;               // of the current line
  const Piece *before = nullptr;     // the piece before
  const Piece *lastToken = nullptr;  // the token before, whatever comments are between
  const Piece *beforeLast = nullptr; // the token before that one
  bool labelEnded = false, bodyBegan = false;
  bool hasTypes = false; // the statement: a `{` then begins a body
};

} // namespace

static bool isOpening(TokenKind kind) {
  return kind == TokenKind::LParen || kind == TokenKind::LBrace || kind == TokenKind::LBracket ||
         kind == TokenKind::Less;
}

static bool isClosing(TokenKind kind) {
  return kind == TokenKind::RParen || kind == TokenKind::RBrace || kind == TokenKind::RBracket ||
         kind == TokenKind::Greater;
}

/// Names and keywords, which may be keys of a dictionary alike.
static bool isWord(TokenKind kind) {
  return kind == TokenKind::Name || (kind >= TokenKind::Module && kind <= TokenKind::Loc);
}

void Layout::add(Piece piece) {
  piece.lineEnds = lineEnds;
  lineEnds = 0;
  pieces.push_back(piece);
}

/// The line ends and comments between two tokens.
void Layout::readGap(uint32_t begin, uint32_t end) {
  for (uint32_t at = begin; at < end;) {
    if (text[at] == '\n')
      ++lineEnds;
    if (text[at] != '/' && text[at] != '#') {
      ++at;
      continue;
    }
    uint32_t stop = static_cast<uint32_t>(text.find_first_of("\r\n", at));
    stop = stop < end ? stop : end;
    std::string_view comment = text.substr(at, stop - at);
    comment = comment.substr(0, comment.find_last_not_of(" \t") + 1);
    const bool isFixed =
        comment[0] == '#' || (comment.starts_with("// -----") && (at == 0 || text[at - 1] == '\n'));
    add({isFixed ? Piece::Form::Fixed : Piece::Form::Comment, TokenKind::Unknown, comment});
    at = stop;
  }
}

bool Layout::read() {
  if (invalidTextAt(text) != std::string_view::npos)
    return false;
  const std::string copy(text); // the lexer reads up to a NUL
  Lexer lexer(copy);
  uint32_t end = text.starts_with(byteOrderMark) ? static_cast<uint32_t>(byteOrderMark.size()) : 0;
  for (Token token = lexer.next();; token = lexer.next()) {
    readGap(end, token.offset);
    if (token.kind == TokenKind::End)
      return true;
    if (token.kind == TokenKind::Unclosed || token.kind == TokenKind::Unknown)
      return false;
    add({Piece::Form::Token, token.kind, token.in(text)});
    end = token.end();
  }
}

/// The `count`th token after a piece; null if there is none.
const Piece *Layout::tokenAfter(size_t index, size_t count) const {
  while (++index < pieces.size())
    if (pieces[index].form == Piece::Form::Token && --count == 0)
      return &pieces[index];
  return nullptr;
}

/// After the types of an operation, or the head of a function, a `{` begins a body. Without types, a `{`
/// begins a dictionary if a key follows, and what follows a key; otherwise a body.
Bracket::Form Layout::formOf(const Piece &piece, size_t index) const {
  switch (piece.kind) {
  case TokenKind::LParen:
    if (lastToken && lastToken->kind == TokenKind::Caret)
      return Bracket::Form::Label;
    return lastToken && lastToken->kind == TokenKind::Loc ? Bracket::Form::Loc : Bracket::Form::Round;
  case TokenKind::LBracket:
    return Bracket::Form::Square;
  case TokenKind::Less:
    return Bracket::Form::Angle;
  default:
    break;
  }
  if (isAmongStatements() && hasTypes)
    return lastToken->kind == TokenKind::Attributes ? Bracket::Form::Dict : Bracket::Form::Body;
  const Piece *key = tokenAfter(index), *next = tokenAfter(index, 2);
  if (!isAmongStatements() || !key || key->kind == TokenKind::RBrace)
    return Bracket::Form::Dict;
  const bool isKey = isWord(key->kind) || key->kind == TokenKind::String;
  const bool hasKey =
      isKey && next &&
      (next->kind == TokenKind::Equal || next->kind == TokenKind::Comma || next->kind == TokenKind::RBrace);
  return hasKey ? Bracket::Form::Dict : Bracket::Form::Body;
}

/// Whether a token can be the last one of a statement.
static bool mayEnd(TokenKind kind) {
  return kind == TokenKind::Name || kind == TokenKind::Symbol || kind == TokenKind::String ||
         isClosing(kind) || (kind >= TokenKind::Int && kind <= TokenKind::Duration);
}

/// An operation begins with the names of its results, or with its own name.
bool Layout::beginsStatement(const Piece &piece, size_t index) const {
  if (bodyBegan || labelEnded)
    return true;
  if (!lastToken || !mayEnd(lastToken->kind))
    return false;
  if (piece.kind == TokenKind::Value)
    return true;
  const Piece *next = tokenAfter(index);
  if (piece.kind != TokenKind::Name || !next)
    return false;
  // `%a = const 5 : i64` has a word in the middle of a line, and so has what the language may yet get: a
  // break is only added where a word follows a type or a bracket.
  const bool isType = beforeLast &&
                      (lastToken->kind == TokenKind::Name || lastToken->kind == TokenKind::Symbol) &&
                      (beforeLast->kind == TokenKind::Colon || beforeLast->kind == TokenKind::Comma);
  return isType || lastToken->kind == TokenKind::Greater || lastToken->kind == TokenKind::RBrace ||
         lastToken->kind == TokenKind::RParen || piece.lineEnds != 0;
}

/// At the top: a function, a resource, an import, a declaration.
bool Layout::beginsItem(const Piece &piece, size_t index) const {
  if (!lastToken)
    return true;
  if (!mayEnd(lastToken->kind))
    return false;
  const Piece *next = tokenAfter(index);
  return piece.kind == TokenKind::Func || piece.kind == TokenKind::Import ||
         piece.kind == TokenKind::Module || piece.kind == TokenKind::Extern ||
         (piece.kind == TokenKind::Name && next &&
          (next->kind == TokenKind::Symbol || next->kind == TokenKind::Private));
}

bool Layout::beginsLine(const Piece &piece, size_t index) const {
  if (!before)
    return false;
  // A body begins on the line of its operation.
  if (piece.kind == TokenKind::LBrace && before->form == Piece::Form::Token && !bodyBegan && !labelEnded &&
      formOf(piece, index) == Bracket::Form::Body)
    return false;
  if (piece.lineEnds != 0 || before->form != Piece::Form::Token)
    return true;
  if (piece.form != Piece::Form::Token)
    return false; // a comment after what it is about
  if (bodyBegan || labelEnded)
    return true;
  if (piece.kind == TokenKind::RBrace && isIn(Bracket::Form::Body))
    return true;
  return isIn(Bracket::Form::Body) ? beginsStatement(piece, index) : open.empty() && beginsItem(piece, index);
}

/// Where a line begins: within its bracket, and further in if it continues the line before.
uint32_t Layout::indentOf(const Piece &piece, size_t index) const {
  static constexpr uint32_t step = 2, continued = 4;
  const bool isToken = piece.form == Piece::Form::Token;
  if (piece.form == Piece::Form::Fixed)
    return 0;
  const uint32_t outer = open.empty() ? 0 : open.back().indent, base = open.empty() ? 0 : outer + step;
  if (isToken && !open.empty() && (isClosing(piece.kind) || (piece.kind == TokenKind::Caret && bodyBegan)))
    return outer;
  const bool begins = open.empty() ? beginsItem(piece, index) : beginsStatement(piece, index);
  return isToken && isAmongStatements() && !begins ? base + continued : base;
}

/// Whether a space separates a token from the one before on its line.
bool Layout::isSpaced(const Piece &piece) const {
  if (piece.form != Piece::Form::Token)
    return true;
  const TokenKind last = before->kind;
  switch (piece.kind) {
  case TokenKind::Comma:
  case TokenKind::Less:
  case TokenKind::RParen:
  case TokenKind::RBracket:
  case TokenKind::Greater:
  case TokenKind::RBrace:
    return false;
  case TokenKind::LParen:
    return !isWord(last) && last != TokenKind::Symbol && !isOpening(last) && last != TokenKind::Caret;
  case TokenKind::Colon:
    return isAmongStatements();
  default:
    break;
  }
  return !isOpening(last) && last != TokenKind::Caret &&
         !(last == TokenKind::Colon && isIn(Bracket::Form::Loc));
}

/// Keeps account of whether a statement has its types. A function always has them.
void Layout::followStatement(const Piece &piece, size_t index) {
  if (!isAmongStatements())
    return;
  if (open.empty() ? beginsItem(piece, index) : beginsStatement(piece, index))
    hasTypes = open.empty() && piece.kind == TokenKind::Func;
  else if (piece.kind == TokenKind::Colon)
    hasTypes = true;
}

/// Keeps account of the brackets; false if one does not fit, or they nest too deeply. Round ones are within
/// others, or make no program.
bool Layout::follow(const Piece &piece, size_t index) {
  if (piece.form != Piece::Form::Token)
    return true;
  followStatement(piece, index);
  bodyBegan = labelEnded = false;
  if (isOpening(piece.kind)) {
    open.push_back({formOf(piece, index), indent});
    bodyBegan = open.back().form == Bracket::Form::Body;
    hasTypes = hasTypes && !bodyBegan;
    depth += piece.kind != TokenKind::LParen;
    if (depth > maxDepth || open.size() > 2 * (maxDepth + 1))
      return false;
  } else if (isClosing(piece.kind)) {
    static constexpr TokenKind ends[] = {TokenKind::RBrace,   TokenKind::RBrace,  TokenKind::RParen,
                                         TokenKind::RBracket, TokenKind::Greater, TokenKind::RParen,
                                         TokenKind::RParen};
    if (open.empty() || ends[static_cast<size_t>(open.back().form)] != piece.kind)
      return false;
    labelEnded = open.back().form == Bracket::Form::Label;
    depth -= piece.kind != TokenKind::RParen;
    if (isIn(Bracket::Form::Body))
      hasTypes = open.size() > 1; // another body may follow
    open.pop_back();
  }
  beforeLast = lastToken;
  lastToken = &piece;
  return true;
}

bool Layout::write(size_t index) {
  const Piece &piece = pieces[index];
  if (beginsLine(piece, index)) {
    const bool opens = before->form == Piece::Form::Token && isOpening(before->kind);
    const bool closes = piece.form == Piece::Form::Token && isClosing(piece.kind);
    out += piece.lineEnds > 1 && !opens && !closes ? "\n\n" : "\n";
    indent = indentOf(piece, index);
    out.append(indent, ' ');
  } else if (before && isSpaced(piece)) {
    out += ' ';
  }
  out += piece.text;
  before = &piece;
  return follow(piece, index);
}

std::optional<std::string> Layout::run() {
  if (!read())
    return std::nullopt;
  for (size_t i = 0; i < pieces.size(); ++i)
    if (!write(i))
      return std::nullopt;
  if (!open.empty())
    return std::nullopt;
  if (!pieces.empty())
    out += '\n';
  return std::move(out);
}

std::optional<std::string> xcs::formatProgram(std::string_view text, const Limits &limits) {
  return Layout(text, limits[Limit::NestingDepth]).run();
}
