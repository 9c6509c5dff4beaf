#include "xcs/Model/Quirks.h"
#include "AnswerCases.h"
#include <gtest/gtest.h>

using namespace xcs;
using namespace xcs::test;

static const Limits limits;

static std::string read(std::string_view bytes) {
  AnswerReader reader(limits, 1);
  reader.feed(bytes);
  return show(reader);
}

static std::string inCapitals(std::string text) {
  for (char &byte : text)
    byte = byte == '_' ? '-' : static_cast<char>(toupper(byte));
  return text;
}

TEST(Quirks, EachReasonHasItsMeaningInAnyCase) {
  for (const FinishRow &row : finishRows) {
    EXPECT_EQ(finishOf(row.word), row.meaning) << row.word;
    EXPECT_EQ(finishOf(inCapitals(std::string(row.word))), row.meaning) << row.word;
  }
  EXPECT_EQ(finishOf("STOP"), Finish::End);
  EXPECT_EQ(finishOf("max-tokens"), Finish::Length);
  EXPECT_EQ(finishOf("SAFETY"), Finish::Filtered);
  for (std::string_view word : {"bored", "stopp", "sto", " ", "null", "0"})
    EXPECT_EQ(finishOf(word), std::nullopt) << word;
}

TEST(Quirks, EachTypeOfPartHasItsMeaning) {
  for (const PartRow &row : partRows) {
    std::string expected = "no text stop besides a part of the type `" + std::string(row.type) + "`";
    if (row.meaning == PartMeaning::Text)
      expected = "\"a\" stop";
    else if (row.meaning == PartMeaning::Refusal)
      expected = "no text stop refusal \"no\"";
    EXPECT_EQ(read("{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":[{\"type\":\"" +
                   std::string(row.type) + "\",\"text\":\"a\",\"refusal\":\"no\"}]}}]}"),
              expected);
  }
}

TEST(Quirks, EachIdleEventIsNone) {
  for (std::string_view name : idleEvents)
    EXPECT_EQ(read("event: " + std::string(name) + "\ndata: {\"error\":{\"message\":\"x\"}}\n\n" +
                   "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}\n\n"),
              "\"a\" stop")
        << name;
}

/// JSON with a value at a pointer.
static std::string at(std::string_view pointer, std::string_view value) {
  std::string before, behind;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    std::string key(pointer.substr(0, pointer.find('/')));
    pointer.remove_prefix(key.size());
    bool isIndex = key == "0";
    before += isIndex ? "[" : "{\"" + key + "\":";
    behind.insert(0, isIndex ? "]" : "}");
  }
  return before + std::string(value) + behind;
}

TEST(Quirks, AnErrorIsFoundWhereverItStands) {
  for (std::string_view place : errorTexts) {
    EXPECT_EQ(errorReportOf(at(place, "\"slow \\u00fc\\ud83d\"")).message, "slow \u00fc\uFFFD") << place;
    EXPECT_EQ(read(at(place, "\"slow\"")), "reported 0: slow") << place;
  }
}

TEST(Quirks, ACodeIsFoundWhereverItStands) {
  for (std::string_view place : errorCodes) {
    EXPECT_EQ(errorReportOf(at(place, "{\"code\":429,\"message\":\"x\"}")).status, 0) << place;
    std::string body = at(place, "429");
    body.insert(body.rfind('{') + 1, "\"message\":\"x\",");
    EXPECT_EQ(errorReportOf(body).status, 429) << body;
    body.replace(body.find("429"), 3, "\"429\"");
    EXPECT_EQ(errorReportOf(body).status, 429) << body;
  }
  EXPECT_EQ(errorReportOf(R"({"error":{"message":"x","code":1302}})").status, 0);
  EXPECT_EQ(errorReportOf(R"({"error":{"message":"x","code":null,"type":"overloaded_error"}})").status, 529);
}

TEST(Quirks, AnErrorMayComeAsAnEvent) {
  for (std::string_view body :
       {"event: error\ndata: {\"error\":{\"message\":\"slow\",\"code\":429}}\n\n",
        "data: {\"error\":{\"message\":\"slow\",\"code\":429}}",
        "{\"error\":{\"message\":\"slow\",\"code\":429}}\n{}",
        ": hi\n\ndata:\n\ndata: {\"error\":{\"message\":\"slow\",\"code\":429}}\r\n\r\ndata: [DONE]\r\n"}) {
    EXPECT_EQ(errorReportOf(body).message, "slow") << body;
    EXPECT_EQ(errorReportOf(body).status, 429) << body;
  }
  EXPECT_EQ(errorReportOf("data: words\n\n").message, "data: words\n\n");
}

TEST(Quirks, EachWordStandsForItsStatus) {
  for (const ErrorWordRow &row : errorWords) {
    for (const std::string &word : {std::string(row.word), inCapitals(std::string(row.word))}) {
      ErrorReport report = errorReportOf("{\"error\":{\"message\":\"x\",\"code\":\"" + word + "\"}}");
      EXPECT_EQ(report.status, row.status) << word;
      EXPECT_EQ(report.isQuota, row.status == 402) << word;
    }
  }
}

TEST(Quirks, WhatIsNoErrorOfAKnownShapeIsShownFromItsBeginning) {
  EXPECT_EQ(errorReportOf("").message, "no message");
  EXPECT_EQ(errorReportOf(" \n").message, "no message");
  EXPECT_EQ(errorReportOf("<html>").message, "<html>");
  EXPECT_EQ(errorReportOf("{\"error\":\"a\xFF\\q\"}").message, "a\u00FF");
  EXPECT_EQ(errorReportOf("\xFF").message, "\u00FF");
  EXPECT_EQ(errorReportOf(R"({"reason":"x"})").message, R"({"reason":"x"})");
  EXPECT_EQ(errorReportOf(R"({"error":{"reason":"x"}})").message, R"({"reason":"x"})");
  EXPECT_EQ(errorReportOf(R"({"error":{"message":["x"]}})").message, R"({"message":["x"]})");
  EXPECT_EQ(errorReportOf(std::string(1000, 'x')).message, std::string(300, 'x'));
}

TEST(Quirks, UsageIsFoundWhereverItStands) {
  for (std::string_view place : usagePlaces) {
    std::string body = at(place, "{\"prompt_tokens\":3}");
    body.insert(1, R"("choices":[{"message":{"content":"a"},"finish_reason":"stop"}],)");
    EXPECT_EQ(read(body), "\"a\" stop, 3 ? ? ?") << place;
  }
}

TEST(Quirks, ThoughtsAreNoText) {
  for (std::string_view member : thoughtMembers)
    EXPECT_EQ(read("{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"" + std::string(member) +
                   "\":\"hm\"}}]}"),
              "no text stop besides `" + std::string(member) + "`");
}
