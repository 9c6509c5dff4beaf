#include "Ops/CompiledSchema.h"
#include "OpsTest.h"

using namespace xcs;

namespace {

struct JsonValidateTest : OpsTest {
  Attrs by(std::string_view schema) { return {{"schema", pool.textAttr(schema)}}; }
  /// The violations, as a list.
  std::string violations(std::string_view schema, std::string_view value) {
    return eval("json.violations", {J(value)}, by(schema));
  }
  bool fits(std::string_view schema, std::string_view value) { return violations(schema, value) == "[]"; }
  /// Why a text is no schema.
  std::string whyNo(std::string_view schema) {
    std::string what;
    AttrId attr = pool.textAttr(schema);
    return CompiledSchema::ofAttr(pool.view(), attr, limits, what) ? "" : what;
  }
};

TEST_F(JsonValidateTest, WhatFitsIsGivenBack) {
  EXPECT_EQ(eval("json.validate", {J(R"({"a": 1})")}, by(R"({"type": "object"})")), R"({"a":1})");
  EXPECT_EQ(eval("json.validate", {J(R"({"a": [1, "x"]})")},
                 by(R"({"properties": {"a": {"items": {"type": "integer"}}}})")),
            "[json-mismatch] the JSON does not match: at `/a/1`: expected a whole number, found a string");
}

TEST_F(JsonValidateTest, ADictionaryIsASchemaToo) {
  DictEntry type[] = {{pool.intern("type"), pool.textAttr("string")}};
  AttrId schema = pool.dictAttr(pool.dict(type));
  EXPECT_EQ(eval("json.validate", {J("\"x\"")}, {{"schema", schema}}), "\"x\"");
  EXPECT_EQ(eval("json.violations", {J("1")}, {{"schema", schema}}),
            R"(["at the top: expected a string, found a number"])");
}

TEST_F(JsonValidateTest, Types) {
  EXPECT_TRUE(fits(R"({"type": "integer"})", "1.0"));
  EXPECT_FALSE(fits(R"({"type": "integer"})", "1.5"));
  EXPECT_TRUE(fits(R"({"type": "number"})", "1"));
  EXPECT_TRUE(fits(R"({"type": ["string", "null"]})", "null"));
  EXPECT_EQ(violations(R"({"type": ["string", "null", "number"]})", "{}"),
            R"(["at the top: expected a number or a string or null, found an object"])");
  EXPECT_TRUE(fits("true", "1"));
  EXPECT_EQ(violations("false", "1"), R"(["at the top: nothing is allowed here"])");
  EXPECT_TRUE(fits("{}", "[{}]"));
}

TEST_F(JsonValidateTest, ObjectsSayWhatIsMissingAndWhatIsTooMuch) {
  std::string_view schema = R"({"properties": {"a": {}, "b": {}}, "required": ["b", "a"],
                                "additionalProperties": false, "maxProperties": 1})";
  EXPECT_EQ(
      violations(schema, R"({"b": 1, "c~/": 2})"),
      R"(["at the top: must have at most 1 properties, not 2","at the top: the property `a` is missing",)"
      R"("at `/c~0~1`: there is no such property"])");
  EXPECT_EQ(violations(R"({"properties": {"a": {}}, "additionalProperties": {"type": "string"}})",
                       R"({"a": 1, "b": "x", "c": 1})"),
            R"(["at `/c`: expected a string, found a number"])");
  EXPECT_TRUE(fits(R"({"required": ["a"]})", "[]")); // only objects have properties
}

TEST_F(JsonValidateTest, NumbersTextsAndArraysHaveBounds) {
  EXPECT_EQ(violations(R"({"minimum": 1, "exclusiveMaximum": 3})", "3"),
            R"(["at the top: must be below 3, not 3"])");
  EXPECT_TRUE(fits(R"({"minimum": 1, "exclusiveMaximum": 3})", "2.999"));
  EXPECT_EQ(violations(R"({"exclusiveMinimum": 0.5, "maximum": 0})", "0.5"),
            R"(["at the top: must be at most 0, not 0.5","at the top: must be above 0.5, not 0.5"])");
  EXPECT_EQ(violations(R"({"minLength": 2, "maxLength": 3})", "\"\u00e9\""),
            R"(["at the top: must have at least 2 characters, not 1"])");
  EXPECT_TRUE(fits(R"({"maxLength": 1})", "\"\U0001f600\""));
  EXPECT_EQ(violations(R"({"minItems": 1, "maxItems": 2})", "[1, 2, 3]"),
            R"(["at the top: must have at most 2 elements, not 3"])");
  EXPECT_EQ(violations(R"({"uniqueItems": true})", "[1, {\"a\": 1}, {\"a\": 1.0}]"),
            R"(["at the top: elements must differ, but 1 and 2 are equal"])");
}

TEST_F(JsonValidateTest, PatternsNeedNotMatchTheWhole) {
  EXPECT_TRUE(fits(R"({"pattern": "\\d"})", "\"a1b\""));
  EXPECT_EQ(violations(R"({"pattern": "^\\d+$"})", "\"a1\""),
            R"(["at the top: `a1` does not match `^\\\\d+$`"])");
}

TEST_F(JsonValidateTest, ConstantsAndChoicesCompareAsJson) {
  EXPECT_TRUE(fits(R"({"const": {"a": 1, "b": 2}})", R"({"b": 2.0, "a": 1})"));
  EXPECT_FALSE(fits(R"({"const": null})", "0"));
  EXPECT_TRUE(fits(R"({"enum": ["a", null]})", "null"));
  EXPECT_EQ(violations(R"({"enum": ["a", "b"]})", "\"c\""),
            R"(["at the top: `c` is not one of the values of `enum`"])");
}

TEST_F(JsonValidateTest, Alternatives) {
  std::string_view any =
      R"({"anyOf": [{"type": "string"}, {"properties": {"a": {"type": "null"}}, "type": "object"}]})";
  EXPECT_TRUE(fits(any, R"({"a": null})"));
  EXPECT_EQ(
      violations(any, R"({"a": 1})"),
      R"(["at the top: matches no schema of `anyOf`; the first failure is: at the top: expected a string, )"
      R"(found an object"])");
  std::string_view one = R"({"oneOf": [{"minimum": 1}, {"maximum": 5}]})";
  EXPECT_TRUE(fits(one, "0"));
  EXPECT_EQ(violations(one, "3"), R"(["at the top: matches 2 schemas of `oneOf`, not just one"])");
  EXPECT_EQ(violations(R"({"allOf": [{"minimum": 1}, {"minimum": 2}]})", "0"),
            R"(["at the top: must be at least 1, not 0","at the top: must be at least 2, not 0"])");
  EXPECT_EQ(violations(R"({"not": {"type": "string"}})", "\"x\""),
            R"(["at the top: matches the schema of `not`"])");
  EXPECT_TRUE(fits(R"({"not": {"type": "string"}})", "1"));
}

// A violation within an alternative that another one makes up for is none, also where one is enough.
TEST_F(JsonValidateTest, ValidateDoesNotStopWithinAnAlternative) {
  std::string_view schema =
      R"({"anyOf": [{"items": {"type": "string"}}, {"items": {"anyOf": [{"type": "null"}, {"type": "integer"}]}}]})";
  EXPECT_EQ(eval("json.validate", {J("[1, null]")}, by(schema)), "[1,null]");
}

TEST_F(JsonValidateTest, ReferencesAndTheirLoops) {
  std::string_view tree = R"({"$ref": "#/$defs/tree", "$defs": {"tree": {"type": "object", "required": ["n"],
      "properties": {"n": {"type": "integer"}, "kids": {"items": {"$ref": "#/$defs/tree"}}}}}})";
  EXPECT_TRUE(fits(tree, R"({"n": 1, "kids": [{"n": 2, "kids": []}]})"));
  EXPECT_EQ(violations(tree, R"({"n": 1, "kids": [{"n": 2, "kids": [{"n": "x"}]}]})"),
            R"(["at `/kids/0/kids/0/n`: expected a whole number, found a string"])");
  EXPECT_EQ(whyNo(R"({"$ref": "#"})"),
            "at the top: the schema refers to itself without descending into the value");
  EXPECT_NE(whyNo(R"({"anyOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"not": {"$ref": "#"}}}})"), "");
  EXPECT_EQ(whyNo(R"({"items": {"$ref": "#"}})"), "");
  EXPECT_EQ(whyNo(R"({"$ref": "#/$defs/x"})"), "at `/$ref`: there is no schema at `#/$defs/x`");
  EXPECT_EQ(
      whyNo(R"({"$ref": "https://example.org/s"})"),
      "at `/$ref`: no schema in this document has the `$id` `https://example.org/s`, and other documents "
      "are not read: copy that schema into `$defs` and refer to `#/$defs/name`");
}

TEST_F(JsonValidateTest, AWrongSchemaIsRefusedWithItsPlace) {
  EXPECT_EQ(whyNo(R"({"properties": {"a": {"typ": "string"}}})"),
            "at `/properties/a`: the keyword `typ` is not supported; did you mean `type`");
  EXPECT_EQ(
      whyNo(R"({"items": {"type": "text"}})"),
      "at `/items/type`: a type is `null`, `boolean`, `integer`, `number`, `string`, `array` or `object`");
  EXPECT_EQ(whyNo("3"), "at the top: a schema is an object or a bool, not a number");
  EXPECT_EQ(whyNo(R"({"minLength": -1})"), "at `/minLength`: it must be a non-negative whole number");
  EXPECT_EQ(whyNo(R"({"pattern": "("})"),
            "at `/pattern`: it is not a valid regular expression: missing ): (");
  EXPECT_TRUE(whyNo("{").starts_with("the text is not JSON: "));
  for (const char *wrong : {R"({"enum": 1})", R"({"minimum": "1"})", R"({"required": [1]})",
                            R"({"required": 1})", R"({"properties": []})", R"({"anyOf": []})",
                            R"({"uniqueItems": 1})", R"({"pattern": 1})", R"({"type": 1})"})
    EXPECT_NE(whyNo(wrong), "") << wrong;
}

TEST_F(JsonValidateTest, AnnotationsAreLeftOut) {
  EXPECT_TRUE(
      fits(R"({"title": "t", "description": "d", "default": 3, "$schema": "s", "format": "date"})", "1"));
}

// Two alternatives for each of 40 levels: 2^40 ways, cut off by the limit.
TEST_F(JsonValidateTest, StepsAreBounded) {
  std::string schema = R"({"$ref": "#/$defs/d0", "$defs": {)";
  for (int i = 0; i < 40; ++i) {
    std::string next = "\"#/$defs/d" + std::to_string(i + 1) + "\"";
    schema +=
        "\"d" + std::to_string(i) + R"(": {"anyOf": [{"$ref": )" + next + R"(}, {"$ref": )" + next + "}]},";
  }
  schema += R"("d40": false}})";
  limits.set(Limit::SchemaSteps, 10'000);
  EXPECT_TRUE(violations(schema, "1").starts_with("[limit-exceeded] applying a JSON schema"));
}

TEST_F(JsonValidateTest, DepthTakesNoStack) {
  std::string deep(250, '[');
  deep.append("1").append(250, ']');
  EXPECT_TRUE(fits(R"({"items": {"$ref": "#"}, "type": ["array", "integer"]})", deep));
  EXPECT_EQ(violations(R"({"items": {"$ref": "#"}, "type": "array"})", "[[1]]"),
            R"(["at `/0/0`: expected an array, found a number"])");
}

/// Everything that json.cast takes as a value of a type, and that jsonSchemaOf says of it, agree.
TEST_F(JsonValidateTest, TheSchemaOfATypeTakesItsValues) {
  Typed row = R({{"name", S("x")},
                 {"score", F(1.5)},
                 {"tags", L({S("a")})},
                 {"note", noneOf(str)},
                 {"took", D(250'000'000)},
                 {"got", ok(I(3))},
                 {"raw", Y("ab")}});
  Value made;
  OpError error;
  ASSERT_TRUE(jsonFromValue(row.value, pool.view(), row.type, limits, made, error));
  Value schema;
  ASSERT_TRUE(schemaValueOf(pool.view(), row.type, limits, schema, error));
  std::string what;
  auto compiled = CompiledSchema::read(schema, limits, what);
  ASSERT_TRUE(compiled) << what;
  std::vector<std::string> violations;
  ASSERT_TRUE(compiled->check(made, CompiledSchema::Report::All, limits, violations, error));
  EXPECT_EQ(violations.size(), 0u) << violations[0];
  EXPECT_EQ(eval("json.schema", {}, {{"type", pool.typeAttr(pool.list(boolean))}}),
            R"({"type":"array","items":{"type":"boolean"}})");
}

} // namespace
