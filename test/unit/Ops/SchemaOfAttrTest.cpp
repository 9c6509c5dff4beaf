#include "OpsTest.h"
#include "xcs/Ops/JsonSchema.h"

using namespace xcs;

namespace {

struct SchemaOfAttrTest : OpsTest {
  bool isStrict(std::string_view schema) {
    const AttrId attr = pool.textAttr(schema);
    return SchemaOfAttr(pool.view(), attr, limits).isStrict();
  }
};

TEST_F(SchemaOfAttrTest, IsStrictWhereEachObjectHasExactlyItsProperties) {
  EXPECT_TRUE(isStrict(R"({"type":"object","properties":{},"additionalProperties":false})"));
  EXPECT_TRUE(isStrict(
      R"({"type":"object","properties":{"a":{"type":"string"},"b":{"$ref":"#/$defs/b"}},"required":["b","a"],)"
      R"("additionalProperties":false,"$defs":{"b":{"enum":["x"]}}})"));
  EXPECT_TRUE(isStrict(R"({"type":"array","items":{"type":"number"}})"));
  for (
      std::string_view loose :
      {R"({})", R"(true)", R"({"type":"object"})", R"({"required":["a"]})", R"({"type":"array","items":{}})",
       R"({"type":"array","items":true})",
       R"({"type":"object","properties":{"a":{"type":"string"}},"required":["a"]})",
       R"({"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false})",
       R"({"type":"object","properties":{"a":{"type":"string"}},"required":[],"additionalProperties":false})",
       R"({"type":"object","properties":{"a":{}},"required":["a"],"additionalProperties":false})",
       R"({"type":"object","properties":{},"additionalProperties":{"type":"string"}})",
       R"({"type":"array","items":{"anyOf":[{"type":"null"},{"properties":{"a":{"type":"null"}}}]}})"})
    EXPECT_FALSE(isStrict(loose)) << loose;
}

TEST_F(SchemaOfAttrTest, SaysWhatDoesNotMatchAndPrintsWhatWasWritten) {
  const std::string_view text = R"({"type":"object","properties":{"a":{"minimum":2}}})";
  const AttrId attr = pool.textAttr(text);
  SchemaOfAttr schema(pool.view(), attr, limits);
  OpError error;
  std::string printed;
  ASSERT_TRUE(schema.print(printed, error));
  EXPECT_EQ(printed, text);
  EXPECT_TRUE(schema.matches(J(R"({"a":2})").value, error));
  EXPECT_FALSE(schema.matches(J(R"({"a":1})").value, error));
  EXPECT_EQ(error.id, Diag::JsonMismatch);
  EXPECT_NE(error.message.find("at `/a`"), std::string::npos) << error.message;
  EXPECT_FALSE(schema.matches(J("1").value, error));
}

TEST_F(SchemaOfAttrTest, IsReadOnceForAllCalls) {
  AttrSchemas schemas;
  AttrId first = pool.textAttr(R"({"minimum":2})"), second = pool.textAttr(R"({"minimum":3})");
  SchemaOfAttr &one = schemas.of(pool.view(), first, limits);
  SchemaOfAttr &other = schemas.of(pool.view(), second, limits);
  OpError error;
  EXPECT_TRUE(one.matches(J("2").value, error));
  EXPECT_FALSE(other.matches(J("2").value, error));
  EXPECT_EQ(&schemas.of(pool.view(), first, limits), &one);
  std::string printed;
  ASSERT_TRUE(one.print(printed, error) && one.print(printed, error) && other.print(printed, error));
  EXPECT_EQ(printed, R"({"minimum":2}{"minimum":2}{"minimum":3})");
  EXPECT_FALSE(one.matches(J("1").value, error));
}

} // namespace
