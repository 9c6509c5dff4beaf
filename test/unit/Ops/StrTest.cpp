#include "OpsTest.h"
#include <limits>

using namespace xcs;

namespace {

struct StrTest : OpsTest {
  std::string format(std::string_view text, const std::vector<Typed> &operands) {
    return eval("str.format", operands, {{"template", pool.textAttr(text)}});
  }
};

TEST_F(StrTest, FormatFillsHolesInAnyOrderAndNumber) {
  EXPECT_EQ(format("{1}-{0}-{1}", {S("a"), S("b")}), "\"b-a-b\"");
  EXPECT_EQ(format("", {}), "\"\"");
  EXPECT_EQ(format("no hole", {S("unused")}), "\"no hole\"");
  EXPECT_EQ(format("{{{0}}}", {S("x")}), "\"{x}\"");
}

TEST_F(StrTest, FormatNeverScansAValueAgain) {
  EXPECT_EQ(format("{0}", {S("{0} {{ }} $1 %s {1}")}), "\"{0} {{ }} $1 %s {1}\"");
}

TEST_F(StrTest, FormatShowsScalarsAsTheyAreWritten) {
  double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(format("{0} {1} {2} {3} {4}", {I(-3), F(1), B(true), D(250'000'000), F(nan)}),
            "\"-3 1.0 true 250ms nan\"");
  EXPECT_EQ(format("{0}", {Y("\xff\x01")}), "\"/wE=\"");
}

TEST_F(StrTest, FormatShowsTheRestAsJson) {
  EXPECT_EQ(format("{0}", {L({S("a"), S("b")})}), R"("[\"a\",\"b\"]")");
  EXPECT_EQ(format("{0}", {R({{"x", I(1)}, {"y", noneOf(str)}})}), R"("{\"x\":1,\"y\":null}")");
  EXPECT_EQ(format("{0} {1}", {J("\"a\""), J("[1, null]")}), R"("\"a\" [1,null]")");
  EXPECT_EQ(format("{0} {1}", {some(S("a")), noneOf(str)}), R"("\"a\" null")");
}

TEST_F(StrTest, FormatRefusesAWrongTemplate) {
  EXPECT_EQ(format("a}b", {}),
            "[bad-template] the template is invalid at byte 1: `}` closes nothing; write `}}` for a brace");
  EXPECT_EQ(format("{name}", {}), "[bad-template] the template is invalid at byte 0: `{` does not start a "
                                  "placeholder like `{0}`; write `{{` for a brace");
  EXPECT_EQ(format("ab{2}", {S("")}),
            "[bad-template] the template is invalid at byte 2: there is no operand for `{2}`");
  EXPECT_TRUE(format("{", {S("")}).starts_with("[bad-template] "));
  EXPECT_TRUE(format("{0", {S("")}).starts_with("[bad-template] "));
  EXPECT_TRUE(format("{-1}", {S("")}).starts_with("[bad-template] "));
  EXPECT_TRUE(format("{99999999999999999999}", {S("")}).starts_with("[bad-template] "));
}

TEST_F(StrTest, SecretsNeverBecomeText) {
  Typed key{Value::secret("sk-1"), secret};
  EXPECT_EQ(format("{0}", {key}), "[secret-in-text] a secret cannot become a string; it can only go into a "
                                  "header or a program's environment");
  EXPECT_TRUE(eval("str.from", {L({key})}).starts_with("[secret-in-text] "));
}

TEST_F(StrTest, FromGivesATextAsItself) {
  EXPECT_EQ(eval("str.from", {S("a\"b")}), R"("a\"b")");
  EXPECT_EQ(eval("str.from", {F(0.5)}), "\"0.5\"");
  EXPECT_EQ(eval("str.from", {{Value::none(), none}}), "\"null\"");
}

TEST_F(StrTest, ConcatAndJoin) {
  EXPECT_EQ(eval("str.concat", {}), "\"\"");
  EXPECT_EQ(eval("str.concat", {S("a"), S(""), S("ü")}), "\"aü\"");
  EXPECT_EQ(eval("str.join", {L({S("a"), S("b")})}), "\"ab\"");
  EXPECT_EQ(eval("str.join", {L({S("a"), S("b"), S("")})}, {{"separator", pool.textAttr(", ")}}),
            "\"a, b, \"");
  EXPECT_EQ(eval("str.join", {L(str, {})}, {{"separator", pool.textAttr(", ")}}), "\"\"");
}

TEST_F(StrTest, SplitGivesOnePartMoreThanSeparators) {
  auto split = [&](std::string_view text, std::string_view by) {
    return eval("str.split", {S(text)}, {{"separator", pool.textAttr(by)}});
  };
  EXPECT_EQ(split("a,b,,c", ","), R"(["a","b","","c"])");
  EXPECT_EQ(split("", ","), R"([""])");
  EXPECT_EQ(split("aaa", "aa"), R"(["","a"])");
  EXPECT_EQ(split("abc", ""),
            "[bad-argument] the separator of `str.split` must have at least one character, not none");
}

TEST_F(StrTest, LinesEndWithEitherLineEnd) {
  EXPECT_EQ(eval("str.lines", {S("a\nb\r\n\nc\rd\r")}), R"(["a","b","","c\rd\r"])");
  EXPECT_EQ(eval("str.lines", {S("a\n")}), R"(["a"])");
  EXPECT_EQ(eval("str.lines", {S("")}), "[]");
  EXPECT_EQ(eval("str.lines", {S("\n")}), R"([""])");
}

TEST_F(StrTest, TrimKnowsUnicodeWhiteSpace) {
  EXPECT_EQ(eval("str.trim", {S(" \t\r\n\u00a0\u3000 a b \u2028 ")}), "\"a b\"");
  EXPECT_EQ(eval("str.trim", {S(" \u2003 ")}), "\"\"");
  EXPECT_EQ(eval("str.trim", {S("\u200ba")}), "\"\u200ba\""); // zero width space is no White_Space
}

TEST_F(StrTest, CaseIsThatOfAscii) {
  EXPECT_EQ(eval("str.lower", {S("ABCZ[Ä")}), "\"abcz[Ä\"");
  EXPECT_EQ(eval("str.upper", {S("abcz{ä")}), "\"ABCZ{ä\"");
}

TEST_F(StrTest, ReplaceGoesFromLeftToRight) {
  EXPECT_EQ(eval("str.replace", {S("aaaa"), S("aa"), S("b")}), "\"bb\"");
  EXPECT_EQ(eval("str.replace", {S("aba"), S("a"), S("aa")}), "\"aabaa\"");
  EXPECT_EQ(eval("str.replace", {S("abc"), S("x"), S("y")}), "\"abc\"");
  EXPECT_EQ(eval("str.replace", {S("a\u00e9a"), S("\u00e9"), S("")}), "\"aa\"");
  EXPECT_TRUE(eval("str.replace", {S("a"), S(""), S("b")})
                  .starts_with("[bad-argument] the second operand of `str.replace`"));
}

TEST_F(StrTest, PositionsAreCodePoints) {
  EXPECT_EQ(eval("str.length", {S("a\u00e9\U0001F600")}), "3");
  EXPECT_EQ(eval("str.find", {S("\u00e9\U0001F600x"), S("x")}), "2");
  EXPECT_EQ(eval("str.find", {S("abc"), S("")}), "0");
  EXPECT_EQ(eval("str.find", {S("abc"), S("d")}), "null");
  EXPECT_EQ(eval("str.slice", {S("a\u00e9\U0001F600x"), I(1), I(3)}), "\"\u00e9\U0001F600\"");
  EXPECT_EQ(eval("str.slice", {S("abc"), I(1)}), "\"bc\"");
  EXPECT_EQ(eval("str.slice", {S("abc"), I(3)}), "\"\"");
  EXPECT_EQ(eval("str.slice", {S("abc"), I(1), I(1)}), "\"\"");
}

TEST_F(StrTest, SliceChecksItsIndices) {
  EXPECT_EQ(eval("str.slice", {S("a\u00e9"), I(3)}), "[index-out-of-range] index 3 is outside a text of 2");
  EXPECT_EQ(eval("str.slice", {S("abc"), I(-1), I(2)}),
            "[index-out-of-range] index -1 is outside a text of 3");
  EXPECT_EQ(eval("str.slice", {S("abc"), I(2), I(1)}),
            "[bad-argument] the end of `str.slice` must not be below the start 2, not 1");
}

TEST_F(StrTest, TestsOfContent) {
  EXPECT_EQ(eval("str.starts_with", {S("abc"), S("ab")}), "true");
  EXPECT_EQ(eval("str.ends_with", {S("abc"), S("ab")}), "false");
  EXPECT_EQ(eval("str.ends_with", {S("abc"), S("")}), "true");
  EXPECT_EQ(eval("str.contains", {S("abc"), S("bc")}), "true");
  EXPECT_EQ(eval("str.contains", {S("abc"), S("x")}), "false");
}

TEST_F(StrTest, RelationsCompareBytes) {
  const std::map<std::string, std::string> wanted = {{"eq", "001"}, {"ne", "110"}, {"lt", "100"},
                                                     {"le", "101"}, {"gt", "010"}, {"ge", "011"}};
  for (const auto &[relation, truths] : wanted) {
    std::string found;
    for (auto [a, b] : {std::pair("a", "ab"), std::pair("\u00e9", "z"), std::pair("x", "x")})
      found += eval("str." + relation, {S(a), S(b)}) == "true" ? '1' : '0';
    EXPECT_EQ(found, truths) << relation;
  }
}

TEST_F(StrTest, RepeatIsBoundedBeforeMemoryIsTaken) {
  EXPECT_EQ(eval("str.repeat", {S("ab"), I(3)}), "\"ababab\"");
  EXPECT_EQ(eval("str.repeat", {S("ab"), I(0)}), "\"\"");
  EXPECT_EQ(eval("str.repeat", {S(""), I(INT64_MAX)}), "\"\"");
  EXPECT_EQ(eval("str.repeat", {S("ab"), I(-1)}),
            "[bad-argument] the number of `str.repeat` must be at least 0, not -1");
  EXPECT_EQ(
      eval("str.repeat", {S("ab"), I(INT64_MAX)}),
      "[limit-exceeded] a value made by `str.repeat` exceeds the limit of 1073741824 bytes; raise it with "
      "`--limit value-bytes=N`");
  EXPECT_TRUE(eval("str.repeat", {S("ab"), I(1 << 30)}).starts_with("[limit-exceeded] "));
  // What is advised would do, and nothing less.
  limits.set(Limit::ValueBytes, 100);
  const std::string advice = "value-bytes=", said = eval("str.repeat", {S("ab"), I(200)});
  const size_t at = said.find(advice);
  ASSERT_NE(at, std::string::npos) << said;
  const uint64_t enough = std::stoull(said.substr(at + advice.size()));
  limits.set(Limit::ValueBytes, enough - 1);
  EXPECT_TRUE(eval("str.repeat", {S("ab"), I(200)}).starts_with("[limit-exceeded] "));
  limits.set(Limit::ValueBytes, enough);
  EXPECT_FALSE(eval("str.repeat", {S("ab"), I(200)}).starts_with("["));
}

TEST_F(StrTest, EveryOperationThatJoinsObeysTheLimit) {
  limits.set(Limit::ValueBytes, 100);
  Typed sixty = S(std::string(60, 'x'));
  EXPECT_TRUE(
      eval("str.concat", {sixty, sixty}).starts_with("[limit-exceeded] a value made by `str.concat`"));
  EXPECT_TRUE(eval("str.join", {L({sixty, sixty})}).starts_with("[limit-exceeded] "));
  EXPECT_TRUE(format("{0}{0}", {sixty}).starts_with("[limit-exceeded] "));
  EXPECT_TRUE(eval("str.replace", {S("abab"), S("a"), sixty}).starts_with("[limit-exceeded] "));
  EXPECT_TRUE(
      eval("str.split", {S("a,b,c")}, {{"separator", pool.textAttr(",")}}).starts_with("[limit-exceeded] "));
  EXPECT_TRUE(eval("str.lines", {S("a\nb\nc")}).starts_with("[limit-exceeded] "));
  EXPECT_TRUE(eval("str.from", {L({S(std::string(9, '\1')), S(std::string(9, '\1'))})})
                  .starts_with("[limit-exceeded] "));
}

TEST_F(StrTest, ToBoolTakesTheTwoWordsAlone) {
  EXPECT_EQ(eval("str.to_bool", {S("true")}), "true");
  EXPECT_EQ(eval("str.to_bool", {S("false")}), "false");
  EXPECT_EQ(eval("str.to_bool", {S("True")}),
            "[parse-failed] cannot read `True` as a bool: it is neither `true` nor `false`");
  EXPECT_TRUE(eval("str.to_bool", {S("true\n")}).ends_with("remove it with `str.trim`"));
}

TEST_F(StrTest, IntegersAreReadExactly) {
  EXPECT_EQ(eval("str.to_i64", {S("-42")}), "-42");
  EXPECT_EQ(eval("str.to_i64", {S("007")}), "7");
  EXPECT_EQ(eval("str.to_i64", {S("9223372036854775807")}), "9223372036854775807");
  EXPECT_EQ(eval("str.to_i64", {S("9223372036854775808")}),
            "[parse-failed] cannot read `9223372036854775808` as an i64: it is out of range");
  EXPECT_EQ(eval("str.to_i64", {S("1.0")}),
            "[parse-failed] cannot read `1.0` as an i64: it is not a whole number");
  EXPECT_EQ(eval("str.to_i64", {S("4\n")}), "[parse-failed] cannot read `4\\n` as an i64: there is white "
                                            "space around it; remove it with `str.trim`");
  for (const char *text : {"", "+4", "4x", "0x10", "--1", "1_000"})
    EXPECT_TRUE(eval("str.to_i64", {S(text)}).starts_with("[parse-failed] ")) << text;
}

TEST_F(StrTest, FloatsAreReadExactly) {
  EXPECT_EQ(eval("str.to_f64", {S("0.1")}), "0.1");
  EXPECT_EQ(eval("str.to_f64", {S("-1e3")}), "-1000.0");
  EXPECT_EQ(eval("str.to_f64", {S("7")}), "7.0");
  EXPECT_EQ(eval("str.to_f64", {S("-inf")}), "-inf");
  EXPECT_EQ(eval("str.to_f64", {S("nan")}), "nan");
  EXPECT_EQ(eval("str.to_f64", {S("1e-400")}), "0.0");
  EXPECT_EQ(eval("str.to_f64", {S("1e999")}),
            "[parse-failed] cannot read `1e999` as an f64: it is out of range");
  EXPECT_EQ(eval("str.to_f64", {S("8/10")}),
            "[parse-failed] cannot read `8/10` as an f64: it is not a number");
  for (const char *text : {"", "infinity", "nan(1)", "NaN", "0x1p3", "1,5", " 1", "1e", "e5", "--1"})
    EXPECT_TRUE(eval("str.to_f64", {S(text)}).starts_with("[parse-failed] ")) << text;
}

TEST_F(StrTest, AMessageShowsOnlyTheStartOfALongText) {
  std::string error = eval("str.to_f64", {S("\u00e9" + std::string(1000, 'y'))});
  EXPECT_EQ(error, "[parse-failed] cannot read `\u00e9" + std::string(39, 'y') +
                       "...` as an f64: it is not a number");
}

/// Looking for code points from the start of the text would take a minute for each of the tests of this kind.
TEST_F(StrTest, PiecesOfAnAsciiTextTakeTimeInThePiecesAlone) {
  const Typed text = S(std::string(64u << 20, 'x')), x = S("x");
  Value out;
  OpError error;
  for (int64_t i = 0; i < 20'000; ++i) {
    const Typed from = I(3000 * i), to = I(3000 * i + 3);
    const Value operands[] = {text.value, from.value, to.value};
    const TypeId types[] = {str, i64, i64};
    ASSERT_TRUE(foldPure(OpCode::str_slice, pool.view(), operands, types, {}, str, limits, out, error));
    ASSERT_EQ(out.text(), "xxx");
    ASSERT_TRUE(
        foldPure(OpCode::str_length, pool.view(), {operands, 1}, {types, 1}, {}, i64, limits, out, error));
    ASSERT_EQ(out.asI64(), 64 << 20);
  }
}

TEST_F(StrTest, CodePointsAreCountedInTextsThatHaveBecomeOthers) {
  // What was ASCII when somebody asked and is no longer, and the other way about never.
  Value text = Value::str("0123456789");
  ASSERT_TRUE(text.isAscii());
  ASSERT_TRUE(text.appendText("abc"));
  EXPECT_TRUE(text.isAscii());
  EXPECT_EQ(eval("str.length", {{text, str}}), "13");
  text = Value::str("0123456789");
  ASSERT_TRUE(text.isAscii());
  ASSERT_TRUE(text.appendText("\u00e9\u20ac"));
  EXPECT_FALSE(text.isAscii());
  EXPECT_EQ(eval("str.length", {{text, str}}), "12");
  EXPECT_EQ(eval("str.slice", {{text, str}, I(10), I(12)}), "\"\u00e9\u20ac\"");
  EXPECT_EQ(eval("str.find", {{text, str}, S("\u20ac")}), "11");
  ASSERT_TRUE(text.appendText("end")); // into the room of its block
  EXPECT_FALSE(text.isAscii());
  EXPECT_EQ(eval("str.slice", {{text, str}, I(11)}), "\"\u20acend\"");
  // Asked for the first time after it has grown.
  text = Value::str("abc");
  ASSERT_TRUE(text.appendText("\u00e9"));
  EXPECT_EQ(eval("str.length", {{text, str}}), "4");
  EXPECT_EQ(text.depth(), 0u) << "what is known of a text is no depth";
}

TEST_F(StrTest, OccurrencesAreCountedWithoutOverlaps) {
  EXPECT_EQ(eval("str.count", {S("banana"), S("an")}), "2");
  EXPECT_EQ(eval("str.count", {S("aaaaa"), S("aa")}), "2");
  EXPECT_EQ(eval("str.count", {S("banana"), S("x")}), "0");
  EXPECT_EQ(eval("str.count", {S(""), S("x")}), "0");
  EXPECT_EQ(eval("str.count", {S("x"), S("xx")}), "0");
  EXPECT_EQ(eval("str.count", {S("\u00e9\u00e8\u00e9"), S("\u00e9")}), "2");
  EXPECT_EQ(eval("str.count", {S("x"), S("")}),
            "[bad-argument] the text of `str.count` must have at least one character, not none");
}

} // namespace
