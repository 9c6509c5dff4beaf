#include "Syntax/Recovery.h"

using namespace xcs;

/// Keywords may also be keys of attributes: what follows distinguishes them.
static bool atFileKeyword(const TokenStream &tokens) {
  TokenKind next = tokens.lookAhead().next().kind;
  switch (tokens.current().kind) {
  case TokenKind::Func:
    return next == TokenKind::Symbol || next == TokenKind::Private || tokens.firstOnLine();
  case TokenKind::Extern:
    return next == TokenKind::Symbol;
  case TokenKind::Import:
    return next == TokenKind::String;
  default:
    return false;
  }
}

// A resource, `model @gpt {`, looks like an operation with attributes; they can only be distinguished if no
// region is open.
bool xcs::atItem(const TokenStream &tokens) {
  if (tokens.current().kind != TokenKind::Name)
    return atFileKeyword(tokens);
  Lexer ahead = tokens.lookAhead();
  TokenKind next = ahead.next().kind;
  if (next == TokenKind::Private)
    next = ahead.next().kind;
  if (!tokens.firstOnLine() || next != TokenKind::Symbol)
    return false;
  next = ahead.next().kind;
  return next == TokenKind::LBrace || next == TokenKind::Equal;
}

void xcs::skipToItem(TokenStream &tokens) {
  while (tokens.current().kind != TokenKind::End && !atItem(tokens))
    tokens.advance();
}

/// `%a, %b =`: always the results of an operation, because values do not occur in literals. Without the `=`
/// it must at least begin a line.
static bool atResults(const TokenStream &tokens) {
  Lexer ahead = tokens.lookAhead();
  for (int results = 0; results < 8; ++results) { // more would make a long list of values quadratic
    TokenKind next = ahead.next().kind;
    if (next == TokenKind::Name)
      return tokens.firstOnLine();
    if (next != TokenKind::Comma)
      return next == TokenKind::Equal;
    if (ahead.next().kind != TokenKind::Value)
      return false;
  }
  return false;
}

/// A name at the beginning of a line, followed by what may follow in an operation, not by `=` or a comma.
static bool atOperationName(const TokenStream &tokens, bool inDict) {
  if (!tokens.firstOnLine())
    return false;
  switch (tokens.lookAhead().next().kind) {
  case TokenKind::Symbol:
  case TokenKind::LParen:
    return true;
  case TokenKind::LBrace:
  case TokenKind::Colon:
  case TokenKind::After:
  case TokenKind::Loc:
  case TokenKind::RBrace:
    return !inDict;
  default:
    return false;
  }
}

/// Whether the current `{` opens a region rather than a dictionary.
static bool atRegion(const TokenStream &tokens) {
  Lexer ahead = tokens.lookAhead();
  TokenKind first = ahead.next().kind;
  if (first == TokenKind::Caret || first == TokenKind::Value)
    return true;
  if (first != TokenKind::Name)
    return false;
  TokenKind second = ahead.next().kind;
  return second != TokenKind::Equal && second != TokenKind::Comma && second != TokenKind::RBrace;
}

Landmark xcs::skipToLandmark(TokenStream &tokens, unsigned &openBraces) {
  for (;; tokens.advance()) {
    switch (tokens.current().kind) {
    case TokenKind::End:
      return Landmark::End;
    case TokenKind::Func:
    case TokenKind::Extern:
    case TokenKind::Import:
      if (atFileKeyword(tokens))
        return Landmark::Item;
      break;
    case TokenKind::Value:
      if (atResults(tokens))
        return Landmark::Operation;
      break;
    case TokenKind::Name:
      if (atOperationName(tokens, openBraces != 0))
        return Landmark::Operation;
      break;
    case TokenKind::LBrace:
      if (atRegion(tokens))
        return Landmark::Region;
      ++openBraces;
      break;
    case TokenKind::RBrace:
      if (openBraces == 0)
        return Landmark::Close;
      --openBraces;
      break;
    default:
      break;
    }
  }
}
