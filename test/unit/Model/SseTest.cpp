#include "xcs/Model/Sse.h"
#include <gtest/gtest.h>

using namespace xcs;

/// The events of a stream, cut into pieces of `size` bytes: `type|data` each.
static std::vector<std::string> events(std::string_view stream, size_t size) {
  std::vector<std::string> out;
  SseParser parser([&](std::string_view type, std::string_view data) {
    out.push_back(std::string(type) + "|" + std::string(data));
  });
  for (size_t at = 0; at < stream.size(); at += size)
    parser.feed(stream.substr(at, size));
  return out;
}

/// Whatever the pieces, the events are the same.
static void expectEvents(std::string_view stream, const std::vector<std::string> &expected) {
  for (size_t size : {1, 2, 3, 5, 7, 1000})
    EXPECT_EQ(events(stream, size), expected) << "in pieces of " << size;
}

TEST(Sse, AnEmptyLineEndsAnEvent) { expectEvents("data: one\n\ndata: two\n\n", {"|one", "|two"}); }

TEST(Sse, LinesEndInAnyOfThreeWays) {
  expectEvents("data: a\r\n\r\ndata: b\r\rdata: c\n\n", {"|a", "|b", "|c"});
  expectEvents("data: a\r\ndata: b\r\n\r\n", {"|a\nb"});
}

TEST(Sse, DataLinesAreJoinedAndOneBlankIsTakenOff) {
  expectEvents("data: a\ndata:b\ndata:  c\ndata\n\n", {"|a\nb\n c\n"});
}

TEST(Sse, TypesBelongToTheirOwnEvent) {
  expectEvents("event: error\ndata: x\n\ndata: y\n\n", {"error|x", "|y"});
}

TEST(Sse, CommentsIdsAndUnknownFieldsAreSkipped) {
  expectEvents(": keep-alive\n\n:\nid: 7\nretry: 10\nsomething: else\ndata: x\n\n", {"|x"});
}

TEST(Sse, AnEventWithoutDataIsNone) { expectEvents("event: ping\n\n\n\ndata:\n\n", {"|"}); }

TEST(Sse, WhatTheEndCutsOffIsNeverDelivered) { expectEvents("data: whole\n\ndata: half\n", {"|whole"}); }

TEST(Sse, AByteOrderMarkStandsAtTheStartAlone) {
  expectEvents("\xEF\xBB\xBF"
               "data: a\n\n\xEF\xBB\xBF"
               "data: b\n\n",
               {"|a"});
}

TEST(Sse, CharactersOfSeveralBytesSurviveAnyCut) {
  expectEvents("data: \xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\n\n", {"|\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"});
}
