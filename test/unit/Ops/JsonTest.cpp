#include "OpsTest.h"
#include <limits>

using namespace xcs;

namespace {

struct JsonTest : OpsTest {
  Attrs at(std::string_view pointer) { return {{"pointer", pool.textAttr(pointer)}}; }
};

TEST_F(JsonTest, ParseAndPrint) {
  EXPECT_EQ(eval("json.parse", {S(" {\"b\": [1, 2.50, null], \"a\": \"\\u00e9\\n\"} ")}),
            "{\"b\":[1,2.5,null],\"a\":\"\u00e9\\n\"}");
  EXPECT_EQ(eval("json.print", {J("{\"a\": [1, {}], \"b\": []}")}), R"("{\"a\":[1,{}],\"b\":[]}")");
  EXPECT_EQ(eval("json.print", {J("{\"a\": [1, {}], \"b\": []}")}, {{"pretty", pool.unitAttr()}}),
            R"("{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}")");
  EXPECT_TRUE(eval("json.parse", {S("{")}).starts_with("[json-syntax] the text is not JSON: "));
}

TEST_F(JsonTest, GetFollowsAPointer) {
  // The examples of RFC 6901, section 5.
  Typed doc = J(
      R"({"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8})");
  const std::map<std::string, std::string> wanted = {{"/foo", R"(["bar","baz"])"},
                                                     {"/foo/0", "\"bar\""},
                                                     {"/", "0"},
                                                     {"/a~1b", "1"},
                                                     {"/c%d", "2"},
                                                     {"/e^f", "3"},
                                                     {"/i\\j", "5"},
                                                     {"/k\"l", "6"},
                                                     {"/ ", "7"},
                                                     {"/m~0n", "8"}};
  for (const auto &[pointer, value] : wanted)
    EXPECT_EQ(eval("json.get", {doc}, at(pointer)), value) << pointer;
  EXPECT_EQ(eval("json.get", {J("[1]")}, at("")), "[1]");
}

TEST_F(JsonTest, GetSaysWhereThereIsNothing) {
  Typed doc = J(R"({"a": [1, "x"]})");
  EXPECT_EQ(eval("json.get", {doc}, at("/b")),
            "[json-missing] there is nothing at `/b`: the object has no key `b`");
  EXPECT_EQ(eval("json.get", {doc}, at("/a/2")),
            "[json-missing] there is nothing at `/a/2`: `2` is not an index into an array of 2");
  EXPECT_EQ(eval("json.get", {doc}, at("/a/1/z")),
            "[json-missing] there is nothing at `/a/1/z`: a string has no `z`");
  for (const char *index : {"/a/01", "/a/-", "/a/-1", "/a/", "/a/1x", "/a/99999999999999999999"})
    EXPECT_TRUE(eval("json.get", {doc}, at(index)).starts_with("[json-missing] ")) << index;
}

TEST_F(JsonTest, APointerStartsWithASlash) {
  EXPECT_EQ(
      eval("json.get", {J("{}")}, at("a")),
      "[bad-pointer] `a` is not a JSON pointer: it does not start with `/`; write one like `/items/0/name`");
  EXPECT_TRUE(eval("json.find", {J("{}")}, at("/a~2")).starts_with("[bad-pointer] "));
  EXPECT_TRUE(eval("json.put", {J("{}"), J("1")}, at("/a~")).starts_with("[bad-pointer] "));
}

TEST_F(JsonTest, FindGivesAnOption) {
  EXPECT_EQ(eval("json.find", {J("{\"a\":{\"b\":1}}")}, at("/a/b")), "1");
  EXPECT_EQ(eval("json.find", {J("{\"a\":{\"b\":1}}")}, at("/a/c")), "null");
}

TEST_F(JsonTest, PutReplacesAddsAndAppends) {
  Typed doc = J(R"({"a": [1, {"b": 2}]})");
  EXPECT_EQ(eval("json.put", {doc, J("9")}, at("/a/1/b")), R"({"a":[1,{"b":9}]})");
  EXPECT_EQ(eval("json.put", {doc, J("9")}, at("/a/1/c")), R"({"a":[1,{"b":2,"c":9}]})");
  EXPECT_EQ(eval("json.put", {doc, J("9")}, at("/a/0")), R"({"a":[9,{"b":2}]})");
  EXPECT_EQ(eval("json.put", {doc, J("9")}, at("/a/-")), R"({"a":[1,{"b":2},9]})");
  EXPECT_EQ(eval("json.put", {doc, J("9")}, at("")), "9");
  EXPECT_EQ(show(doc.value, json), R"({"a":[1,{"b":2}]})");
}

TEST_F(JsonTest, PutMakesNoParents) {
  EXPECT_EQ(eval("json.put", {J("{}"), J("9")}, at("/a/b")),
            "[json-missing] there is nothing at `/a/b`: the object has no key `a`");
  EXPECT_TRUE(eval("json.put", {J("[1]"), J("9")}, at("/1")).starts_with("[json-missing] "));
  EXPECT_TRUE(eval("json.put", {J("1"), J("9")}, at("/a")).starts_with("[json-missing] "));
}

TEST_F(JsonTest, PutObeysTheDepthLimit) {
  Typed doc = J("{\"a\":0}");
  int depth = 1;
  for (; depth < 1000; ++depth) {
    TypeId type;
    OpError error;
    Typed deeper{{}, json};
    if (!evaluate("json.put", {J("{\"a\":0}"), doc}, at("/a"), type, deeper.value, error)) {
      EXPECT_EQ(describe(error),
                "[limit-exceeded] a value made by `json.put` exceeds the limit of 256 levels; raise it with "
                "`--limit json-depth=N`");
      break;
    }
    doc = deeper;
  }
  EXPECT_EQ(depth, 256);
}

TEST_F(JsonTest, PartsOfArraysAndObjects) {
  EXPECT_EQ(eval("json.len", {J("[1,2]")}), "2");
  EXPECT_EQ(eval("json.len", {J("{\"a\":1}")}), "1");
  EXPECT_EQ(eval("json.keys", {J("{\"b\":1,\"a\":2}")}), R"(["b","a"])");
  EXPECT_EQ(eval("json.items", {J("[1,\"x\"]")}), R"([1,"x"])");
  EXPECT_EQ(eval("json.len", {J("\"abc\"")}),
            "[json-mismatch] the JSON does not match: expected an array or an object, found a string");
  EXPECT_TRUE(eval("json.keys", {J("[]")}).starts_with("[json-mismatch] "));
  EXPECT_TRUE(eval("json.items", {J("{}")}).starts_with("[json-mismatch] "));
}

TEST_F(JsonTest, EveryKindHasAName) {
  const std::map<std::string, std::string> wanted = {{"null", "null"},  {"true", "bool"},   {"1", "number"},
                                                     {"1.5", "number"}, {"\"\"", "string"}, {"[]", "array"},
                                                     {"{}", "object"}};
  for (const auto &[text, kind] : wanted)
    EXPECT_EQ(eval("json.kind", {J(text)}), "\"" + kind + "\"") << text;
}

TEST_F(JsonTest, EqualityKnowsNoOrderOfKeysAndNoFormOfNumbers) {
  EXPECT_EQ(eval("json.eq", {J("{\"a\":1,\"b\":[2]}"), J("{\"b\":[2.0],\"a\":1}")}), "true");
  EXPECT_EQ(eval("json.eq", {J("[1,2]"), J("[2,1]")}), "false");
  EXPECT_EQ(eval("json.eq", {J("9007199254740993"), J("9007199254740992.0")}), "false");
  EXPECT_EQ(eval("json.eq", {J("{\"a\":1}"), J("{\"a\":1,\"b\":null}")}), "false");
  EXPECT_EQ(eval("json.eq", {J("0"), J("false")}), "false");
}

TEST_F(JsonTest, ScalarsAreTakenOut) {
  EXPECT_EQ(eval("json.to_str", {J("\"a\"")}), "\"a\"");
  EXPECT_EQ(eval("json.to_bool", {J("true")}), "true");
  EXPECT_EQ(eval("json.to_i64", {J("3.0")}), "3");
  EXPECT_EQ(eval("json.to_f64", {J("3")}), "3.0");
  EXPECT_EQ(
      eval("json.to_i64", {J("3.5")}),
      "[json-mismatch] the JSON does not match: expected a whole number within i64, found a number (`3.5`)");
  EXPECT_TRUE(eval("json.to_i64", {J("1e300")}).starts_with("[json-mismatch] "));
  EXPECT_EQ(eval("json.to_str", {J("3")}),
            "[json-mismatch] the JSON does not match: expected a string, found a number");
  EXPECT_TRUE(eval("json.to_f64", {J("\"3\"")}).starts_with("[json-mismatch] "));
  EXPECT_TRUE(eval("json.to_bool", {J("null")}).starts_with("[json-mismatch] "));
}

TEST_F(JsonTest, FromTakesAnyValue) {
  EXPECT_EQ(eval("json.from", {R({{"a", some(I(1))}, {"b", noneOf(i64)}, {"c", Y("\x01")}, {"d", D(1000)}})}),
            R"({"a":1,"b":null,"c":"AQ==","d":"1us"})");
  EXPECT_EQ(eval("json.from", {L({ok(F(1)), failed(f64, "k", "m")})}),
            R"([{"ok":1.0},{"error":{"kind":"k","message":"m","op":"str.to_f64","attempt":2}}])");
}

TEST_F(JsonTest, FromNamesThePlaceOfWhatHasNoJsonForm) {
  Typed wrong = L({R({{"x", F(1)}}), R({{"x", F(std::numeric_limits<double>::infinity())}})});
  EXPECT_EQ(eval("json.from", {wrong}),
            "[not-json] the value has no JSON form: at `/1/x`: inf is not a JSON number; `f64.is_finite` "
            "finds it, and `f64.to_str` makes a text of it");
  EXPECT_EQ(eval("json.from", {F(std::numeric_limits<double>::quiet_NaN())}),
            "[not-json] the value has no JSON form: at the top: nan is not a JSON number; `f64.is_finite` "
            "finds it, and `f64.to_str` makes a text of it");
  EXPECT_TRUE(eval("json.from", {R({{"k", {Value::secret("s"), secret}}})}).starts_with("[secret-in-text] "));
}

TEST_F(JsonTest, CastReadsTypedValues) {
  TypeId type = R({{"name", S("")}, {"age", some(I(0))}, {"tags", L({S("")})}}).type;
  EXPECT_EQ(eval("json.cast", {J(R"({"tags": ["a"], "name": "x"})")}, {}, type),
            R"({"name":"x","age":null,"tags":["a"]})");
  EXPECT_EQ(eval("json.cast", {J("[1, 2.5]")}, {}, pool.list(f64)), "[1.0,2.5]");
  EXPECT_EQ(eval("json.cast", {J("[3.0]")}, {}, pool.list(i64)), "[3]");
  EXPECT_EQ(eval("json.cast", {J("\"250ms\"")}, {}, duration), "\"250ms\"");
  EXPECT_EQ(eval("json.cast", {J("\"AQ==\"")}, {}, bytes), "\"AQ==\"");
  EXPECT_EQ(eval("json.cast", {J("null")}, {}, none), "null");
  EXPECT_EQ(eval("json.cast", {J("{\"a\":[1]}")}, {}, json), R"({"a":[1]})");
  EXPECT_EQ(eval("json.cast", {J(R"([{"ok":1},{"error":{"op":"o","kind":"k","message":"m","attempt":1}}])")},
                 {}, pool.list(pool.result(i64))),
            R"([{"ok":1},{"error":{"kind":"k","message":"m","op":"o","attempt":1}}])");
}

TEST_F(JsonTest, CastNamesTheFirstMismatch) {
  TypeId item = R({{"name", S("")}, {"age", I(0)}}).type;
  auto cast = [&](std::string_view text) { return eval("json.cast", {J(text)}, {}, pool.list(item)); };
  EXPECT_EQ(cast(R"([{"name":"a","age":1},{"name":"b","age":"old"}])"),
            "[json-mismatch] the JSON does not match: at `/1/age`: expected `i64`, found a string (`old`)");
  EXPECT_EQ(cast(R"([{"name":"a"}])"), "[json-mismatch] the JSON does not match: at `/0/age`: it is missing");
  EXPECT_EQ(
      cast(R"([{"name":"a","age":1,"size":2}])"),
      "[json-mismatch] the JSON does not match: at `/0`: `record<name: str, age: i64>` has no field `size`");
  EXPECT_EQ(cast("{}"), "[json-mismatch] the JSON does not match: at the top: expected "
                        "`list<record<name: str, age: i64>>`, found an object");
  EXPECT_EQ(eval("json.cast", {J("[1.5]")}, {}, pool.list(i64)),
            "[json-mismatch] the JSON does not match: at `/0`: expected `i64`, found a number (`1.5`)");
}

TEST_F(JsonTest, CastRefusesWhatOnlyLooksRight) {
  EXPECT_TRUE(eval("json.cast", {J("\"5 minutes\"")}, {}, duration).starts_with("[json-mismatch] "));
  EXPECT_TRUE(
      eval("json.cast", {J("\"9223372036854775807h\"")}, {}, duration).starts_with("[json-mismatch] "));
  EXPECT_TRUE(eval("json.cast", {J("\"not base64!\"")}, {}, bytes).starts_with("[json-mismatch] "));
  EXPECT_TRUE(eval("json.cast", {J("{\"maybe\":1}")}, {}, pool.result(i64)).starts_with("[json-mismatch] "));
  EXPECT_TRUE(eval("json.cast", {J("{\"error\":{\"kind\":1}}")}, {}, pool.result(i64))
                  .starts_with("[json-mismatch] "));
}

TEST_F(JsonTest, ConversionsObeyTheLimit) {
  Typed texts = R({{"field_with_a_name", S("x")}});
  Typed array = J("[1,1,1,1]");
  Typed controls =
      J("\"" + std::string(30, 'x') +
        "\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\"");
  limits.set(Limit::ValueBytes, 100);
  EXPECT_TRUE(eval("json.from", {texts}).starts_with("[limit-exceeded] a value made JSON"));
  EXPECT_TRUE(eval("json.cast", {array}, {}, pool.list(pool.option(i64)))
                  .starts_with("[limit-exceeded] a value made from JSON"));
  EXPECT_TRUE(eval("json.print", {controls}).starts_with("[limit-exceeded] a value written as JSON"));
  EXPECT_TRUE(eval("json.put", {array, array}, at("/-")).starts_with("[limit-exceeded] "));
}

} // namespace
