#include "OpsTest.h"
#include <cmath>

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
            "[parse-failed] cannot read `Zg` as base64: a character is invalid, or the padding");
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

// The examples of FIPS 180-2, appendix B.
TEST_F(BytesTest, Sha256IsThatOfTheStandard) {
  EXPECT_EQ(eval("bytes.sha256", {Y("abc")}),
            "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"");
  EXPECT_EQ(eval("str.sha256", {S("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")}),
            "\"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1\"");
  EXPECT_EQ(eval("str.sha256", {S("")}),
            "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"");
}

TEST_F(BytesTest, TextsHaveTheSameCodings) {
  EXPECT_EQ(eval("str.to_base64", {S("\u00e9")}), "\"w6k=\"");
  EXPECT_EQ(eval("str.from_base64", {S("w6k=")}), "\"\u00e9\"");
  EXPECT_EQ(eval("str.to_hex", {S("\u00e9")}), "\"c3a9\"");
  EXPECT_EQ(eval("str.from_hex", {S("c3A9")}), "\"\u00e9\"");
  EXPECT_EQ(eval("str.from_hex", {S("ff")}),
            "[invalid-utf8] byte 0 of the bytes is not valid UTF-8, as a `str` must be");
  EXPECT_TRUE(eval("str.from_base64", {S("/w==")}).starts_with("[invalid-utf8] "));
}

TEST_F(BytesTest, UrlsEncodeAllButTheUnreserved) {
  EXPECT_EQ(eval("str.url_encode", {S("a-Z_0.~ /?&=+%\u00e9")}), "\"a-Z_0.~%20%2F%3F%26%3D%2B%25%C3%A9\"");
  EXPECT_EQ(eval("str.url_decode", {S("%C3%a9+%20x")}), "\"\u00e9+ x\"");
  EXPECT_EQ(eval("str.url_decode", {S("a%2")}),
            "[parse-failed] cannot read `a%2` as a URL's text: two hexadecimal digits are missing after "
            "the `%` at byte 1");
  EXPECT_TRUE(eval("str.url_decode", {S("%zz")}).starts_with("[parse-failed] "));
  EXPECT_TRUE(eval("str.url_decode", {S("%ff")}).starts_with("[invalid-utf8] "));
}

TEST_F(BytesTest, CodingsObeyTheLimit) {
  limits.set(Limit::ValueBytes, 100);
  Typed sixty = Y(std::string(60, 'x'));
  for (const char *op : {"bytes.to_base64", "bytes.to_hex"})
    EXPECT_TRUE(eval(op, {sixty}).starts_with("[limit-exceeded] ")) << op;
  EXPECT_TRUE(eval("str.url_encode", {S(std::string(60, '%'))}).starts_with("[limit-exceeded] "));
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

TEST_F(VoteTest, AnyTypeMayBeVotedOn) {
  EXPECT_EQ(eval("vote.majority", {L({I(1), I(2), I(2)})}), "2");
  Typed a = R({{"x", L({S("p")})}}), b = R({{"x", L({S("q")})}});
  EXPECT_EQ(eval("vote.majority", {L({a, b, b})}), R"({"x":["q"]})");
  EXPECT_EQ(eval("vote.majority", {L({J("{\"a\":1,\"b\":2}"), J("3"), J("{\"b\":2,\"a\":1.0}")})}),
            R"({"a":1,"b":2})");
  EXPECT_EQ(eval("vote.majority", {L({F(std::nan("")), F(1), F(1)})}), "1.0");
}

TEST_F(VoteTest, WeightsAddUp) {
  EXPECT_EQ(eval("vote.weighted", {L({S("a"), S("b"), S("a")}), L({F(0.3), F(0.5), F(0.3)})}), "\"a\"");
  EXPECT_EQ(eval("vote.weighted", {L({S("b"), S("a")}), L({F(1), F(1)})}), "\"b\"");
  EXPECT_EQ(eval("vote.weighted", {L({S("x")}), L({F(0)})}), "\"x\"");
}

TEST_F(VoteTest, WeightsAreChecked) {
  EXPECT_EQ(eval("vote.weighted", {L({S("a")}), L(f64, {})}),
            "[length-mismatch] `vote.weighted` needs lists of the same length, not of 1 and 0");
  EXPECT_EQ(eval("vote.weighted", {L({S("a"), S("b")}), L({F(1), F(-0.5)})}),
            "[bad-argument] weight 1 of `vote.weighted` must be finite and not negative, not -0.5");
  EXPECT_TRUE(eval("vote.weighted", {L({S("a")}), L({F(std::nan(""))})}).starts_with("[bad-argument] "));
  EXPECT_TRUE(eval("vote.weighted", {L(str, {}), L(f64, {})}).starts_with("[empty-list] "));
}

TEST_F(VoteTest, TheFirstValidElementIsUnwrapped) {
  EXPECT_EQ(eval("vote.first_valid", {L({noneOf(str), some(S("a")), some(S("b"))})}, {}, str), "\"a\"");
  EXPECT_EQ(eval("vote.first_valid", {L({failed(i64, "timeout", "late"), ok(I(3))})}, {}, i64), "3");
}

TEST_F(VoteTest, WithoutAValidElementTheFirstErrorIsTold) {
  EXPECT_EQ(
      eval("vote.first_valid", {L({failed(i64, "timeout", "late"), failed(i64, "x", "y")})}, {}, i64),
      "[no-valid-element] `vote.first_valid` has no result: none of its 2 elements has a value; the first "
      "error is: late; check the list first");
  EXPECT_EQ(
      eval("vote.first_valid", {L({noneOf(str)})}, {}, str),
      "[no-valid-element] `vote.first_valid` has no result: none of its 1 element has a value; check the "
      "list first");
  EXPECT_TRUE(
      eval("vote.first_valid", {L(pool.option(str), {})}, {}, str).starts_with("[no-valid-element] "));
}

TEST_F(VoteTest, FailedMembersAreLeftOut) {
  Typed members = L({ok(S("a")), failed(str, "timeout", "late"), ok(S("b"))});
  EXPECT_EQ(eval("result.oks", {members}), R"(["a","b"])");
  TypeId row = pool.record(std::vector<TypeField>{{pool.intern("kind"), str},
                                                  {pool.intern("message"), str},
                                                  {pool.intern("op"), str},
                                                  {pool.intern("attempt"), i64}});
  EXPECT_EQ(eval("result.errors", {members}, {}, pool.list(row)),
            R"([{"kind":"timeout","message":"late","op":"str.to_f64","attempt":2}])");
  EXPECT_EQ(eval("option.somes", {L({noneOf(i64), some(I(1)), noneOf(i64)})}), "[1]");
}

TEST_F(VoteTest, NobodyHasNoMajority) {
  EXPECT_EQ(eval("vote.majority", {L(str, {})}),
            "[empty-list] `vote.majority` has no result for an empty list; check `list.len` first");
}

} // namespace
