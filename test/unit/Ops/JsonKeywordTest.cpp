// The keywords of JSON Schema: which values each takes, and what its violations say.
#include "Ops/CompiledSchema.h"
#include "OpsTest.h"

using namespace xcs;

namespace {

struct JsonKeywordTest : OpsTest {
  /// Why a text is no schema; empty when it is one.
  std::string whyNo(std::string_view schema) {
    std::string what;
    return CompiledSchema::read(J(schema).value, limits, what) ? "" : what;
  }
  std::string violations(std::string_view schema, std::string_view value) {
    return eval("json.violations", {J(value)}, {{"schema", pool.textAttr(schema)}});
  }
  bool fits(std::string_view schema, std::string_view value) { return violations(schema, value) == "[]"; }
};

/// Values of every kind, by a letter.
struct Sample {
  char letter;
  std::string_view json;
};
constexpr Sample samples[] = {{'n', "null"},
                              {'t', "true"},
                              {'m', "-1"},
                              {'0', "0"},
                              {'1', "1"},
                              {'2', "2.0"},
                              {'r', "1.5"},
                              {'s', "\"a\""},
                              {'g', "\"(\""},
                              {'e', "[]"},
                              {'L', "[\"a\"]"},
                              {'N', "[1]"},
                              {'S', "[{}]"},
                              {'O', "{}"},
                              {'P', "{\"a\":{}}"},
                              {'Q', "{\"a\":1}"},
                              {'R', "{\"a\":[\"b\"]}"}};

/// The samples that a keyword takes.
struct Taken {
  std::string_view keyword, letters;
};
constexpr std::string_view everything = "ntm012rsgeLNSOPQR", numbers = "m012r", counts = "012",
                           lists = "eLNS";
constexpr Taken taken[] = {{"type", ""},
                           {"nullable", ""},
                           {"const", everything},
                           {"enum", lists},
                           {"minimum", numbers},
                           {"maximum", numbers},
                           {"exclusiveMinimum", numbers},
                           {"exclusiveMaximum", numbers},
                           {"multipleOf", "12r"},
                           {"minLength", counts},
                           {"maxLength", counts},
                           {"minItems", counts},
                           {"maxItems", counts},
                           {"minProperties", counts},
                           {"maxProperties", counts},
                           {"minContains", counts},
                           {"maxContains", counts},
                           {"uniqueItems", "t"},
                           {"pattern", "s"},
                           {"prefixItems", "S"},
                           {"items", "teSO"},
                           {"additionalItems", "tO"},
                           {"contains", "tO"},
                           {"unevaluatedItems", "tO"},
                           {"properties", "OP"},
                           {"patternProperties", "OP"},
                           {"propertyNames", "tO"},
                           {"required", "eL"},
                           {"additionalProperties", "tO"},
                           {"unevaluatedProperties", "tO"},
                           {"dependentRequired", "OR"},
                           {"dependentSchemas", "OP"},
                           {"dependencies", "OPR"},
                           {"allOf", "S"},
                           {"anyOf", "S"},
                           {"oneOf", "S"},
                           {"not", "tO"},
                           {"if", "tO"},
                           {"then", "tO"},
                           {"else", "tO"},
                           {"$ref", ""},
                           {"$defs", "OP"},
                           {"definitions", "OP"},
                           {"$anchor", "s"},
                           {"$id", "sg"},
                           {"id", "sg"},
                           {"discriminator", ""},
                           {"$schema", "sg"},
                           {"$comment", "sg"},
                           {"title", "sg"},
                           {"description", "sg"},
                           {"default", everything},
                           {"examples", lists},
                           {"example", everything},
                           {"deprecated", "t"},
                           {"readOnly", "t"},
                           {"writeOnly", "t"},
                           {"format", "sg"},
                           {"contentEncoding", "sg"},
                           {"contentMediaType", "sg"},
                           {"contentSchema", everything},
                           {"x-order", everything}};

TEST_F(JsonKeywordTest, EveryKeywordWithEveryKindOfValueIsTakenOrRefusedAtItsPlace) {
  for (const auto &[keyword, letters] : taken)
    for (const Sample &sample : samples) {
      std::string member = "\"" + std::string(keyword) + "\":" + std::string(sample.json);
      std::string place = "/" + std::string(keyword);
      std::string top = whyNo("{" + member + "}"), nested = whyNo("{\"not\":{" + member + "}}");
      const bool isTaken = letters.find(sample.letter) != std::string_view::npos;
      EXPECT_EQ(top.empty(), isTaken) << member << ": " << top;
      EXPECT_EQ(nested.empty(), isTaken) << member << ": " << nested;
      EXPECT_TRUE(isTaken || top.starts_with("at `" + place)) << member << ": " << top;
      EXPECT_TRUE(isTaken || nested.starts_with("at `/not" + place)) << member << ": " << nested;
      // What is taken can be applied to anything.
      for (const Sample &value : samples)
        EXPECT_TRUE(!isTaken || violations("{" + member + "}", value.json).starts_with('[')) << member;
    }
}

TEST_F(JsonKeywordTest, WhatIsNotTakenIsNamedWithWhatToDo) {
  EXPECT_EQ(whyNo(R"({"$dynamicRef": "#a"})"),
            "at the top: the keyword `$dynamicRef` is not supported; refer to a "
            "place with `$ref`, such as `#/$defs/name`");
  EXPECT_EQ(
      whyNo(R"({"frobnicate": 1})"),
      "at the top: the keyword `frobnicate` is not supported; remove it, or begin its name with `x-` if it "
      "says nothing about which values fit");
  for (const char *keyword : {"$dynamicAnchor", "$recursiveRef", "$recursiveAnchor", "$vocabulary",
                              "components", "extends", "disallow", "divisibleBy"})
    EXPECT_NE(whyNo("{\"" + std::string(keyword) + "\": \"a\"}").find("` is not supported; "),
              std::string::npos)
        << keyword;
  EXPECT_EQ(whyNo(R"({"multipleOf": 0})"), "at `/multipleOf`: it must be a number above 0");
  EXPECT_EQ(whyNo(R"({"required": "a"})"), "at `/required`: it must be an array of strings");
  EXPECT_EQ(whyNo(R"({"dependentRequired": {"a/b": [1]}})"),
            "at `/dependentRequired/a~1b`: it must be an array of strings");
  EXPECT_EQ(whyNo(R"({"patternProperties": {"(": {}}})"),
            "at `/patternProperties/(`: it is not a valid regular expression: missing ): (");
  EXPECT_EQ(whyNo(R"({"prefixItems": [{}], "items": [{}]})"),
            "at `/items`: beside `prefixItems` it must be the schema of the elements after those");
  EXPECT_EQ(whyNo(R"({"exclusiveMinimum": true})"),
            "at `/exclusiveMinimum`: it must be a number, or a bool beside a `minimum`");
  EXPECT_EQ(whyNo(R"({"type": []})"), "at `/type`: it must name at least one type");
}

// The form of draft 4 and OpenAPI 3.0.
TEST_F(JsonKeywordTest, AnExclusiveBoundMayBeABoolBesideTheBound) {
  EXPECT_EQ(violations(R"({"exclusiveMinimum": true, "minimum": 5})", "5"),
            R"(["at the top: must be above 5, not 5"])");
  EXPECT_EQ(violations(R"({"maximum": 5, "exclusiveMaximum": true})", "5"),
            R"(["at the top: must be below 5, not 5"])");
  EXPECT_TRUE(fits(R"({"maximum": 5, "exclusiveMaximum": false})", "5"));
  EXPECT_FALSE(fits(R"({"maximum": 5, "exclusiveMaximum": false})", "6"));
  EXPECT_NE(whyNo(R"({"maximum": 5, "exclusiveMinimum": true})"), "");
  EXPECT_NE(whyNo(R"({"minimum": "5", "exclusiveMinimum": true})"), "");
}

TEST_F(JsonKeywordTest, MultiplesAreExact) {
  EXPECT_EQ(violations(R"({"multipleOf": 0.1})", "0.35"),
            R"(["at the top: must be a multiple of 0.1, not 0.35"])");
  for (const char *fine : {"0", "-0.3", "0.3", "0.7", "1e300", "123456789.1", "-9223372036854775808"})
    EXPECT_TRUE(fits(R"({"multipleOf": 0.1})", fine)) << fine;
  EXPECT_TRUE(fits(R"({"multipleOf": 9223372036854775807})", "-9223372036854775807"));
  EXPECT_FALSE(fits(R"({"multipleOf": 9223372036854775807})", "9223372036854775806"));
  EXPECT_TRUE(fits(R"({"multipleOf": 2.5e-308})", "5e-308"));
  EXPECT_FALSE(fits(R"({"multipleOf": 1e300})", "5e-308"));
  EXPECT_TRUE(fits(R"({"multipleOf": 5e-324})", "1.7976931348623157e308"));
  EXPECT_FALSE(fits(R"({"multipleOf": 1e20})", "5"));
  EXPECT_TRUE(fits(R"({"multipleOf": 2})", "4.0"));
  EXPECT_TRUE(fits(R"({"multipleOf": 2})", "\"odd\""));
}

TEST_F(JsonKeywordTest, ArraysSayWhichElementIsWrongOrHowManyMatch) {
  std::string_view tuple = R"({"prefixItems": [{"type": "string"}, {"minimum": 1}], "items": false})";
  EXPECT_EQ(violations(tuple, R"(["a", 0, 3])"),
            R"(["at `/1`: must be at least 1, not 0","at `/2`: nothing is allowed here"])");
  EXPECT_TRUE(fits(tuple, R"(["a"])"));
  EXPECT_EQ(
      violations(R"({"items": [{"type": "string"}], "additionalItems": {"type": "null"}})", "[1, 2, null]"),
      R"(["at `/0`: expected a string, found a number","at `/1`: expected null, found a number"])");
  EXPECT_TRUE(fits(R"({"items": {}, "additionalItems": false})", "[1]")); // without effect
  std::string_view some = R"({"contains": {"const": 1}, "minContains": 2, "maxContains": 3})";
  EXPECT_EQ(
      violations(some, "[1, 2]"),
      R"(["at the top: must have at least 2 elements that match `contains`, not 1; the first failure is: )"
      R"(at `/1`: is not the one value that `const` allows"])");
  EXPECT_EQ(violations(some, "[1, 1, 1, 1]"),
            R"(["at the top: must have at most 3 elements that match `contains`, not 4"])");
  EXPECT_EQ(violations(R"({"contains": {}})", "[]"),
            R"(["at the top: must have at least 1 element that match `contains`, not 0"])");
  EXPECT_TRUE(fits(R"({"contains": false, "minContains": 0})", "[]"));
  EXPECT_TRUE(fits(R"({"minContains": 3})", "[]")); // without effect
}

TEST_F(JsonKeywordTest, ObjectsSayWhichPropertyIsWrong) {
  std::string_view schema =
      R"({"properties": {"n1": {"minimum": 5}}, "patternProperties": {"^n": {"type": "integer"},
      "1$": {"maximum": 9}}, "additionalProperties": false})";
  EXPECT_EQ(violations(schema, R"({"n1": 10, "n2": "x", "m": 1, "x1": 3})"),
            R"(["at `/n1`: must be at most 9, not 10","at `/n2`: expected a whole number, found a string",)"
            R"("at `/m`: there is no such property"])");
  EXPECT_EQ(
      violations(R"({"propertyNames": {"maxLength": 2}})", R"({"ab": 1, "abc": 2})"),
      R"(["at the top: the name of the property `abc` does not fit `propertyNames`: at the top: must have at )"
      R"(most 2 characters, not 3"])");
  EXPECT_EQ(violations(R"({"dependentRequired": {"card": ["name", "zip"]}})", R"({"card": 1, "zip": 2})"),
            R"(["at the top: the property `name` is missing, which `card` requires"])");
  EXPECT_TRUE(fits(R"({"dependentRequired": {"card": ["name"]}})", "{}"));
  EXPECT_EQ(violations(R"({"dependencies": {"a": ["b"], "c": {"required": ["d"]}}})", R"({"a": 1, "c": 1})"),
            R"(["at the top: the property `b` is missing, which `a` requires",)"
            R"("at the top: the property `d` is missing"])");
}

TEST_F(JsonKeywordTest, ConditionsChooseOneOfTwoSchemas) {
  std::string_view schema = R"({"if": {"properties": {"k": {"const": 1}}, "required": ["k"]},
      "then": {"required": ["a"]}, "else": {"required": ["b"]}})";
  EXPECT_EQ(violations(schema, R"({"k": 1})"), R"(["at the top: the property `a` is missing"])");
  EXPECT_EQ(violations(schema, R"({"k": 2})"), R"(["at the top: the property `b` is missing"])");
  EXPECT_TRUE(fits(R"({"then": false, "else": false})", "1")); // without effect
  EXPECT_EQ(eval("json.validate", {J(R"({"k": 2, "b": 1})")}, {{"schema", pool.textAttr(schema)}}),
            R"({"k":2,"b":1})");
}

TEST_F(JsonKeywordTest, TheRestIsWhatNoSchemaAroundOrBelowHasSeen) {
  std::string_view schema =
      R"({"allOf": [{"properties": {"a": {}}}, {"anyOf": [{"properties": {"b": {}}, "required": ["b"]},
      {"properties": {"c": {}}, "required": ["c"]}]}], "unevaluatedProperties": false})";
  EXPECT_TRUE(fits(schema, R"({"a": 1, "b": 2, "c": 3})"));
  EXPECT_EQ(violations(schema, R"({"a": 1, "b": 2, "d": 3})"), R"(["at `/d`: there is no such property"])");
  EXPECT_EQ(
      violations(R"({"prefixItems": [{}], "contains": {"const": 7}, "unevaluatedItems": {"type": "string"}})",
                 R"([1, 7, "x", 2])"),
      R"(["at `/3`: expected a string, found a number"])");
}

TEST_F(JsonKeywordTest, ADiscriminatorChoosesWhichFailureIsTold) {
  std::string_view schema = R"({"oneOf": [{"$ref": "#/$defs/C"}, {"$ref": "#/$defs/D"}],
      "discriminator": {"propertyName": "t", "mapping": {"c": "#/$defs/C", "d": "#/$defs/D"}},
      "$defs": {"C": {"properties": {"t": {"const": "c"}}, "required": ["t", "x"]},
                "D": {"properties": {"t": {"const": "d"}}, "required": ["t", "y"]}}})";
  EXPECT_TRUE(fits(schema, R"({"t": "d", "y": 1})"));
  EXPECT_EQ(
      violations(schema, R"({"t": "d"})"),
      R"(["at the top: matches no schema of `oneOf`; that of `t` fails: at the top: the property `y` is missing"])");
  EXPECT_EQ(
      violations(schema, R"({"t": "e", "x": 1, "y": 1})"),
      R"(["at the top: matches no schema of `oneOf`; the first failure is: at `/t`: is not the one value that )"
      R"(`const` allows"])");
  EXPECT_EQ(whyNo(R"({"discriminator": {"propertyName": "t", "mapping": {"c": "#/$defs/C"}}})"),
            "at `/discriminator/mapping/c`: there is no schema at `#/$defs/C`");
}

TEST_F(JsonKeywordTest, ReferencesByPlaceAnchorAndId) {
  EXPECT_FALSE(fits(R"({"$ref": "#/$defs/a%25%20~1b", "$defs": {"a% /b": {"type": "null"}}})", "1"));
  EXPECT_FALSE(fits(R"({"$ref": "#n", "$defs": {"a": {"$anchor": "n", "type": "null"}}})", "1"));
  EXPECT_FALSE(fits(R"({"$ref": "#n", "definitions": {"a": {"$id": "#n", "type": "null"}}})", "1"));
  EXPECT_FALSE(fits(R"({"$id": "http://x.org/s/a", "$ref": "../t#/$defs/n",
                        "$defs": {"b": {"$id": "/t", "$defs": {"n": {"type": "null"}}}}})",
                    "1"));
  EXPECT_FALSE(fits(R"({"items": [{"type": "null"}, {"$ref": "#/items/0"}]})", "[null, 1]"));
  EXPECT_EQ(whyNo(R"({"$ref": "#/a%2"})"),
            "at `/$ref`: a `%` in it is not followed by two hexadecimal digits");
  EXPECT_EQ(whyNo(R"({"$ref": "#n"})"),
            "at `/$ref`: there is no schema with the `$anchor` `n`; a place begins with `#/`");
  EXPECT_EQ(whyNo(R"({"allOf": [{"$anchor": "n"}, {"$anchor": "n"}]})"),
            "at `/allOf/1/$anchor`: another schema has the anchor `n`");
  EXPECT_EQ(whyNo(R"({"allOf": [{"$id": "n"}, {"$id": "n"}]})"),
            "at `/allOf/1/$id`: another schema has the same `$id`");
  EXPECT_EQ(whyNo(R"({"$id": "a#b"})"),
            "at `/$id`: it must have no fragment; name a part of a schema with `$anchor`");
}

// Every keyword that applies a schema to the value itself can close a loop.
TEST_F(JsonKeywordTest, LoopsThatNeverEndAreFoundThroughEveryKeyword) {
  for (const char *loop :
       {R"({"if": {"$ref": "#"}})", R"({"if": true, "then": {"$ref": "#"}})",
        R"({"if": true, "else": {"$ref": "#"}})", R"({"dependentSchemas": {"a": {"$ref": "#"}}})",
        R"({"dependencies": {"a": {"$ref": "#"}}})", R"({"oneOf": [{"$ref": "#"}]})"})
    EXPECT_TRUE(whyNo(loop).ends_with("without descending into the value")) << loop;
  for (const char *fine :
       {R"({"contains": {"$ref": "#"}})", R"({"prefixItems": [{"$ref": "#"}]})",
        R"({"unevaluatedItems": {"$ref": "#"}})", R"({"propertyNames": {"$ref": "#"}})",
        R"({"patternProperties": {"a": {"$ref": "#"}}})", R"({"unevaluatedProperties": {"$ref": "#"}})"}) {
    EXPECT_EQ(whyNo(fine), "") << fine;
    EXPECT_TRUE(violations(fine, R"({"a": [[1], {"b": {}}]})").starts_with('[')) << fine;
  }
}

TEST_F(JsonKeywordTest, PatternsAreEcmaScripts) {
  auto matches = [&](std::string_view pattern, std::string_view text) {
    return fits("{\"pattern\": \"" + std::string(pattern) + "\"}", "\"" + std::string(text) + "\"");
  };
  EXPECT_TRUE(matches(R"(^(?!a)(?=.*\\d)[a-z\\d]+$)", "b1"));
  EXPECT_FALSE(matches(R"(^(?!a)(?=.*\\d)[a-z\\d]+$)", "a1"));
  EXPECT_FALSE(matches(R"(^(?!a)(?=.*\\d)[a-z\\d]+$)", "bc"));
  EXPECT_NE(whyNo(R"({"pattern": "^(?!(x|[)]))a|b$"})"), ""); // of two alternatives
  EXPECT_TRUE(matches(R"(^\\u00e9\\u{1F600}\\ud83d\\ude00$)", "é😀😀"));
  EXPECT_TRUE(matches(R"(^(?<year>\\d{4})$)", "1999"));
  EXPECT_TRUE(matches(R"(^\\p{Letter}\\p{Script=Greek}\\P{L}$)", "éα1"));
  EXPECT_TRUE(matches(R"(^\\s[\\s]$)", "\\u00a0\\u2028"));
  EXPECT_FALSE(matches(R"(^\\S$)", "\\u00a0"));
  EXPECT_TRUE(matches(R"(\\cJ)", "\\n"));
  EXPECT_EQ(
      whyNo(R"~({"pattern": "a(?!b)"})~"),
      "at `/pattern`: it is not a valid regular expression: invalid perl operator: (?!; lookahead is taken "
      "directly after a leading `^` only, and lookbehind nowhere: remove the pattern or write it without");
  EXPECT_EQ(whyNo(R"({"pattern": "\\C"})"),
            "at `/pattern`: it is not a valid regular expression: `\\C` would match "
            "part of a character; write `.`");
  for (const char *wrong :
       {R"(\\u12)", R"(\\ud800)", R"(\\u{})", R"(\\u{110000})", R"(\\u{1)", R"(^(?=a)*)", R"(^(?=a)", "[",
        R"(\\)", R"(\\p)", R"(\\p{Nothing})", "(?<", "(?<n", R"(^(?!(?<=a))b)"})
    EXPECT_TRUE(whyNo("{\"pattern\": \"" + std::string(wrong) + "\"}").starts_with("at `/pattern`: "))
        << wrong;
}

// Properties times patterns, and values times schemas that collect, are bounded by the same limit.
TEST_F(JsonKeywordTest, StepsOfPatternsAndOfCollectingAreBounded) {
  std::string patterns, object;
  for (int i = 0; i < 100; ++i) {
    patterns += (i ? ",\"^z" : "\"^z") + std::to_string(i) + "\":{}";
    object += (i ? ",\"k" : "\"k") + std::to_string(i) + "\":1";
  }
  std::string schema = "{\"patternProperties\":{" + patterns + "}}", value = "{" + object + "}";
  EXPECT_TRUE(fits(schema, value));
  limits.set(Limit::SchemaSteps, 5'000);
  EXPECT_TRUE(violations(schema, value).starts_with("[limit-exceeded] applying a JSON schema"));
  std::string many = "[0", in = R"({"unevaluatedItems": true, "allOf": [{})";
  for (int i = 0; i < 2'000; ++i)
    many += ",0", in += ",{}";
  EXPECT_TRUE(violations(in + "]}", many + "]").starts_with("[limit-exceeded] applying a JSON schema"));
}

// Each in an order in which a search from the front looks at all that come before.
TEST_F(JsonKeywordTest, ManyNamesAndAlternativesInAnyOrderAreFound) {
  constexpr int many = 20'000;
  std::string names, keys, choices, alternatives, mapping;
  for (int i = 0; i < many; ++i) {
    std::string comma = i ? "," : "", number = std::to_string(i);
    names += comma + "\"k" + std::to_string(many - i - 1) + "\"";
    keys += comma + "\"k" + number + "\":0";
  }
  EXPECT_TRUE(fits("{\"required\":[" + names + "]}", "{" + keys + "}"));
  for (int i = 0; i < many; ++i) {
    std::string comma = i ? "," : "", number = std::to_string(i);
    alternatives += comma + R"({"$ref":"#/$defs/d)" + number + "\"}";
    mapping += comma + "\"v" + number + R"(":"#/$defs/d)" + number + "\"";
    choices +=
        comma + "\"d" + number + R"(":{"properties":{"t":{"const":"v)" + number + R"("}},"required":["x"]})";
  }
  std::string schema = R"({"anyOf":[)" + alternatives +
                       R"(],"discriminator":{"propertyName":"t","mapping":{)" + mapping + R"(}},"$defs":{)" +
                       choices + "}}";
  EXPECT_EQ(
      violations(schema, R"({"t":"v19999"})"),
      R"(["at the top: matches no schema of `anyOf`; that of `t` fails: at the top: the property `x` is )"
      R"(missing"])");
}

// A schema that is applied to each of many elements, and says much itself, is charged for that.
TEST_F(JsonKeywordTest, TheSizeOfAnEnumCountsAsSteps) {
  std::string choices = "\"a\"", elements = "1";
  for (int i = 0; i < 6'400; ++i)
    choices += ",\"a\"";
  for (int i = 0; i < 100; ++i)
    elements += ",1";
  limits.set(Limit::SchemaSteps, 5'000);
  EXPECT_TRUE(violations(R"({"items":{"enum":[)" + choices + "]}}", "[" + elements + "]")
                  .starts_with("[limit-exceeded] applying a JSON schema"));
}

} // namespace
