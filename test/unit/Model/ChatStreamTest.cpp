#include "xcs/Model/ChatStream.h"
#include <gtest/gtest.h>

using namespace xcs;

static const Limits limits;

/// Fed byte by byte: what the network cuts, it may cut anywhere.
static void feed(ChatStream &stream, std::string_view bytes) {
  for (char byte : bytes)
    stream.feed({&byte, 1});
}

static std::string event(std::string_view json) { return "data: " + std::string(json) + "\n\n"; }

TEST(ChatStream, DeltasJoinedAreTheText) {
  ChatStream stream(limits);
  feed(
      stream,
      event(R"({"choices":[{"index":0,"delta":{"role":"assistant","content":"gr"},"finish_reason":null}]})") +
          event(R"({"choices":[{"index":0,"delta":{"content":"\u00fc\u00dfe \ud83d\ude00"}}]})") +
          event(R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})") + event("[DONE]"));
  ASSERT_EQ(stream.completion().choices.size(), 1u);
  EXPECT_EQ(stream.completion().choices[0].content, "gr\u00fc\u00dfe \U0001F600");
  EXPECT_EQ(stream.completion().choices[0].finish, "stop");
  EXPECT_TRUE(stream.isDone());
  EXPECT_FALSE(stream.problem());
  EXPECT_FALSE(stream.completion().usage.prompt);
}

TEST(ChatStream, CallsOfToolsAreJoinedByTheirIndex) {
  ChatStream stream(limits);
  feed(
      stream,
      event(
          R"({"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"add","arguments":"{\"x\""}}]}}]})") +
          event(
              R"({"choices":[{"delta":{"tool_calls":[{"index":1,"id":"b","function":{"name":"sub","arguments":"{}"}}]}}]})") +
          event(
              R"({"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]},"finish_reason":"tool_calls"}]})"));
  const ChatChoice &choice = stream.completion().choices.at(0);
  ASSERT_EQ(choice.calls.size(), 2u);
  EXPECT_EQ(choice.calls[0].id, "a");
  EXPECT_EQ(choice.calls[0].name, "add");
  EXPECT_EQ(choice.calls[0].arguments, R"({"x":1})");
  EXPECT_EQ(choice.calls[1].name, "sub");
  EXPECT_FALSE(choice.hasContent);
}

TEST(ChatStream, UsageComesWithTheLastEvent) {
  ChatStream stream(limits);
  feed(stream, event(R"({"choices":[{"delta":{"content":"x"}}],"usage":null})") +
                   event(R"({"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}})"));
  EXPECT_EQ(stream.completion().usage.prompt, 3u);
  EXPECT_EQ(stream.completion().usage.completion, 4u);
  EXPECT_FALSE(stream.completion().usage.cached);
}

TEST(ChatStream, AnErrorEventEndsIt) {
  for (std::string bytes : {event(R"({"error":{"message":"overloaded","code":"busy"}})"),
                            "event: error\n" + event(R"({"error":{"message":"overloaded"}})")}) {
    ChatStream stream(limits);
    feed(stream, bytes);
    ASSERT_TRUE(stream.problem());
    EXPECT_EQ(stream.problem()->message, "overloaded");
    EXPECT_FALSE(stream.problem()->isQuota);
  }
}

TEST(ChatStream, WhatIsNoJsonOrHasAnAbsurdIndexIsAProblem) {
  ChatStream broken(limits), huge(limits);
  feed(broken, event("{"));
  EXPECT_TRUE(broken.problem());
  feed(huge, event(R"({"choices":[{"index":999999999,"delta":{"content":"x"}}]})"));
  EXPECT_TRUE(huge.problem());
  EXPECT_TRUE(huge.completion().choices.empty());
}

TEST(ChatStream, SeveralAnswersKeepApart) {
  ChatStream stream(limits);
  feed(stream, event(R"({"choices":[{"index":1,"delta":{"content":"b"},"finish_reason":"stop"}]})") +
                   event(R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]})"));
  ASSERT_EQ(stream.completion().choices.size(), 2u);
  EXPECT_EQ(stream.completion().choices[0].content, "a");
  EXPECT_EQ(stream.completion().choices[1].content, "b");
}
