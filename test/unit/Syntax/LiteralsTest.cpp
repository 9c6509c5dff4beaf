// What literals mean, read from a program's attributes.
#include "SyntaxTest.h"
#include "xcs/Support/Limits.h"

using namespace xcs;

namespace {

/// The literal as the printer shows it, or what is wrong with it.
std::string read(std::string_view literal) {
  Parsed p("func @f() {\n  const {value = " + std::string(literal) + "} : i64\n}");
  return p.module ? p.attr(p.body()[0], "value") : p.engine.all()[0].message;
}

TEST(Literals, Integers) {
  EXPECT_EQ(read("42"), "42");
  EXPECT_EQ(read("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(read("9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(read("0xff"), "255");
  EXPECT_EQ(read("-0x10"), "-16");
  EXPECT_EQ(read("007"), "7");
}

TEST(Literals, IntegersThatDoNotFit) {
  for (const char *wrong : {"9223372036854775808", "-9223372036854775809", "0x8000000000000000",
                            "99999999999999999999999999", "0xfffffffffffffffff"})
    EXPECT_EQ(
        read(wrong),
        "`" + std::string(wrong) +
            "` does not fit into i64, whose maximum is 9223372036854775807 (`json.parse` reads larger ones "
            "from a text); write one that does");
}

TEST(Literals, Floats) {
  EXPECT_EQ(read("1.50"), "1.5");
  EXPECT_EQ(read("-0.0"), "-0.0");
  EXPECT_EQ(read("1e3"), "1000.0");
  EXPECT_EQ(read("5e-324"), "5e-324");
  EXPECT_EQ(read("inf"), "inf");
  EXPECT_EQ(read("-inf"), "-inf");
  EXPECT_EQ(read("nan"), "nan");
  EXPECT_NE(read("1e309").find("does not fit into f64"), std::string::npos);
}

TEST(Literals, Durations) {
  EXPECT_EQ(read("250ms"), "250ms");
  EXPECT_EQ(read("60s"), "1m");
  EXPECT_EQ(read("1.5s"), "1500ms");
  EXPECT_EQ(read("0.25h"), "15m");
  EXPECT_EQ(read("1.500000000s"), "1500ms");
  EXPECT_EQ(read("0.000000001s"), "1ns");
  EXPECT_EQ(read("-2us"), "-2us");
  EXPECT_EQ(read("2562047h"), "2562047h");
  EXPECT_EQ(read("1h30m"), "90m");
  EXPECT_EQ(read("-1m0.5s"), "-60500ms");
}

TEST(Literals, DurationsThatDoNotFit) {
  for (const char *wrong : {"0.5ns", "2562048h", "0.0000000001s", "99999999999999999999s",
                            "0.0000000000000000000000000000000000001h", "9223372036854775808ns"})
    EXPECT_EQ(read(wrong),
              "`" + std::string(wrong) +
                  "` does not fit into a duration, which counts whole nanoseconds up to 292 years; write one "
                  "that does");
}

TEST(Literals, PartsOfADurationThatDoNotFit) {
  for (const char *wrong : {"30m1h", "1s1s", "2562047h60m", "1h0.5ns"})
    EXPECT_EQ(read(wrong),
              "`" + std::string(wrong) +
                  "` does not fit into a duration, whose units go from large to small, up to 292 "
                  "years; write one that does");
}

TEST(Literals, StringEscapes) {
  EXPECT_EQ(read(R"("a\"\\\/\b\f\n\r\tz")"), R"("a\"\\/\b\f\n\r\tz")");
  EXPECT_EQ(read(R"("\u0041\u00e9\u20AC")"), "\"A\xc3\xa9\xe2\x82\xac\"");
  EXPECT_EQ(read(R"("\ud83d\ude00")"), "\"\xf0\x9f\x98\x80\"");
  EXPECT_EQ(read(R"("\u0000")"), R"("\u0000")");
}

TEST(Literals, WrongEscapes) {
  auto message = [](std::string_view escape) {
    return "`" + std::string(escape) +
           "` is not a valid escape in a string; use one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX";
  };
  EXPECT_EQ(read(R"("a\qb")"), message("\\q"));
  EXPECT_EQ(read(R"("\u12")"), message("\\u12"));
  EXPECT_EQ(read(R"("\u12G4")"), message("\\u12"));
  EXPECT_EQ(read(R"("\ud83d")"), message("\\ud83d"));       // half of a pair
  EXPECT_EQ(read(R"("\ud83d\u0041")"), message("\\ud83d")); // with a wrong other half
  EXPECT_EQ(read(R"("\ude00")"), message("\\ude00"));
  EXPECT_EQ(read("\"\\\xc3\xa9\""), message("\\\xc3\xa9"));
}

TEST(Literals, RawStringsKeepEverything) {
  EXPECT_EQ(read("\"\"\"a\n  \\n \"b\" {0}\"\"\""), R"("a\n  \\n \"b\" {0}")");
  EXPECT_EQ(read("\"\"\"\"\"\""), R"("")");
}

TEST(Literals, WordsAndTypes) {
  EXPECT_EQ(read("true"), "true");
  EXPECT_EQ(read("false"), "false");
  EXPECT_EQ(read("str"), "str");
  EXPECT_EQ(read("list<record<a: str, b: option<i64>>>"), "list<record<a: str, b: option<i64>>>");
  EXPECT_EQ(read("record<>"), "record<>");
  EXPECT_EQ(read("@main"), "there is no constant `@main`; declare it with `const @main = ..`");
}

TEST(Literals, ListsAndDictionaries) {
  EXPECT_EQ(read("[]"), "[]");
  EXPECT_EQ(read("[1, \"a\", [true], {b = 2, c}]"), "[1, \"a\", [true], {b = 2, c}]");
  EXPECT_EQ(read("{}"), "{}");
  EXPECT_EQ(read("{module = 1, after = {loc = [2]}}"), "{module = 1, after = {loc = [2]}}");
  EXPECT_EQ(read("{func, hint.cost = 1.0}"), "{func, hint.cost = 1.0}");
}

TEST(Literals, SecretsAndEnvironment) {
  EXPECT_EQ(read(R"(secret("KEY"))"), R"(secret("KEY"))");
  EXPECT_EQ(read(R"(secret("KEY", prefix = "Bearer "))"), R"(secret("KEY", prefix = "Bearer "))");
  EXPECT_EQ(read(R"(env("HOME"))"), R"(env("HOME"))");
  EXPECT_NE(read(R"(env("HOME", prefix = "x"))").find("`env` has no option `prefix`"), std::string::npos);
  EXPECT_NE(read(R"(secret("K", prefix = "x", prefix = "y"))").find("has no option `prefix`"),
            std::string::npos);
  EXPECT_NE(read(R"(password("K"))").find("`password` is not a literal"), std::string::npos);
}

} // namespace
