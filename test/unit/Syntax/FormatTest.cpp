#include "xcs/Syntax/Format.h"
#include "LexerOracle.h"
#include "ProgramPieces.h"
#include "xcs/Support/Utf8.h"
#include <gtest/gtest.h>

using namespace xcs;

static std::vector<std::string> wordsOf(const std::string &text) {
  std::vector<std::string> words;
  for (const Token &token : tokensByLexer(text))
    words.emplace_back(token.in(text));
  return words;
}

TEST(Format, WhatHasNoLayout) {
  for (const char *text : {"func @f() {", "}", "(]", "\"x", "\xff", "?"})
    EXPECT_FALSE(formatProgram(text)) << text;
  EXPECT_EQ(formatProgram(""), "");
  EXPECT_EQ(formatProgram(" \n\n"), "");
  EXPECT_EQ(formatProgram("// a  \n\n\n// b"), "// a\n\n// b\n");
}

// Whatever the tokens are, in whatever order.
TEST(Format, IsAFixedPointThatKeepsTokens) {
  Dice dice(7);
  size_t formatted = 0;
  for (int run = 0; run < 4000; ++run) {
    const std::string text = randomPieces(dice, 12);
    const std::optional<std::string> once = formatProgram(text);
    if (!once)
      continue;
    ++formatted;
    EXPECT_EQ(wordsOf(*once), wordsOf(text)) << text;
    EXPECT_EQ(formatProgram(*once), once) << text;
    if (HasFailure())
      return;
  }
  EXPECT_GT(formatted, 50u);
}
