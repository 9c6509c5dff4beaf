#include "xcs/Model/AnswerReader.h"
#include "xcs/Ops/JsonText.h"
#include <gtest/gtest.h>

using namespace xcs;

static const Limits limits;

/// The tokens of the first answer, each with its number and, in brackets, how many alternatives it has.
static std::string tokens(std::string_view bytes, Logprobs wanted = Logprobs::Tokens,
                          const Limits &bounds = limits, size_t cut = 0) {
  AnswerReader reader(bounds, 1, false, wanted);
  reader.feed(bytes.substr(0, cut));
  reader.feed(bytes.substr(cut));
  Completion whole;
  AnswerFault fault;
  if (!reader.finish(whole, fault))
    return fault.kind == AnswerFault::Kind::Limit ? "limit" : "wrong: " + fault.what;
  const Value &list = whole.choices.front().logprobs;
  if (list.empty())
    return "none";
  std::string out;
  for (const Value &token : list.items()) {
    out += std::string(token.items()[0].text()) + std::to_string(static_cast<int>(token.items()[1].asF64()));
    if (token.size() > 2)
      out += '[' + std::to_string(token.items()[2].size()) + ']';
  }
  return out;
}

static std::string whole(std::string_view logprobs) {
  return R"({"choices":[{"index":0,"finish_reason":"stop","message":{"content":"a"},"logprobs":)" +
         std::string(logprobs) + "}]}";
}

static std::string event(std::string_view members) {
  return R"(data: {"choices":[{"index":0,"delta":{"content":"a"})" + std::string(members) + "}]}\n\n";
}

TEST(TokenLogprobs, AreNoneWhereThereAreNone) {
  EXPECT_EQ(tokens(whole("null")), "none");
  EXPECT_EQ(tokens(whole("{}")), "none");
  EXPECT_EQ(tokens(whole(R"({"content":null,"refusal":[]})")), "none");
  EXPECT_EQ(tokens(whole(R"({"content":[]})")), "");
}

TEST(TokenLogprobs, AreReadInBothForms) {
  EXPECT_EQ(tokens(whole(
                R"({"content":[{"token":"a","logprob":-1,"bytes":[97]},{"token":"b","logprob":-2.5e0}]})")),
            "a-1b-2");
  EXPECT_EQ(tokens(whole(R"({"tokens":["a","b"],"token_logprobs":[-1,-2],"text_offset":[0,1]})")), "a-1b-2");
  EXPECT_EQ(tokens(whole(R"({"tokens":["a"],"token_logprobs":[-1]})"), Logprobs::Alternatives), "a-1[0]");
}

TEST(TokenLogprobs, PartsOfACharacterAreReadable) {
  EXPECT_EQ(tokens(whole(R"({"content":[{"token":"\ud83d","logprob":-1},{"token":"\u00e4","logprob":-1}]})")),
            "\uFFFD-1\u00e4-1");
}

TEST(TokenLogprobs, HaveTheirAlternativesWhereTheyAreWanted) {
  const std::string body = whole(
      R"({"content":[{"token":"a","logprob":-1,"top_logprobs":[{"token":"a","logprob":-1},{"token":"b","logprob":-4}]},)"
      R"({"token":"c","logprob":-2,"top_logprobs":null}]})");
  EXPECT_EQ(tokens(body), "a-1c-2");
  EXPECT_EQ(tokens(body, Logprobs::Alternatives), "a-1[2]c-2[0]");
  EXPECT_EQ(tokens(whole("7"), Logprobs::None), "none") << "what no one reads may be anything";
}

TEST(TokenLogprobs, OfAStreamAreAppendedWhereverItIsCut) {
  const std::string stream = event(R"(,"logprobs":{"content":[{"token":"a","logprob":-1}]})") + event("") +
                             event(R"(,"logprobs":{"content":[{"token":"b","logprob":-2}]})") +
                             event(R"(,"finish_reason":"stop","logprobs":null)") + "data: [DONE]\n\n";
  for (size_t cut = 0; cut <= stream.size(); ++cut)
    ASSERT_EQ(tokens(stream, Logprobs::Tokens, limits, cut), "a-1b-2") << cut;
}

TEST(TokenLogprobs, WhatCannotBeReadIsNamed) {
  EXPECT_EQ(tokens(whole("[]")), "wrong: its `/choices/0/logprobs` is a list, not an object of tokens");
  EXPECT_EQ(tokens(whole(R"({"content":{}})")),
            "wrong: its `/choices/0/logprobs/content` is an object, not a list of tokens");
  EXPECT_EQ(tokens(whole(R"({"content":[{"token":7,"logprob":-1}]})")),
            "wrong: its `/choices/0/logprobs/content/0/token` is a number, not text");
  EXPECT_EQ(tokens(whole(R"({"content":[{"token":"a","logprob":null}]})")),
            "wrong: its `/choices/0/logprobs/content/0/logprob` is null, not a finite number");
  EXPECT_EQ(tokens(whole(R"({"content":[{"token":"a","logprob":1e999}]})")),
            "wrong: its `/choices/0/logprobs/content/0/logprob` is a number, not a finite number");
  EXPECT_EQ(
      tokens(whole(R"({"tokens":["a","b"],"token_logprobs":[-1]})")),
      "wrong: its `/choices/0/logprobs/token_logprobs` is not a list of as many numbers as there are tokens");
  EXPECT_EQ(
      tokens(whole(R"({"content":[{"token":"a","logprob":-1,"top_logprobs":"b"}]})"), Logprobs::Alternatives),
      "wrong: its `/choices/0/logprobs/content/0/top_logprobs` is a string, not a list of tokens");
}

TEST(TokenLogprobs, CountForTheLimitOfAValue) {
  Limits small;
  small.set(Limit::ValueBytes, 200);
  std::string list = R"({"token":"a","logprob":-1})";
  for (int i = 0; i < 20; ++i)
    list += R"(,{"token":"a","logprob":-1})";
  EXPECT_EQ(tokens(whole(R"({"content":[)" + list + "]}"), Logprobs::Tokens, small), "limit");
  EXPECT_EQ(tokens(whole(R"({"content":[)" + list + "]}"), Logprobs::None, small), "none");
}
