#include "Model/RestMembers.h"
#include "xcs/Model/AnswerReader.h"
#include "xcs/Model/Quirks.h"
#include "xcs/Ops/JsonText.h"
#include <gtest/gtest.h>

using namespace xcs;

static const Limits limits;

static std::string text(const Value &json) {
  std::string out;
  OpError error;
  EXPECT_TRUE(json.empty() || appendJson(out, json, JsonLayout::Line, limits, error));
  return out;
}

/// The members that ride along: those of the message, then those of each call.
static std::string rest(std::string_view bytes, const Limits &bounds = limits) {
  AnswerReader reader(bounds, 1, true);
  reader.feed(bytes);
  Completion whole;
  AnswerFault fault;
  if (!reader.finish(whole, fault))
    return fault.kind == AnswerFault::Kind::Limit ? "limit: " + fault.limit.message : "wrong: " + fault.what;
  std::string out = text(whole.choices.front().extra);
  for (const ToolCallText &call : whole.choices.front().calls)
    out += ' ' + call.id + text(call.extra);
  return out;
}

static std::string whole(std::string_view message) {
  return R"({"choices":[{"index":0,"finish_reason":"stop","message":{)" + std::string(message) + "}}]}";
}

static std::string stream(std::initializer_list<std::string_view> deltas) {
  std::string out;
  for (std::string_view delta : deltas)
    out += R"(data: {"choices":[{"index":0,"delta":{)" + std::string(delta) + "}}]}\n\n";
  return out + "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
}

/// A call with members behind its function, and within it.
static std::string call(std::string_view id, std::string_view members, std::string_view ofFunction = "") {
  return R"("tool_calls":[{"id":")" + std::string(id) + R"(","type":"function","function":{"name":"f",)" +
         R"("arguments":"{}")" + std::string(ofFunction) + '}' + std::string(members) + "}]";
}

TEST(RestMembers, WhatIsUnderstoodIsNotAmongThem) {
  EXPECT_EQ(rest(whole(R"("role":"assistant","content":"a","refusal":null)")), "{}");
  EXPECT_EQ(rest(whole(R"("content":"a","name":"n","tool_call_id":"c","function_call":null)")), "{}");
  EXPECT_EQ(rest(whole(R"("content":null,"reasoning_content":"hm","annotations":[])")),
            R"({"reasoning_content":"hm","annotations":[]})");
  EXPECT_EQ(rest(whole(call("a", R"(,"index":0,"extra_content":{"google":{"thought_signature":"Ej=="}})"))),
            R"({} a{"extra_content":{"google":{"thought_signature":"Ej=="}}})");
  EXPECT_EQ(rest(whole(call("a", "", R"(,"provider_specific_fields":{"s":1})"))),
            R"({} a{"function":{"provider_specific_fields":{"s":1}}})");
  EXPECT_EQ(rest(whole(R"("tool_calls":[{"id":"a","name":"f","arguments":"{}","thought":[1,2.5,true]}])")),
            R"({} a{"thought":[1,2.5,true]})");
  EXPECT_EQ(rest(whole(R"("function_call":{"name":"f","arguments":"{}"})")), "{} {}");
  EXPECT_EQ(rest(whole(R"("function_call":{"name":"f","arguments":"{}","s":1})")),
            R"({} {"function":{"s":1}})");
}

TEST(RestMembers, AreNotKeptUnlessAskedFor) {
  AnswerReader reader(limits, 1);
  reader.feed(whole(R"("content":"a","reasoning_content":"hm","odd":[NaN])"));
  Completion completion;
  AnswerFault fault;
  ASSERT_TRUE(reader.finish(completion, fault));
  EXPECT_TRUE(completion.choices.front().extra.empty());
}

TEST(RestMembers, WhatIsNullOrNoJsonIsLeftOut) {
  EXPECT_EQ(rest(whole(R"("content":"a","audio":null,"x":NaN,"y":[1,undefined],"z":{"a":1e999},"k":1)")),
            R"({"k":1})");
  EXPECT_EQ(rest(whole(R"("content":"a","x":[1,],"y":[1 2],"z":{"a"},"w":{a:1},"v":[],"u":{"a":"\q"})")),
            R"({"v":[]})");
  EXPECT_EQ(rest(whole(R"("content":"a","x":1,"x":"b","y":{"a":"p","a":"q"})")),
            R"({"x":"b","y":{"a":"q"}})");
}

TEST(RestMembers, TextsGoOnFromPieceToPiece) {
  EXPECT_EQ(rest(stream({R"("reasoning_content":"see ")", R"("reasoning_content":null)",
                         R"("reasoning_content":"[1]")", R"("content":"a")"})),
            R"({"reasoning_content":"see [1]"})");
  // Halves of a character, and bytes of one.
  EXPECT_EQ(rest(stream({R"("thought":"hi \ud83d")", R"("thought":"\ude00")"})),
            "{\"thought\":\"hi \U0001F600\"}");
  EXPECT_EQ(rest(stream({"\"a\":{\"b\":\"\xE2\x82\"}", "\"a\":{\"b\":\"\xAC\"}"})),
            "{\"a\":{\"b\":\"\u20ac\"}}");
  EXPECT_EQ(rest(stream({R"("a":"\ud83d")"})), "{\"a\":\"\uFFFD\"}");
  EXPECT_EQ(rest(stream({"\"a\":\"\xFF\""})), "wrong: its text is not UTF-8");
  EXPECT_EQ(rest(stream({"\"a\":{\"\xFF\":1}"})), "wrong: its text is not UTF-8");
}

TEST(RestMembers, WhatEachPieceSaysWholeIsNotAppended) {
  EXPECT_EQ(rest(stream({R"("id":"m1","n":1,"f":true)", R"("id":"m1","n":2,"f":false)"})),
            R"({"id":"m1","n":2,"f":false})");
  EXPECT_EQ(rest(stream({R"("d":{"type":"t","format":"v1","id":"i","text":"a"})",
                         R"("d":{"type":"t","format":"v1","id":"i","text":"b"})"})),
            R"({"d":{"type":"t","format":"v1","id":"i","text":"ab"}})");
  // Of another kind: the later counts.
  EXPECT_EQ(rest(stream({R"("a":"x","b":[1],"c":{"d":1},"e":{"f":{}})",
                         R"("a":[2],"b":{"y":1},"c":3,"e":{"f":[1]})"})),
            R"({"a":[2],"b":{"y":1},"c":3,"e":{"f":[1]}})");
}

TEST(RestMembers, EachRowOfTheTableIsKept) {
  for (std::string_view kept : keptMembers) {
    const std::string piece = "\"x\":{\"" + std::string(kept) + "\":\"a\"}";
    EXPECT_EQ(rest(stream({piece, piece})), '{' + piece + '}');
  }
}

// As OpenRouter sends the thoughts of a model: a list of pieces with an index.
TEST(RestMembers, ItemsGoOnByTheirIndex) {
  EXPECT_EQ(rest(stream({R"("reasoning_details":[{"type":"reasoning.text","text":"I ","index":0}])",
                         R"("reasoning_details":[{"type":"reasoning.text","text":"see","index":0}])",
                         R"("reasoning_details":[{"type":"reasoning.text","signature":"Ej","index":0}])",
                         R"("reasoning_details":[{"type":"reasoning.encrypted","data":"x","index":1}])"})),
            R"({"reasoning_details":[{"type":"reasoning.text","text":"I see","index":0,"signature":"Ej"},)"
            R"({"type":"reasoning.encrypted","data":"x","index":1}]})");
  EXPECT_EQ(rest(stream({R"("l":[1,{"a":"x"}])", R"("l":[2,{"a":"y"}])"})),
            R"({"l":[1,{"a":"x"},2,{"a":"y"}]})");
  // Within a whole answer and within one piece nothing is joined.
  EXPECT_EQ(rest(whole(R"("content":"","l":[{"index":0,"a":"x"},{"index":0,"a":"y"}])")),
            R"({"l":[{"index":0,"a":"x"},{"index":0,"a":"y"}]})");
  EXPECT_EQ(
      rest(stream({R"("l":[{"index":0,"a":"x"},{"index":0,"a":"y"}])", R"("l":[{"index":0,"a":"z"}])"})),
      R"({"l":[{"index":0,"a":"x"},{"index":0,"a":"yz"}]})");
}

TEST(RestMembers, BelongToTheCallThatTheirPieceBelongsTo) {
  EXPECT_EQ(
      rest(stream({R"("tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":""},"s":"p"}])",
                   R"("tool_calls":[{"index":1,"id":"b","function":{"name":"f","arguments":"{}"},"s":"q"}])",
                   R"("tool_calls":[{"index":0,"function":{"arguments":"{}","t":"x"},"s":"r"}])"})),
      R"({} a{"s":"pr","function":{"t":"x"}} b{"s":"q"})");
  // Gemini's have no index.
  EXPECT_EQ(rest(stream({call("a", R"(,"extra_content":{"google":{"thought_signature":"Ej"}})"),
                         call("b", ""), R"("extra_content":{"google":{"thought_signature":"Fk"}})"})),
            R"({"extra_content":{"google":{"thought_signature":"Fk"}}} )"
            R"(a{"extra_content":{"google":{"thought_signature":"Ej"}}} b{})");
}

TEST(RestMembers, AMessageBehindItsPiecesIsTheWholeOfIt) {
  EXPECT_EQ(rest("data: {\"choices\":[{\"delta\":{\"content\":\"a\",\"t\":\"x\",\"u\":1}}]}\n\n"
                 "data: {\"choices\":[{\"message\":{\"content\":\"a\",\"t\":\"xy\",\"v\":2},"
                 "\"finish_reason\":\"stop\"}]}\n\n"),
            R"({"t":"xy","u":1,"v":2})");
}

// Whatever the place at which a text is cut, the two pieces make the whole.
TEST(RestMembers, AStreamIsTheWholeInPieces) {
  const std::string message =
      R"("content":"a","thoughts":"see [1] not","id":"m","e":{"google":{"sig":"Ej/+=="},"n":[1,null]},"d":[{"index":0,"text":"I see","type":"t"},{"index":1,"deep":{"er":"well"}}])";
  const std::string expected = rest(whole(message));
  ASSERT_EQ(expected.substr(0, 12), R"({"thoughts":)");
  struct Cut {
    std::string_view text, before, behind;
  };
  for (const Cut &cut :
       {Cut{"see [1] not", R"("thoughts":")", "\""}, Cut{"Ej/+==", R"("e":{"google":{"sig":")", "\"}}"},
        Cut{"I see", R"("d":[{"index":0,"text":")", "\"}]"},
        Cut{"well", R"("d":[{"index":1,"deep":{"er":")", "\"}}]"}})
    for (size_t at = 0; at <= cut.text.size(); ++at) {
      std::string first = message;
      first.erase(first.find(cut.text) + at, cut.text.size() - at);
      std::string second =
          std::string(cut.before) + std::string(cut.text.substr(at)) + std::string(cut.behind);
      EXPECT_EQ(rest(stream({first, second})), expected) << second;
    }
}

TEST(RestMembers, ALimitIsALimit) {
  const std::string deep = std::string(300, '[') + std::string(300, ']');
  EXPECT_EQ(rest(whole("\"content\":\"a\",\"x\":" + deep)).substr(0, 34),
            "limit: the nesting of a JSON text ");
  Limits small;
  small.set(Limit::ValueBytes, 2000);
  EXPECT_EQ(rest(stream({"\"x\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]"}), small).substr(0, 28),
            "limit: the answer of a model");
  EXPECT_EQ(rest(stream({"\"x\":\"" + std::string(2001, 'a') + '"'}), small).substr(0, 28),
            "limit: the answer of a model");
  std::string many;
  for (int i = 0; i <= 256; ++i)
    many += ",\"m" + std::to_string(i) + "\":1";
  EXPECT_EQ(rest(whole("\"content\":\"a\"" + many)),
            "wrong: its `/choices/0/message` has more than 256 members that are unknown");
}

// As Mistral sends the thoughts of a model: parts of the content.
TEST(ContentParts, ThatAreNotTextRideAlong) {
  EXPECT_EQ(
      rest(whole(R"("content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}],)"
                 R"("closed":true},{"type":"text","text":"a"}],"k":1)")),
      R"({"k":1,"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}],"closed":true}]})");
  EXPECT_EQ(
      rest(whole(R"("content":[{"type":"thinking","thinking":"p","signature":"Ej"},{"type":"odd","x":1},)"
                 R"("a",{"type":"thinking","thinking":"q"},{"type":"reference","reference_ids":[1]}])")),
      R"({"content":[{"type":"thinking","thinking":"p","signature":"Ej"},{"type":"odd","x":1},)"
      R"({"type":"thinking","thinking":"q"},{"type":"reference","reference_ids":[1]}]})");
  // A part alone, and what is text all the same.
  EXPECT_EQ(rest(whole(R"("content":{"type":"thinking","thinking":"p"})")),
            R"({"content":[{"type":"thinking","thinking":"p"}]})");
  EXPECT_EQ(
      rest(whole(R"("content":[{"type":"markdown","text":"a"},{"type":"refusal","refusal":"no"},null])")),
      "{}");
  EXPECT_EQ(rest(whole(R"("content":[{"type":"thinking","thinking":null,"id":12345678901234567890123}])")),
            R"({"content":[{"type":"thinking","id":12345678901234567890123}]})");
}

TEST(ContentParts, GoOnFromPieceToPiece) {
  EXPECT_EQ(
      rest(stream({R"("content":"")",
                   R"("content":[{"type":"thinking","thinking":[{"type":"text","text":"Oslo"}]}])",
                   R"("content":[{"type":"thinking","thinking":[{"type":"text","text":" is north."}]}])",
                   R"("content":[{"type":"thinking","thinking":[],"closed":true}])",
                   R"("content":[{"type":"text","text":"It is "}])", R"("content":"warm.")"})),
      R"({"content":[{"type":"thinking","thinking":[{"type":"text","text":"Oslo is north."}],"closed":true}]})");
  EXPECT_EQ(rest(stream({R"("content":[{"type":"thinking","thinking":"p","signature":"E"}])",
                         R"("content":{"type":"thinking","thinking":"q","signature":"j"})"})),
            R"({"content":[{"type":"thinking","thinking":"pq","signature":"Ej"}]})");
  // Text ends a run of thoughts; an empty one does not.
  EXPECT_EQ(rest(stream({R"("content":[{"type":"thinking","thinking":"p"}])", R"("content":"")",
                         R"("content":[{"type":"thinking","thinking":"q"}])", R"("content":"a")",
                         R"("content":[{"type":"thinking","thinking":"r"}])"})),
            R"({"content":[{"type":"thinking","thinking":"pq"},{"type":"thinking","thinking":"r"}]})");
  // Parts of one piece are several, and so are those of other types; an index tells which one goes on.
  EXPECT_EQ(
      rest(stream({R"("content":[{"type":"thinking","thinking":"p"},{"type":"thinking","thinking":"q"}])",
                   R"("content":[{"type":"thinking","thinking":"r"}])"})),
      R"({"content":[{"type":"thinking","thinking":"p"},{"type":"thinking","thinking":"qr"}]})");
  EXPECT_EQ(
      rest(stream({R"("content":[{"type":"reference","reference_ids":[1]}])",
                   R"("content":[{"type":"reference","reference_ids":[2]}])"})),
      R"({"content":[{"type":"reference","reference_ids":[1]},{"type":"reference","reference_ids":[2]}]})");
  EXPECT_EQ(rest(stream(
                {R"("content":[{"type":"audio","index":0,"data":"a"},{"type":"audio","index":1,"data":"x"}])",
                 R"("content":[{"type":"audio","index":0,"data":"b"}])"})),
            R"({"content":[{"type":"audio","index":0,"data":"ab"},{"type":"audio","index":1,"data":"x"}]})");
  // Only texts side by side are one: other items of a thought stay apart.
  EXPECT_EQ(
      rest(stream(
          {R"("content":[{"type":"thinking","thinking":[{"type":"text","text":"a"},{"type":"ref","n":1}]}])",
           R"("content":[{"type":"thinking","thinking":[{"type":"text","text":"b"}]}])",
           R"("content":[{"type":"thinking","thinking":[{"type":"text","text":"c"},{"type":"text","text":"d"}]}])"})),
      R"({"content":[{"type":"thinking","thinking":[{"type":"text","text":"a"},{"type":"ref","n":1},)"
      R"({"type":"text","text":"bc"},{"type":"text","text":"d"}]}]})");
  // A message behind its pieces is the whole of it.
  EXPECT_EQ(
      rest("data: {\"choices\":[{\"delta\":{\"content\":[{\"type\":\"thinking\",\"thinking\":\"p\"}]}}]}\n\n"
           "data: {\"choices\":[{\"message\":{\"content\":[{\"type\":\"thinking\",\"thinking\":\"pq\"},"
           "{\"type\":\"text\",\"text\":\"a\"}]},\"finish_reason\":\"stop\"}]}\n\n"),
      R"({"content":[{"type":"thinking","thinking":"pq"}]})");
}

// Whatever the place at which a thought is cut, the pieces make the whole.
TEST(ContentParts, AStreamIsTheWholeInPieces) {
  auto thought = [](const std::string &text) {
    return R"("content":[{"type":"thinking","thinking":[{"type":"text","text":")" + text + "\"}]}]";
  };
  for (const std::string text : {"I see [1]", "{\\\"a\\\":1}", "\u00fc\u20ac\U0001F600"})
    for (size_t at = 0; at <= text.size(); ++at) {
      if (at > 0 && text[at - 1] == '\\')
        continue; // an escape is in one piece
      const std::string first = thought(text.substr(0, at)), second = thought(text.substr(at));
      EXPECT_EQ(rest(stream({first, second, R"("content":"a")"})), rest(whole(thought(text)))) << second;
    }
}

TEST(ContentParts, AreBounded) {
  std::string many;
  for (int i = 0; i <= 256; ++i)
    many += ",{\"type\":\"audio\",\"n\":" + std::to_string(i) + '}';
  EXPECT_EQ(rest(whole("\"content\":[\"a\"" + many + ']')),
            "wrong: its `/choices/0/message/content/257` is one of more than 256 parts that are not text");
  const std::string deep = std::string(300, '[') + std::string(300, ']');
  EXPECT_EQ(rest(whole(R"("content":[{"type":"thinking","thinking":)" + deep + "}]")).substr(0, 34),
            "limit: the nesting of a JSON text ");
  EXPECT_EQ(rest(whole("\"content\":[{\"type\":\"thinking\",\"thinking\":\"\xFF\"},\"a\"]")),
            "wrong: its text is not UTF-8");
  AnswerReader reader(limits, 1);
  reader.feed(whole(R"("content":[{"type":"thinking","thinking":"p"},"a"])"));
  Completion completion;
  AnswerFault fault;
  ASSERT_TRUE(reader.finish(completion, fault));
  EXPECT_TRUE(completion.choices.front().extra.empty());
}
