#include "AnswerCases.h"
#include <ctime>
#include <gtest/gtest.h>

using namespace xcs;
using namespace xcs::test;

static const Limits limits;

static std::string read(std::string_view bytes, int64_t asked = 1, bool isEventStream = false) {
  AnswerReader reader(limits, asked);
  reader.feed(bytes, isEventStream);
  return show(reader);
}

static std::string event(std::string_view data) { return "data: " + std::string(data) + "\n\n"; }

static std::string delta(std::string_view message, std::string_view reason = "") {
  std::string end = reason.empty() ? "" : ",\"finish_reason\":\"" + std::string(reason) + '"';
  return event("{\"choices\":[{\"index\":0,\"delta\":{" + std::string(message) + '}' + end + "}]}");
}

static std::string said(std::string_view text) { return delta("\"content\":\"" + std::string(text) + '"'); }

static const std::string stop = delta("", "stop"), done = event("[DONE]");

class AnswerCases : public testing::TestWithParam<AnswerCase> {};

TEST_P(AnswerCases, SayWhatTheyShould) { EXPECT_EQ(read(GetParam().body), GetParam().expected); }

TEST_P(AnswerCases, SayTheSameAsOneEvent) {
  std::string read = ::read(inOnePiece(GetParam().body));
  if (size_t at = read.find("/delta"); at != std::string::npos)
    read.replace(at, 6, "/message");
  EXPECT_EQ(read, GetParam().expected);
}

TEST_P(AnswerCases, SayTheSameAsStreamsCutAtAnyPlace) {
  if (GetParam().expected.starts_with("wrong: its `"))
    return; // the place that it names is another in each stream
  for (const std::string &stream : streamsOf(GetParam().body))
    ASSERT_EQ(read(stream), GetParam().expected) << stream;
}

TEST_P(AnswerCases, SayTheSameBetweenAnyTwoBytesOfTheWire) {
  std::vector<std::string> streams = streamsOf(GetParam().body);
  std::vector<std::string_view> wires{GetParam().body};
  if (!streams.empty())
    wires.push_back(streams.front());
  for (std::string_view wire : wires) {
    const std::string whole = read(wire);
    AnswerReader bytes(limits, 1);
    for (char byte : wire)
      bytes.feed({&byte, 1});
    ASSERT_EQ(show(bytes), whole);
    for (size_t at = 0; at <= wire.size(); ++at) {
      AnswerReader halves(limits, 1);
      halves.feed(wire.substr(0, at));
      halves.feed(wire.substr(at));
      ASSERT_EQ(show(halves), whole) << "cut at " << at;
    }
  }
}

TEST_P(AnswerCases, AreNeverAnEmptyAnswerWhenTheyAreCutOff) {
  for (size_t size = 0; size < GetParam().body.size(); ++size) {
    std::string cut = read(GetParam().body.substr(0, size));
    bool isRefused = cut.starts_with("again: ") || cut.starts_with("wrong: ");
    ASSERT_TRUE(isRefused || cut == GetParam().expected) << cut;
  }
}

INSTANTIATE_TEST_SUITE_P(Model, AnswerCases, testing::ValuesIn(answerCases.begin(), answerCases.end()),
                         [](const auto &info) { return std::string(info.param.name); });

TEST(AnswerReader, WhatIsNoAnswerIsNamed) {
  EXPECT_EQ(read(""), "again: it is empty");
  EXPECT_EQ(read("  \n"), "again: it is empty");
  EXPECT_EQ(read("<html>"), "wrong: it is not JSON; it begins with `<html>`");
  EXPECT_EQ(read("datum"), "wrong: it is not JSON; it begins with `datum`");
  EXPECT_EQ(read("{\"choices\":[}"), "wrong: it is not JSON; it begins with `{\"choices\":[}`");
  EXPECT_EQ(read("{\"choices\":["), "again: it is JSON that is cut off");
  EXPECT_EQ(read("{} {}"), "wrong: it is more than one JSON value");
  EXPECT_EQ(read("[]"), "wrong: it is a list, not an object that can be read");
  EXPECT_EQ(read("null"), "wrong: it is null, not an object that can be read");
  EXPECT_EQ(read("{\"choices\" []}"), "wrong: it is an object, not an object that can be read");
}

TEST(AnswerReader, AnAnswerWithoutChoicesIsAskedForAgain) {
  for (std::string_view body :
       {"{}", R"({"choices":null})", R"({"choices":[]})", R"({"error":null,"id":"x"})",
        R"({"choices":[],"error":{}})", R"({"choices":[],"error":""})"})
    EXPECT_EQ(read(body), "again: it has no choices") << body;
  EXPECT_EQ(read(event(R"({"choices":[],"usage":{"prompt_tokens":1}})") + done), "again: it has no choices");
  EXPECT_EQ(read(done), "again: it has no choices");
}

TEST(AnswerReader, TheEndOfAStreamIsItsReason) {
  EXPECT_EQ(read(said("a") + stop), R"("a" stop)");
  EXPECT_EQ(read(said("a") + done), "again: it ended without a `finish_reason`");
  EXPECT_EQ(read(said("a") + delta("") + done), "again: it ended without a `finish_reason`");
  // An empty reason in each event says nothing before `[DONE]`.
  std::string empty = event(R"({"choices":[{"delta":{"content":"a"},"finish_reason":""}]})");
  EXPECT_EQ(read(empty), "again: it ended without a `finish_reason`");
  EXPECT_EQ(read(empty + done), R"("a" )");
}

// Some endpoints give a reason in each event: behind one that was none, only the end of the stream counts.
TEST(AnswerReader, AReasonBehindWhichMoreCameIsNone) {
  const std::string each = delta(R"("content":"a")", "stop") + delta(R"("content":"b")", "stop");
  const std::string cut = "again: it ended without `[DONE]`, and continued after a `finish_reason`";
  EXPECT_EQ(read(each), cut);
  EXPECT_EQ(read(each + done), R"("ab" stop)");
  EXPECT_EQ(read(stop + said("a")), cut);
  EXPECT_EQ(read(stop + delta(R"("tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}])")), cut);
  EXPECT_EQ(read(stop + delta(R"("refusal":"no")", "stop")), cut);
  EXPECT_EQ(read(each + event("{\"choices\":")), "again: an event is JSON that is cut off");
  // What says nothing takes nothing back.
  EXPECT_EQ(read(said("a") + stop + said("") + delta("", "stop")), R"("a" stop)");
  EXPECT_EQ(read(said("a") + stop + delta(R"("role":"assistant","content":null,"tool_calls":[])")),
            R"("a" stop)");
  EXPECT_EQ(read(said("a") + stop + event(R"({"choices":[],"usage":{"prompt_tokens":1}})")),
            R"("a" stop, 1 ? ? ?)");
}

static bool isWhole(std::string_view bytes, int64_t asked = 1) {
  AnswerReader reader(limits, asked);
  reader.feed(bytes);
  return reader.isWhole();
}

TEST(AnswerReader, IsWholeOnceNothingCanChangeIt) {
  EXPECT_FALSE(isWhole(said("a")));
  EXPECT_FALSE(isWhole(said("a") + done));
  EXPECT_TRUE(isWhole(said("a") + stop));
  EXPECT_TRUE(isWhole(said("a") + stop + event(R"({"usage":)")));
  EXPECT_FALSE(isWhole(said("a") + stop, 2));
  EXPECT_TRUE(isWhole(said("a") + stop + done, 2));
  std::string second = event(R"({"choices":[{"index":1,"delta":{"content":"b"}}]})");
  EXPECT_FALSE(isWhole(said("a") + second + stop, 2));
  EXPECT_TRUE(isWhole(R"({"choices":[]})"));
  EXPECT_TRUE(isWhole("{\"choices\":[]}\r\n"));
  EXPECT_FALSE(isWhole(R"({"choices":[]})"
                       "x"));
  EXPECT_FALSE(isWhole(R"({"choices":[])"));
  EXPECT_FALSE(isWhole(""));
}

TEST(AnswerReader, NothingBehindAWholeAnswerTakesItBack) {
  const std::string answer = said("a") + stop;
  for (std::string behind :
       {event("{"), event("garbage"), event(R"({"error":{"message":"late","code":500}})"),
        event(R"({"choices":5})"), "event: error\n" + event("gone"),
        event(R"({"choices":[{"index":0,"delta":{"content":7}}]})"),
        event(R"({"choices":[{"index":0,"delta":{},"finish_reason":"error"}]})"),
        event(R"({"choices":[{"index":0,"delta":{},"finish_reason":null}]})"), std::string("data: {\"cho"),
        done + event("more"), done + said("b")})
    EXPECT_EQ(read(answer + behind), R"("a" stop)") << behind;
}

TEST(AnswerReader, WhatCannotBeReadBehindAWholeAnswerAddsNothing) {
  EXPECT_EQ(read(said("a") + stop + said("b\\q")), R"("a" stop)");
  EXPECT_EQ(read(stop + said("b\\q") + done), "no text stop");
  EXPECT_EQ(read(stop + delta(R"("content":7)") + done), "no text stop");
  EXPECT_EQ(read(stop + delta(R"("refusal":"n\q")") + done), "no text stop");
}

TEST(AnswerReader, EmptyEventsAndPingsAreNone) {
  for (std::string idle :
       {std::string("data:\n\n"), std::string("data: \n\n"), std::string("data:\ndata:\n\n"),
        std::string("data\n\n"), "event: ping\n" + event("{no json"),
        "event: ping\n" + event(R"({"error":{}})"), "event: heartbeat\n" + event("now"),
        "event: keep-alive\n" + event("1"), std::string(": ping\n\n"), std::string(":\n\n"),
        std::string("id: 7\nretry: 5\n\n"), "event: metrics\n" + event("{no json"),
        "event: metrics\n" + event(R"({"message":"fine"})")})
    EXPECT_EQ(read(idle + said("a") + idle + said("b") + idle + stop + idle + done + idle), R"("ab" stop)")
        << idle;
}

TEST(AnswerReader, EventsWithoutABlankLineAreNamed) {
  const std::string what = "wrong: there is no blank line between its events";
  auto unspaced = [](std::string stream) {
    for (size_t at = stream.find("\n\n"); at != std::string::npos; at = stream.find("\n\n", at))
      stream.erase(at, 1);
    return stream;
  };
  EXPECT_EQ(read(unspaced(said("a") + said("b") + stop + done)), what);
  EXPECT_EQ(read(unspaced(said("a") + stop)), what);
  EXPECT_EQ(read(unspaced(said("a") + stop) + "\n"), what);
  EXPECT_EQ(read(unspaced(said("a") + done) + "\n"), what);
  EXPECT_EQ(read(event(R"({"choices":[]}{"choices":[]})")), what);
}

TEST(AnswerReader, TheLastEventNeedsNoBlankLineWhenItIsWhole) {
  std::string stream = said("a") + stop;
  EXPECT_EQ(read(std::string_view(stream).substr(0, stream.size() - 1)), R"("a" stop)");
  EXPECT_EQ(read(std::string_view(stream).substr(0, stream.size() - 2)), R"("a" stop)");
  EXPECT_EQ(read(std::string_view(stream).substr(0, stream.size() - 3)),
            "again: it ended without a `finish_reason`");
}

TEST(AnswerReader, AnErrorEventEndsAStream) {
  EXPECT_EQ(read(said("a") + event(R"({"error":{"message":"overloaded","code":"busy"}})")),
            "reported 0: overloaded");
  EXPECT_EQ(read(said("a") + "event: error\n" + event(R"({"error":{"message":"overloaded","code":503}})")),
            "reported 503: overloaded");
  EXPECT_EQ(read("event: error\n" + event("just words")), "reported 0: just words");
  EXPECT_EQ(read(said("a") + event(R"({"object":"error","message":"too long","code":400})")),
            "reported 400: too long");
  EXPECT_EQ(read(event(R"({"error":{"message":"pay","code":"insufficient_quota"}})")),
            "reported 402: pay (quota)");
  EXPECT_EQ(read(event("{") + done), "again: an event is JSON that is cut off");
  EXPECT_EQ(read(event("words") + done), "again: an event is not JSON; it begins with `words`");
}

TEST(AnswerReader, AStreamIsKnownByItsFirstBytes) {
  const std::string answer = said("a") + stop;
  EXPECT_EQ(read(answer), R"("a" stop)");
  EXPECT_EQ(read("\xEF\xBB\xBF" + answer), R"("a" stop)");
  EXPECT_EQ(read("\r\n\n" + answer), R"("a" stop)");
  EXPECT_EQ(read(": hello\n\n" + answer), R"("a" stop)");
  EXPECT_EQ(read("event: message\n" + answer), R"("a" stop)");
  EXPECT_EQ(read("id: 1\n" + answer), R"("a" stop)");
  EXPECT_EQ(read("retry:1\n" + answer), R"("a" stop)");
  EXPECT_EQ(read("data\n\n" + answer), R"("a" stop)");
  // What begins with a field that nobody knows is one when its media type says so.
  EXPECT_EQ(read("x: y\n" + answer, 1, true), R"("a" stop)");
  EXPECT_EQ(read("x: y\n" + answer),
            "wrong: it is not JSON; it begins with `x: y\ndata: {\"choices\":[{\"index\":0,\"delta`");
  // A whole answer is one whatever the media type says.
  EXPECT_EQ(read(R"({"choices":[{"message":{"content":"a"},"finish_reason":"stop"}]})", 1, true),
            R"("a" stop)");
}

TEST(AnswerReader, CharactersCutBetweenTwoDeltasAreJoined) {
  EXPECT_EQ(read(said("hi \\ud83d") + said("\\ude00 there") + stop), "\"hi \U0001F600 there\" stop");
  EXPECT_EQ(read(said("\\ud83d") + delta("\"role\":\"assistant\"") + said("") + said("\\ude00") + stop),
            "\"\U0001F600\" stop");
  EXPECT_EQ(read(said("\xF0\x9F") + said("\x98\x80") + stop), "\"\U0001F600\" stop");
  EXPECT_EQ(read(said("\\ud83d") + said("x") + stop), "\"\uFFFDx\" stop");
  EXPECT_EQ(read(said("a\\ude00") + stop), "\"a\uFFFD\" stop");
  EXPECT_EQ(read(said("a\xF0\x9F") + stop), "wrong: its text is not UTF-8");
}

TEST(AnswerReader, ADeltaMayHaveTextInAnyForm) {
  EXPECT_EQ(
      read(said("see ") + delta(R"("content":[{"type":"text","text":"[1] not "}])") + said("true") + stop),
      R"("see [1] not true" stop)");
  EXPECT_EQ(read(delta(R"("content":["a",{"text":"b"}])") + delta(R"("content":null)") + stop),
            R"("ab" stop)");
  EXPECT_EQ(read(said("a") + delta(R"("content":1)") + stop),
            "wrong: its `/choices/0/delta/content` is a number, not text");
}

TEST(AnswerReader, AMessageInAStreamIsTheWholeOfIt) {
  std::string whole =
      event(R"({"choices":[{"index":0,"message":{"content":"abc"},"finish_reason":"stop"}]})");
  EXPECT_EQ(read(said("ab") + said("c") + whole), R"("abc" stop)");
  EXPECT_EQ(read(whole), R"("abc" stop)");
  EXPECT_EQ(
      read(said("ab") + event(R"({"choices":[{"message":{"role":"assistant"},"finish_reason":"stop"}]})")),
      R"("ab" stop)");
}

static std::string calls(std::string_view list) { return delta("\"tool_calls\":" + std::string(list)); }

TEST(AnswerReader, PiecesOfCallsFindTheirCall) {
  const std::string end = delta("", "tool_calls");
  // Two in one event, and what follows by place or by id.
  EXPECT_EQ(read(calls(R"([{"id":"a","function":{"name":"f"}},{"id":"b","function":{"name":"g"}}])") +
                 calls(R"([{"function":{"arguments":"1"}},{"function":{"arguments":"2"}}])") + end),
            "no text tool_calls a:f(1) b:g(2)");
  EXPECT_EQ(read(calls(R"([{"index":0,"id":"a","function":{"name":"f"}}])") +
                 calls(R"([{"index":0,"id":"b","function":{"name":"g"}}])") +
                 calls(R"([{"index":0,"id":"a","function":{"arguments":"1"}}])") +
                 calls(R"([{"index":0,"id":"b","function":{"arguments":"2"}}])") + end),
            "no text tool_calls a:f(1) b:g(2)");
  // One id for all, told apart by their indices.
  EXPECT_EQ(read(calls(R"([{"index":0,"id":"x","function":{"name":"f","arguments":"1"}}])") +
                 calls(R"([{"index":1,"id":"x","function":{"name":"f","arguments":"2"}}])") + end),
            "no text tool_calls x:f(1) x:f(2)");
  // The name and the id again in each piece.
  EXPECT_EQ(read(calls(R"([{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\""}}])") +
                 calls(R"([{"index":0,"id":"a","function":{"name":"f","arguments":":1}"}}])") +
                 calls(R"([{"index":0,"id":"a","function":{"name":"f","arguments":""}}])") + end),
            R"(no text tool_calls a:f({"x":1}))");
  EXPECT_EQ(read(calls(R"([{"function":{"name":"f","arguments":"{\"x\""}}])") +
                 calls(R"([{"function":{"name":"f","arguments":":1}"}}])") +
                 calls(R"([{"function":{"name":"f","arguments":""}}])") + end),
            R"(no text tool_calls :f({"x":1}))");
  // The id behind the name; arguments that begin as none.
  EXPECT_EQ(read(calls(R"([{"index":0,"function":{"name":"f"}}])") + calls(R"([{"index":0,"id":"a"}])") +
                 calls(R"([{"index":0,"function":{"arguments":"{}"}}])") +
                 calls(R"([{"index":0,"function":{"arguments":"{\"x\":1}"}}])") + end),
            R"(no text tool_calls a:f({"x":1}))");
  // Indices from 1, out of order.
  EXPECT_EQ(read(calls(R"([{"index":2,"id":"b","function":{"name":"g","arguments":"2"}}])") +
                 calls(R"([{"index":1,"id":"a","function":{"name":"f","arguments":"1"}}])") + end),
            "no text tool_calls b:g(2) a:f(1)");
}

TEST(AnswerReader, SeveralAnswersKeepApart) {
  auto of = [](std::string_view index, std::string_view text) {
    return event("{\"choices\":[{\"index\":" + std::string(index) + ",\"delta\":{\"content\":\"" +
                 std::string(text) + "\"},\"finish_reason\":\"stop\"}]}");
  };
  EXPECT_EQ(read(of("1", "b") + of("0", "a") + of("1", "c") + done, 2), R"("a" stop | "bc" stop)");
  EXPECT_EQ(read(of("999999999", "b") + of("-1", "a"), 2), R"("a" stop | "b" stop)");
  EXPECT_EQ(read(event(R"({"choices":[{"delta":{"content":"a"}},{"delta":{"content":"b"}}]})") +
                     event(R"({"choices":[{"finish_reason":"stop"},{"finish_reason":"stop"}]})"),
                 2),
            R"("a" stop | "b" stop)");
}

TEST(AnswerReader, ALimitIsALimit) {
  Limits small;
  small.set(Limit::JsonBytes, 40);
  AnswerReader body(small, 1), stream(small, 1);
  body.feed(R"({"choices":[{"message":{"content":"aaaaaaaaaaaaaaaaa"},"finish_reason":"stop"}]})");
  EXPECT_TRUE(show(body).starts_with("limit: a JSON text of ")) << show(body);
  stream.feed(said("aaaaaaaaaaaaaaaaaaaaaa"));
  EXPECT_TRUE(show(stream).starts_with("limit: a JSON text of "));
  Limits tiny;
  tiny.set(Limit::ValueBytes, 4);
  AnswerReader value(tiny, 1);
  value.feed(said("abc") + said("def") + stop);
  EXPECT_TRUE(show(value).starts_with("limit: the answer of a model exceeds the limit of 4 bytes"));
  // Depth that nobody reads is none.
  std::string deep(100'000, '[');
  EXPECT_EQ(read(R"({"x":)" + deep + std::string(100'000, ']') +
                 R"(,"choices":[{"message":{"content":"a"},"finish_reason":"stop"}]})"),
            R"("a" stop)");
}

TEST(AnswerReader, TooManyAnswersOrCallsAreNamed) {
  std::string list, made;
  for (int i = 0; i < 1025; ++i) {
    list += std::string(i ? "," : "") + R"({"finish_reason":"stop","message":{"content":"a"}})";
    made += std::string(i ? "," : "") + R"({"function":{"name":"f"}})";
  }
  EXPECT_EQ(read("{\"choices\":[" + list + "]}"), "wrong: its `/choices` has more than 1024 answers");
  EXPECT_EQ(read("{\"choices\":[{\"message\":{\"tool_calls\":[" + made + "]}}]}"),
            "wrong: its `/choices/0/message/tool_calls` has more than 1024 calls");
}

/// The processor time, in seconds, of reading a piece so many times.
static double secondsFor(std::string_view piece, size_t times) {
  Limits limits;
  AnswerReader reader(limits, 1);
  timespec begin, end;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
  for (size_t i = 0; i < times; ++i)
    reader.feed(piece);
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
  EXPECT_FALSE(reader.isWhole());
  return static_cast<double>(end.tv_sec - begin.tv_sec) +
         static_cast<double>(end.tv_nsec - begin.tv_nsec) * 1e-9;
}

// If what came before were read again for each piece, 16 times as many would cost 256 times as much.
TEST(AnswerReader, ManyPiecesCostWhatTheirBytesCost) {
  std::vector<std::string> pieces{std::string(1000, '\n')};
  for (std::string_view shape : {"[[1],{},2", "1234567", R"(\"ab\"{})", "        "})
    pieces.push_back(R"(data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":)"
                     R"({"name":"f","arguments":")" +
                     std::string(shape) + R"("}}]}}]})" + "\n\n");
  for (const std::string &piece : pieces)
    EXPECT_LT(secondsFor(piece, 8000), 80 * secondsFor(piece, 500)) << piece.substr(0, 150);
}
