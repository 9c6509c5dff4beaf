#include "Syntax/Lexer.h"
#include "xcs/Syntax/Parser.h"
#include <gtest/gtest.h>

using namespace xcs;

namespace {

/// The tokens of a text, apart by `|`.
std::string tokens(const std::string &text) {
  std::string out;
  Lexer lexer(text);
  for (Token token = lexer.next(); token.kind != TokenKind::End; token = lexer.next())
    out += (out.empty() ? "" : "|") + std::string(token.in(text));
  return out;
}

TokenKind kindOf(const std::string &text) {
  Lexer lexer(text);
  Token first = lexer.next();
  EXPECT_EQ(first.size, text.size()) << text;
  EXPECT_EQ(lexer.next().kind, TokenKind::End);
  return first.kind;
}

TEST(Lexer, KeywordsAreWholeWords) {
  EXPECT_EQ(kindOf("func"), TokenKind::Func);
  EXPECT_EQ(kindOf("attributes"), TokenKind::Attributes);
  EXPECT_EQ(kindOf("funcs"), TokenKind::Name);
  EXPECT_EQ(kindOf("func.x"), TokenKind::Name);
  EXPECT_EQ(kindOf("Func"), TokenKind::Name);
  EXPECT_EQ(kindOf("true"), TokenKind::Name);
}

TEST(Lexer, TheListOfKeywordsIsWhatIsReadAsSuch) {
  auto kind = TokenKind::Module; // the first of them; XirLexer.g4 has them in this order
  for (std::string_view word : keywords()) {
    EXPECT_EQ(kindOf(std::string(word)), kind) << word;
    kind = static_cast<TokenKind>(static_cast<int>(kind) + 1);
  }
  EXPECT_EQ(kind, TokenKind::LParen); // what comes behind the last
}

TEST(Lexer, NumbersTakeTheLongestForm) {
  EXPECT_EQ(kindOf("0x1f"), TokenKind::Int);
  EXPECT_EQ(kindOf("-12"), TokenKind::Int);
  EXPECT_EQ(kindOf("1e5"), TokenKind::Float);
  EXPECT_EQ(kindOf("1.5ms"), TokenKind::Duration);
  EXPECT_EQ(kindOf("1h30m"), TokenKind::Duration);
  EXPECT_EQ(kindOf("-1m0.5s250us"), TokenKind::Duration);
  EXPECT_EQ(tokens("1h30 1h1.5 5ms5x 1s0x1f 1h2us3"), "1h|30|1h|1.5|5ms|5|x|1s|0x1f|1h2us|3");
  EXPECT_EQ(kindOf("-inf"), TokenKind::Float);
  EXPECT_EQ(tokens("1e 5mx 0xg 1.x -x"), "1|e|5m|x|0|xg|1|.|x|-|x");
}

TEST(Lexer, MinusBeginsArrowOrNumber) { EXPECT_EQ(tokens("->-1->"), "->|-1|->"); }

TEST(Lexer, StringsEndWithTheirLine) {
  EXPECT_EQ(kindOf("\"a\\\"b\""), TokenKind::String);
  EXPECT_EQ(kindOf("\"a"), TokenKind::Unclosed);
  EXPECT_EQ(kindOf("\"a\\"), TokenKind::Unclosed);
  EXPECT_EQ(tokens("\"a\nb"), "\"a|b");
  EXPECT_EQ(tokens("\"a\\\r\nb"), "\"a\\|b");
}

TEST(Lexer, RawStringsEndAtTheirFirstEnd) {
  EXPECT_EQ(kindOf("\"\"\"a\n\\ \"\" b\"\"\""), TokenKind::String);
  EXPECT_EQ(kindOf("\"\"\"a\n"), TokenKind::Unclosed);
  EXPECT_EQ(tokens("\"\"\"a\"\"\"\"b"), "\"\"\"a\"\"\"|\"b");
}

TEST(Lexer, CommentsEndWithTheirLine) {
  EXPECT_EQ(tokens("a // b \"\n c//"), "a|c");
  EXPECT_EQ(tokens("a / b"), "a|/|b");
}

TEST(Lexer, EndStaysTheEnd) {
  Lexer lexer("  ");
  EXPECT_EQ(lexer.next().kind, TokenKind::End);
  EXPECT_EQ(lexer.next().offset, 2u);
}

} // namespace
