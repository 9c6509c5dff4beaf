#pragma once
#include <cstdint>
#include <string_view>

namespace xcs {

/// The kinds of tokens, with their numbers in XirLexer.g4 (AntlrUnit.cpp asserts them).
enum class TokenKind : int8_t {
  End = -1,
  Module = 1,
  Import,
  Func,
  Private,
  Extern,
  Attributes,
  After,
  Loc,
  LParen,
  RParen,
  LBrace,
  RBrace,
  LBracket,
  RBracket,
  Less,
  Greater,
  Comma,
  Colon,
  Equal,
  Arrow,
  Caret,
  Value,
  Symbol,
  Name,
  Int,
  Float,
  Duration,
  String,
  Unclosed, // an unclosed string
  Unknown = 32,
};

/// A piece of the source text.
struct Token {
  TokenKind kind = TokenKind::End;
  uint32_t offset = 0, size = 0;

  std::string_view in(std::string_view source) const { return source.substr(offset, size); }
  uint32_t end() const { return offset + size; }
};

} // namespace xcs
