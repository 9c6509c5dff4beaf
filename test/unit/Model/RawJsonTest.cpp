#include "Model/RawJson.h"
#include <gtest/gtest.h>
#include <random>

using namespace xcs;

using Fault = RawJson::Fault;

static Fault faultOf(std::string_view text) {
  RawJson value;
  return RawJson::whole(text, value);
}

TEST(RawJson, AValueEndsWhereItsBracketsDo) {
  for (std::string_view text :
       {"{}", "[]", "\"\"", "0", "-1.5e+3", "null", " [1,{\"a\":[]}] \n", R"("\"]")", R"({"]":"}"})"})
    EXPECT_EQ(faultOf(text), Fault::None) << text;
  for (std::string_view text : {"{", "[[]", "\"", R"("\")", R"(["])", R"("\)", R"({"a":"b\)"})
    EXPECT_EQ(faultOf(text), Fault::CutOff) << text;
  for (std::string_view text : {"{]", "[{]}", "]", ",", "NaN", "01", "1.", ".5", "+1", "-", "1e", "tru"})
    EXPECT_EQ(faultOf(text), Fault::Wrong) << text;
  for (std::string_view text : {"{} {}", "[],", "1 2", "\"\"\"\"", "{}]"})
    EXPECT_EQ(faultOf(text), Fault::Extra) << text;
}

/// Brackets that open and close at random, up to 300 of them within each other, and what a stack of them
/// says.
TEST(RawJson, BracketsAreMatchedAtAnyDepth) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string text, open;
    const size_t most = random() % 300 + 1;
    for (bool isGrowing = true; text.empty() || !open.empty();) {
      isGrowing = isGrowing && open.size() < most;
      if (isGrowing || random() % 3 == 0) {
        text += random() % 2 ? '[' : '{';
        open += text.back() == '[' ? ']' : '}';
      } else {
        text += open.back();
        open.pop_back();
      }
    }
    EXPECT_EQ(faultOf(text), Fault::None) << text;
    EXPECT_EQ(faultOf(text.substr(0, text.size() - 1)), Fault::CutOff);
    size_t at = random() % text.size();
    bool isClosing = text[at] == ']' || text[at] == '}';
    text[at] = text[at] == ']' ? '}' : ']';
    if (isClosing) {
      EXPECT_EQ(faultOf(text), Fault::Wrong) << text;
    }
  }
}

TEST(RawJson, EscapesAreDecodedAndHalvesJoined) {
  auto decoded = [](std::string_view text) {
    RawJson value;
    std::string out;
    EXPECT_EQ(RawJson::whole(text, value), Fault::None);
    return value.appendTo(out) && makeReadable(out) ? out : "wrong";
  };
  EXPECT_EQ(decoded(R"("\u0000\u0041\/\t")"), std::string("\0A/\t", 4));
  EXPECT_EQ(decoded(R"("\uD83D\uDE00")"), "\U0001F600");
  EXPECT_EQ(decoded(R"("\ud83d\ud83d\ude00\ude00")"), "\uFFFD\U0001F600\uFFFD");
  EXPECT_EQ(decoded("\"\xED\xA0\xBD\\ude00\""), "\U0001F600");
  EXPECT_EQ(decoded("\"\xED\x9F\xBF\""), "\uD7FF"); // the last character before the halves
  for (std::string_view text : {R"("\u12")", R"("\u+123")", R"("\x41")", R"("\u 123")"})
    EXPECT_EQ(decoded(text), "wrong") << text;
}

TEST(RawJson, MembersAreFoundOnceAndTwice) {
  auto kindOf = [](std::string_view text, std::string_view key) {
    RawJson value;
    RawJson::whole(text, value);
    return RawObject(value).find(key).kind();
  };
  EXPECT_EQ(kindOf(R"({"a" : 1 , "b":[ ]})", "b"), RawJson::Kind::Array);
  EXPECT_EQ(kindOf(R"({"a":1,"a":1})", "a"), RawJson::Kind::Number);
  EXPECT_EQ(kindOf(R"({"a":1,"a":2})", "a"), RawJson::Kind::Twice);
  EXPECT_EQ(kindOf(R"({"a":1,"\u0061":2})", "a"), RawJson::Kind::Twice);
  EXPECT_EQ(kindOf(R"({"a":1})", "b"), RawJson::Kind::Absent);
  for (std::string_view text :
       {R"({"a" 1})", R"({"a":})", R"({"a":1 "b":2})", R"({"a":1,})", R"({1:2})", R"({,})"}) {
    RawJson value;
    ASSERT_EQ(RawJson::whole(text, value), Fault::None) << text;
    EXPECT_TRUE(RawObject(value).isBroken()) << text;
  }
}

TEST(RawJson, TheFastWayOfNumbersReadsWhatTheSlowOneDoes) {
  for (std::string_view text :
       {"[1]", "[ 1 , -2.5e3 ]", "[0,-0,0.5]", "[1.]", "[.5]", "[01]", "[1,]", "[,1]", "[]", "[1 2]", "[NaN]",
        "[inf]", "[1e400]", "[\"1\"]", "[-]", "[--1]", "[1e]", "[0x1]", "[1}"}) {
    RawJson value;
    if (RawJson::whole(text, value) != Fault::None)
      continue;
    std::vector<double> fast, slow;
    std::vector<RawJson> items;
    bool isSlow = value.items(items) && !items.empty();
    for (const RawJson &item : items) {
      isSlow = isSlow && item.kind() == RawJson::Kind::Number && item.number();
      if (isSlow)
        slow.push_back(*item.number());
    }
    EXPECT_EQ(value.numbers(fast), isSlow) << text;
    if (isSlow) {
      EXPECT_EQ(fast, slow) << text;
    }
  }
}
