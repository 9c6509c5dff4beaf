// The hand-written lexer against its specification, XirLexer.g4: the same tokens on every text.
#include "LexerOracle.h"
#include "ProgramPieces.h"
#include "xcs/Support/Utf8.h"
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

using namespace xcs;

namespace {

/// Fails with the text and both lists when they differ.
void compare(const std::string &text) {
  std::string wanted = describe(tokensBySpecification(text), text),
              found = describe(tokensByLexer(text), text);
  ASSERT_EQ(wanted, found) << "in this text:\n" << text;
}

TEST(LexerOracle, EveryPieceAlone) {
  for (std::string_view piece : tokenPieces)
    compare(std::string(piece));
}

TEST(LexerOracle, ByteOrderMark) {
  compare("\xef\xbb\xbf func");
  compare("func \xef\xbb\xbf");
  EXPECT_EQ(tokensByLexer("\xef\xbb\xbf func")[0].offset, 4u);
}

TEST(LexerOracle, FirstLineForTheSystem) {
  EXPECT_EQ(tokensByLexer("#!/usr/bin/env -S xcs run\nfunc")[0].offset, 26u);
  EXPECT_EQ(tokensByLexer("\xef\xbb\xbf#!x\nfunc")[0].offset, 7u);
  EXPECT_TRUE(tokensByLexer("#!only this").empty());
  EXPECT_EQ(tokensByLexer("\n#!x")[0].kind, TokenKind::Unknown);
  compare("#!/usr/bin/env -S xcs run\nfunc @f");
}

TEST(LexerOracle, EveryPairOfPieces) {
  for (std::string_view first : tokenPieces)
    for (std::string_view second : tokenPieces) {
      compare(std::string(first) + std::string(second));
      if (HasFatalFailure())
        return;
    }
}

TEST(LexerOracle, RandomPieces) {
  Dice dice(1);
  for (int run = 0; run < 4000; ++run) {
    compare(randomPieces(dice, 30));
    if (HasFatalFailure())
      return;
  }
}

TEST(LexerOracle, RandomCharacters) {
  constexpr std::string_view alphabet = "\"\"\"\\\\ \n\r-.0123xeEmsunhif_$%@/ab#'\xc3\xa9";
  Dice dice(2);
  for (int run = 0; run < 20000; ++run) {
    std::string text;
    for (size_t i = dice.below(24); i--;)
      text += dice.pick(alphabet);
    if (invalidTextAt(text) != std::string_view::npos)
      continue; // half of an é
    compare(text);
    if (HasFatalFailure())
      return;
  }
}

TEST(LexerOracle, TextsOfTheSuite) {
  size_t count = 0;
  for (std::string_view folder : {"test", "docs"}) {
    std::filesystem::path root = std::filesystem::path(XCS_SOURCE_DIR) / folder;
    if (!std::filesystem::exists(root))
      continue;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(root)) {
      if (entry.path().extension() != ".xir")
        continue;
      std::ifstream file(entry.path(), std::ios::binary);
      std::string text{std::istreambuf_iterator<char>(file), {}};
      if (invalidTextAt(text) != std::string_view::npos)
        continue; // a test of binary input
      compare(text);
      ++count;
    }
  }
  EXPECT_GT(count, 10u);
}

} // namespace
