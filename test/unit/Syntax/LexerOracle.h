#pragma once
#include "Syntax/Lexer.h"
#include "xcs/Support/Utf8.h"
#include <XirLexer.h>
#include <string>
#include <vector>

namespace xcs {

/// The tokens that the lexer generated from XirLexer.g4 finds in valid UTF-8 without NUL: what Lexer must
/// find too. Generated lexers count characters; the tokens given here count bytes.
inline std::vector<Token> tokensBySpecification(std::string_view text) {
  // The runtime's stream takes a byte order mark away by itself.
  uint32_t begin = text.starts_with(byteOrderMark) ? byteOrderMark.size() : 0;
  // A first line for the system is no part of the grammar.
  if (text.substr(begin).starts_with("#!"))
    for (begin += 2; begin < text.size() && text[begin] != '\n' && text[begin] != '\r';)
      ++begin;
  std::vector<uint32_t> offsets; // of each character, and of the end
  for (uint32_t i = begin; i < text.size(); ++i)
    if ((static_cast<uint8_t>(text[i]) & 0xc0) != 0x80)
      offsets.push_back(i);
  offsets.push_back(static_cast<uint32_t>(text.size()));

  antlr4::ANTLRInputStream input{std::string(text.substr(begin))};
  XirLexer lexer(&input);
  lexer.removeErrorListeners();
  std::vector<Token> tokens;
  while (true) {
    std::unique_ptr<antlr4::Token> token = lexer.nextToken();
    if (token->getType() == antlr4::Token::EOF)
      return tokens;
    uint32_t from = offsets[token->getStartIndex()], to = offsets[token->getStopIndex() + 1];
    tokens.push_back({static_cast<TokenKind>(token->getType()), from, to - from});
  }
}

/// The tokens that the lexer of the compiler finds. `text` must have a NUL behind it.
inline std::vector<Token> tokensByLexer(std::string_view text) {
  std::vector<Token> tokens;
  Lexer lexer(text);
  for (Token token = lexer.next(); token.kind != TokenKind::End; token = lexer.next())
    tokens.push_back(token);
  return tokens;
}

/// A list of tokens to compare and to read: `24 0+4 func` a line.
inline std::string describe(const std::vector<Token> &tokens, std::string_view text) {
  std::string out;
  for (const Token &token : tokens)
    out += std::to_string(static_cast<int>(token.kind)) + " " + std::to_string(token.offset) + "+" +
           std::to_string(token.size) + " " + std::string(token.in(text)) + "\n";
  return out;
}

} // namespace xcs
