#include "xcs/Store/Recording.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>

using namespace xcs;

namespace {

struct RecordingFormat : ::testing::Test {
  std::string messages;
  llvm::raw_string_ostream stream{messages};
  DiagnosticEngine diagnostics{&stream};

  Result<Recording> read(const std::string &text) {
    messages.clear();
    return readRecording(text, "r.jsonl", {}, diagnostics);
  }
  void expectRefused(const std::string &line, const std::string &why) {
    EXPECT_FALSE(read(printRecordingHead(1) + line + "\n")) << line;
    EXPECT_NE(messages.find("r.jsonl:2:1: error: not a line of a recording: "), std::string::npos)
        << messages;
    EXPECT_NE(messages.find(why), std::string::npos) << messages;
  }
};

const std::string head = R"({"op":"model.chat","at":"a","operands":["q"],)";
const std::string tail = R"("id":"00112233445566778899aabbccddeeff"})";

} // namespace

TEST_F(RecordingFormat, EveryKindOfAnswerIsReadAsItWasWritten) {
  RecordedAnswer answers[3];
  for (RecordedAnswer &answer : answers) {
    answer.op = "http.request";
    answer.at = "@f/http.request#1:0[2.3]";
    answer.identity = "00112233445566778899aabbccddeeff";
    Value operand = Value::str("\"\n\x1b é");
    answer.operands = Value::list({&operand, 1});
  }
  answers[0].value = Value::f64(1.5);
  answers[0].site = "3/17";
  answers[1].kind = RecordedAnswer::Kind::Failed;
  answers[1].error = {Diag::HttpBroken, "it broke", 3};
  answers[1].hasHappened = true;
  answers[2].kind = RecordedAnswer::Kind::Cancelled;
  std::string text = printRecordingHead(0xabc);
  OpError error;
  for (const RecordedAnswer &answer : answers)
    ASSERT_TRUE(appendAnswer(text, answer, {}, error)) << error.message;
  auto recording = read(text);
  ASSERT_TRUE(recording) << messages;
  EXPECT_EQ(recording->shape, "0000000000000abc");
  ASSERT_EQ(recording->answers.size(), 3u);
  std::string again = printRecordingHead(0xabc);
  for (size_t i = 0; i < 3; ++i) {
    const RecordedAnswer &found = recording->answers[i];
    EXPECT_EQ(found.kind, answers[i].kind);
    EXPECT_EQ(found.site, answers[i].site);
    EXPECT_EQ(found.error.id, answers[i].error.id);
    EXPECT_EQ(found.error.message, answers[i].error.message);
    EXPECT_EQ(found.error.attempt, answers[i].error.attempt);
    EXPECT_EQ(found.hasHappened, answers[i].hasHappened);
    EXPECT_EQ(found.line, i + 2);
    ASSERT_TRUE(appendAnswer(again, found, {}, error));
  }
  EXPECT_EQ(again, text);
}

TEST_F(RecordingFormat, EveryShapeHasSixteenDigits) {
  for (uint64_t shape : {uint64_t(0), uint64_t(1), UINT64_MAX}) {
    auto recording = read(printRecordingHead(shape));
    ASSERT_TRUE(recording) << messages;
    EXPECT_EQ(recording->shape, shapeText(shape));
  }
}

TEST_F(RecordingFormat, BlankLinesAndAMissingLastLineEndAreFine) {
  auto recording = read("\n" + printRecordingHead(1) + "\r\n \n" + head + R"("answer":null,)" + tail);
  ASSERT_TRUE(recording) << messages;
  ASSERT_EQ(recording->answers.size(), 1u);
  EXPECT_EQ(recording->answers[0].line, 5u);
}

TEST_F(RecordingFormat, WhatIsNoLineIsRefusedWithItsPlace) {
  expectRefused("{", "");
  expectRefused("[]", "a line must be one JSON object");
  expectRefused(head + tail, "one of `answer`, `failure` and `cancelled`");
  expectRefused(head + R"("answer":1,"cancelled":true,)" + tail, "one of");
  expectRefused(head + R"("cancelled":false,)" + tail, "`cancelled` must be true");
  expectRefused(head + R"("answer":1,"more":2,)" + tail, "no member `more`");
  for (const std::string site : {"17", R"("")", R"("a")", R"("1 2")"})
    expectRefused(head + R"("answer":1,"site":)" + site + "," + tail,
                  "`site` must be the numbers of operations");
  expectRefused(head + R"("answer":1,"id":"00"})", "`id` must be 32 hexadecimal digits");
  expectRefused(head + R"("answer":1,"id":"00112233445566778899AABBCCDDEEFF"})", "in lower case");
  expectRefused(R"({"op":1,"at":"a","operands":[],"answer":1,)" + tail, "`op` must be a string");
  expectRefused(R"({"op":"a","at":"a","operands":{},"answer":1,)" + tail, "`operands` must be an array");
  expectRefused(head + R"("failure":"x",)" + tail, "`failure` must be an object");
  expectRefused(head + R"("failure":{},)" + tail, "needs a `kind`");
  expectRefused(head + R"("failure":{"kind":"no-such-kind","message":""},)" + tail, "`kind` of `failure`");
  expectRefused(head + R"("failure":{"kind":"many-errors","message":""},)" + tail, "`kind` of `failure`");
  expectRefused(head + R"("failure":{"kind":"http-broken","message":"","attempt":0},)" + tail, "`attempt`");
}

TEST_F(RecordingFormat, AFileThatIsNoRecordingIsRefused) {
  for (const std::string text :
       {"", "\n\n", "{}\n", R"({"xcs":"plan","version":1,"shape":"0000000000000001"})",
        R"({"xcs":"recording","version":2,"shape":"0000000000000001"})",
        R"({"xcs":"recording","version":1,"shape":"1"})"}) {
    EXPECT_FALSE(read(text)) << text;
    EXPECT_NE(messages.find("[bad-recording]"), std::string::npos) << messages;
  }
}

/// Cut anywhere, or with any byte changed, it is read or refused.
TEST_F(RecordingFormat, DamageIsRefusedOrHarmless) {
  const std::string text = printRecordingHead(1) + head +
                           R"("failure":{"kind":"http-broken","message":"m"},)" + tail + "\n" + head +
                           R"("answer":[1,{"a":"b"}],"site":"3",)" + tail + "\n";
  for (size_t at = 0; at < text.size(); ++at) {
    (void)read(text.substr(0, at));
    for (char byte : {'\0', '"', '{', '\n', '\xff', '9'}) {
      std::string changed = text;
      changed[at] = byte;
      (void)read(changed);
    }
  }
}
