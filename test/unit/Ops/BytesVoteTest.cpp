#include "OpsTest.h"

using namespace xcs;

namespace {

struct BytesTest : OpsTest {};
struct VoteTest : OpsTest {};

TEST_F(BytesTest, TextAndBack) {
  EXPECT_EQ(eval("bytes.from_str", {S("\u00e9")}), "\"w6k=\"");
  EXPECT_EQ(eval("bytes.to_str", {Y("\xc3\xa9")}), "\"\u00e9\"");
  EXPECT_EQ(eval("bytes.len", {Y("\xc3\xa9")}), "2");
}

TEST_F(BytesTest, TextMustBeValidUtf8) {
  EXPECT_EQ(eval("bytes.to_str", {Y("ab\xff")}),
            "[invalid-utf8] byte 2 of the bytes is not valid UTF-8, as a `str` must be");
  for (std::string_view wrong : {"\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80"})
    EXPECT_TRUE(eval("bytes.to_str", {Y(wrong)}).starts_with("[invalid-utf8] byte 0"))
        << testing::PrintToString(wrong);
  EXPECT_EQ(eval("bytes.to_str", {Y(std::string_view("a\0b", 3))}), "\"a\\u0000b\"");
}

TEST_F(BytesTest, SliceCountsBytes) {
  EXPECT_EQ(eval("bytes.to_hex", {Y("\x01\xab")}), "\"01ab\"");
  EXPECT_EQ(eval("bytes.slice", {Y("abc"), I(1), I(2)}), "\"Yg==\"");
  EXPECT_EQ(eval("bytes.slice", {Y("abc"), I(4)}), "[index-out-of-range] index 4 is outside bytes of 3");
}

TEST_F(BytesTest, ConcatAndEquality) {
  EXPECT_EQ(eval("bytes.concat", {Y("a"), Y("b")}), "\"YWI=\"");
  EXPECT_EQ(eval("bytes.concat", {}), "\"\"");
  EXPECT_EQ(eval("bytes.eq", {Y("a"), Y("a")}), "true");
  EXPECT_EQ(eval("bytes.eq", {Y("a"), Y("b")}), "false");
}

TEST_F(BytesTest, Base64IsThatOfRfc4648) {
  for (auto [plain, coded] : {std::pair("", ""), std::pair("f", "Zg=="), std::pair("fo", "Zm8="),
                              std::pair("foobar", "Zm9vYmFy")}) {
    EXPECT_EQ(eval("bytes.to_base64", {Y(plain)}), "\"" + std::string(coded) + "\"");
    EXPECT_EQ(eval("bytes.from_base64", {S(coded)}), "\"" + std::string(coded) + "\"");
  }
  EXPECT_EQ(eval("bytes.from_base64", {S("Zg")}),
            "[parse-failed] cannot read `Zg` as base64: a character is wrong, or the padding");
  EXPECT_TRUE(eval("bytes.from_base64", {S("Z g=")}).starts_with("[parse-failed] "));
  EXPECT_TRUE(eval("bytes.from_base64", {S("Zm9v\n")}).starts_with("[parse-failed] "));
}

TEST_F(BytesTest, HexWantsTwoDigitsAByte) {
  EXPECT_EQ(eval("bytes.from_hex", {S("00fF")}), "\"AP8=\"");
  EXPECT_EQ(eval("bytes.from_hex", {S("")}), "\"\"");
  EXPECT_TRUE(eval("bytes.from_hex", {S("abc")})
                  .starts_with("[parse-failed] cannot read `abc` as hexadecimal digits"));
  EXPECT_TRUE(eval("bytes.from_hex", {S("zz")}).starts_with("[parse-failed] "));
}

TEST_F(BytesTest, CodingsObeyTheLimit) {
  limits.set(Limit::ValueBytes, 100);
  Typed sixty = Y(std::string(60, 'x'));
  for (const char *op : {"bytes.to_base64", "bytes.to_hex"})
    EXPECT_TRUE(eval(op, {sixty}).starts_with("[limit-exceeded] ")) << op;
  EXPECT_TRUE(eval("bytes.concat", {sixty, sixty}).starts_with("[limit-exceeded] "));
}

TEST_F(VoteTest, TheMostFrequentAnswerWins) {
  EXPECT_EQ(eval("vote.majority", {L({S("a"), S("b"), S("b")})}), "\"b\"");
  EXPECT_EQ(eval("vote.majority", {L({S("only")})}), "\"only\"");
}

TEST_F(VoteTest, TiesGoToTheFirstInListOrder) {
  EXPECT_EQ(eval("vote.majority", {L({S("b"), S("a"), S("a"), S("b"), S("c")})}), "\"b\"");
  EXPECT_EQ(eval("vote.majority", {L({S("c"), S("a"), S("b")})}), "\"c\"");
}

TEST_F(VoteTest, NobodyHasNoMajority) {
  EXPECT_EQ(eval("vote.majority", {L(str, {})}),
            "[empty-list] `vote.majority` has no answer for an empty list; test `list.len` first");
}

} // namespace
