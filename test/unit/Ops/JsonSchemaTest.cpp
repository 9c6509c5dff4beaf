#include "xcs/Ops/JsonSchema.h"
#include "OpsTest.h"

using namespace xcs;

namespace {

struct JsonSchemaOfTypeTest : OpsTest {
  std::string schema(TypeId type) {
    std::string out;
    OpError error;
    return jsonSchemaOf(pool.view(), type, limits, out, error) ? out : describe(error);
  }
  TypeId record(std::vector<std::pair<std::string_view, TypeId>> fields) {
    std::vector<TypeField> types;
    for (auto [name, type] : fields)
      types.push_back({pool.intern(name), type});
    return pool.record(types);
  }
};

TEST_F(JsonSchemaOfTypeTest, ScalarsNameTheirJsonType) {
  EXPECT_EQ(schema(boolean), R"({"type":"boolean"})");
  EXPECT_EQ(schema(i64), R"({"type":"integer"})");
  EXPECT_EQ(schema(f64), R"({"type":"number"})");
  EXPECT_EQ(schema(str), R"({"type":"string"})");
  EXPECT_EQ(schema(none), R"({"type":"null"})");
  EXPECT_EQ(schema(bytes), R"({"type":"string","description":"base64"})");
  EXPECT_EQ(schema(duration), R"({"type":"string","pattern":"^-?[0-9]+(ns|us|ms|s|m|h)$"})");
  EXPECT_EQ(schema(json), "{}");
}

TEST_F(JsonSchemaOfTypeTest, RecordsAreClosedAndAllTheirFieldsRequired) {
  EXPECT_EQ(schema(record({{"b", i64}, {"a", pool.option(str)}})),
            R"({"type":"object","properties":{"b":{"type":"integer"},)"
            R"("a":{"anyOf":[{"type":"string"},{"type":"null"}]}},)"
            R"("required":["b","a"],"additionalProperties":false})");
  EXPECT_EQ(schema(record({})),
            R"({"type":"object","properties":{},"required":[],"additionalProperties":false})");
}

TEST_F(JsonSchemaOfTypeTest, ListsNest) {
  EXPECT_EQ(schema(pool.list(pool.list(f64))),
            R"({"type":"array","items":{"type":"array","items":{"type":"number"}}})");
}

TEST_F(JsonSchemaOfTypeTest, AResultIsOneOfTwoClosedObjects) {
  EXPECT_EQ(schema(pool.result(i64)),
            R"({"anyOf":[{"type":"object","properties":{"ok":{"type":"integer"}},"required":["ok"],)"
            R"("additionalProperties":false},{"type":"object","properties":{"error":{"type":"object",)"
            R"("properties":{"kind":{"type":"string"},"message":{"type":"string"},"op":{"type":"string"},)"
            R"("attempt":{"type":"integer"}},"required":["kind","message","op","attempt"],)"
            R"("additionalProperties":false}},"required":["error"],"additionalProperties":false}]})");
}

TEST_F(JsonSchemaOfTypeTest, NamesAreEscaped) {
  EXPECT_NE(schema(record({{"a\"b", i64}})).find(R"("required":["a\"b"])"), std::string::npos);
}

TEST_F(JsonSchemaOfTypeTest, ASecretHasNoSchema) {
  EXPECT_TRUE(schema(pool.list(secret)).starts_with("[secret-in-text] "));
}

// Each level names the one below twice: written out, the schema would have more than 2^60 parts.
TEST_F(JsonSchemaOfTypeTest, ASharedPartCostsNothingUntilItIsRefused) {
  TypeId type = i64;
  for (int level = 0; level < 60; ++level)
    type = record({{"a", type}, {"b", type}});
  EXPECT_TRUE(schema(type).starts_with("[limit-exceeded] the schema of a type"));
}

TEST_F(JsonSchemaOfTypeTest, DepthIsBounded) {
  TypeId type = i64;
  for (int level = 0; level < 200; ++level)
    type = record({{"a", type}});
  EXPECT_TRUE(schema(type).starts_with("[limit-exceeded] the schema of a type"));
}

} // namespace
