#include "OpsTest.h"

using namespace xcs;

namespace {

struct ChunkTest : OpsTest {
  std::string sentences(std::string_view text) { return eval("str.chunk_sentences", {S(text), I(1)}); }
  std::string tokens(std::string_view text) { return eval("str.chunk_tokens", {S(text), I(1)}); }
};

TEST_F(ChunkTest, CharactersAreCodePoints) {
  EXPECT_EQ(eval("str.chunk", {S("h\u00e9llo"), I(2)}), "[\"h\u00e9\",\"ll\",\"o\"]");
  EXPECT_EQ(eval("str.chunk", {S("abc"), I(3)}), "[\"abc\"]");
  EXPECT_EQ(eval("str.chunk", {S("abc"), I(INT64_MAX)}), "[\"abc\"]");
}

TEST_F(ChunkTest, PiecesOverlapAndTheLastEndsTheText) {
  EXPECT_EQ(eval("str.chunk", {S("abcdefg"), I(4), I(2)}), "[\"abcd\",\"cdef\",\"efg\"]");
  EXPECT_EQ(eval("str.chunk", {S("abcdef"), I(4), I(2)}), "[\"abcd\",\"cdef\"]");
  EXPECT_EQ(eval("str.chunk", {S("ab"), I(4), I(3)}), "[\"ab\"]");
}

TEST_F(ChunkTest, AnEmptyTextHasNoPieces) {
  for (const char *op : {"str.chunk", "str.chunk_sentences", "str.chunk_tokens"})
    EXPECT_EQ(eval(op, {S(""), I(1)}), "[]") << op;
}

TEST_F(ChunkTest, SizeAndOverlapAreChecked) {
  EXPECT_EQ(eval("str.chunk", {S("a"), I(0)}),
            "[bad-argument] the size of `str.chunk` must be at least 1, not 0");
  EXPECT_EQ(eval("str.chunk_tokens", {S("a"), I(1), I(-1)}),
            "[bad-argument] the overlap of `str.chunk_tokens` must be at least 0, not -1");
  EXPECT_EQ(eval("str.chunk_sentences", {S("a"), I(2), I(2)}),
            "[bad-argument] the overlap of `str.chunk_sentences` must be below the size 2, not 2");
}

// 100,000 characters in pieces of 50,000 that begin one behind the other: 2.5 GB.
TEST_F(ChunkTest, WhatOverlapsTooMuchIsRefusedBeforeItIsMade) {
  EXPECT_TRUE(eval("str.chunk", {S(std::string(100'000, 'a')), I(50'000), I(49'999)})
                  .starts_with("[limit-exceeded] a value made by `str.chunk`"));
}

TEST_F(ChunkTest, SentencesKeepTheWhiteSpaceBehindThem) {
  EXPECT_EQ(sentences("One. Two!  Three?\nFour"), "[\"One. \",\"Two!  \",\"Three?\\n\",\"Four\"]");
  EXPECT_EQ(sentences("He said \"Stop!\" Then (later.) He went\u2026 Off."),
            "[\"He said \\\"Stop!\\\" \",\"Then (later.) \",\"He went\u2026 \",\"Off.\"]");
}

TEST_F(ChunkTest, NotEveryFullStopEndsASentence) {
  EXPECT_EQ(sentences("Pi is 3.14 or so. See e.g. that."), "[\"Pi is 3.14 or so. \",\"See e.g. that.\"]");
  EXPECT_EQ(sentences("Wait... what? No."), "[\"Wait... what? \",\"No.\"]");
}

TEST_F(ChunkTest, FullWidthMarksNeedNoSpace) {
  EXPECT_EQ(sentences("\u4f60\u597d\u3002\u518d\u89c1\uff01"),
            "[\"\u4f60\u597d\u3002\",\"\u518d\u89c1\uff01\"]");
}

TEST_F(ChunkTest, ABlankLineEndsASentence) {
  EXPECT_EQ(sentences("Title\n\nText\nmore"), "[\"Title\\n\\n\",\"Text\\nmore\"]");
  EXPECT_EQ(sentences("\n\n  First. Eg.\n \nsecond"), "[\"\\n\\n  First. \",\"Eg.\\n \\n\",\"second\"]");
  EXPECT_EQ(sentences("   "), "[\"   \"]");
}

TEST_F(ChunkTest, SentencesInGroupsThatOverlap) {
  EXPECT_EQ(eval("str.chunk_sentences", {S("A. B. C. D."), I(2), I(1)}), "[\"A. B. \",\"B. C. \",\"C. D.\"]");
}

TEST_F(ChunkTest, TokensAreEstimatedByTheRuleOfTheDocumentation) {
  EXPECT_EQ(tokens("The extraordinary 12345!"),
            "[\"The\",\" extrao\",\"rdinar\",\"y\",\" 123\",\"45\",\"!\"]");
  EXPECT_EQ(tokens("a  \n b"), "[\"a\",\"  \\n\",\" b\"]");
  EXPECT_EQ(tokens("\u0431\u0430\u0431\u4e2d\u6587"), "[\"\u0431\u0430\",\"\u0431\",\"\u4e2d\",\"\u6587\"]");
  EXPECT_EQ(tokens("end \n"), "[\"end\",\" \\n\"]");
  EXPECT_EQ(eval("str.count_tokens", {S("")}), "0");
}

// cl100k_base, a table in wide use, makes 10 and 9 of these.
TEST_F(ChunkTest, EnglishProseComesOutNearARealCount) {
  EXPECT_EQ(eval("str.count_tokens", {S("The quick brown fox jumps over the lazy dog.")}), "10");
  EXPECT_EQ(eval("str.count_tokens", {S("It was the best of times, indeed")}), "8");
}

} // namespace
