// The official tests of JSON Schema (https://github.com/json-schema-org/JSON-Schema-Test-Suite), where
// Debian's package of them is installed: those files that are about the keywords that XCS checks.
#include "Ops/CompiledSchema.h"
#include "OpsTest.h"
#include <filesystem>
#include <fstream>

using namespace xcs;

namespace {

constexpr std::string_view folder = "/usr/share/json-schema-test-suite/tests/draft7/";
constexpr std::string_view files[] = {"additionalProperties",
                                      "allOf",
                                      "anyOf",
                                      "boolean_schema",
                                      "const",
                                      "default",
                                      "enum",
                                      "exclusiveMaximum",
                                      "exclusiveMinimum",
                                      "items",
                                      "maximum",
                                      "maxItems",
                                      "maxLength",
                                      "maxProperties",
                                      "minimum",
                                      "minItems",
                                      "minLength",
                                      "minProperties",
                                      "not",
                                      "oneOf",
                                      "pattern",
                                      "properties",
                                      "ref",
                                      "required",
                                      "type",
                                      "uniqueItems"};

/// Draft 7 ignored what stands beside a `$ref`; 2020-12, which XCS follows, does not.
constexpr std::string_view changedSince = "ref valid, maxItems ignored";

struct JsonSchemaSuite : OpsTest {
  size_t schemas = 0, refused = 0, tests = 0;

  void run(const Value &group, std::string_view file) {
    ++schemas;
    std::string what;
    auto schema = CompiledSchema::read(*findKey(group, "schema"), limits, what);
    if (!schema) { // by a keyword that is not checked, or a reference to another document
      ++refused;
      return;
    }
    for (const Value &test : findKey(group, "tests")->items()) {
      std::string_view name = findKey(test, "description")->text();
      if (name == changedSince)
        continue;
      std::vector<std::string> violations;
      OpError error;
      ASSERT_TRUE(
          schema->check(*findKey(test, "data"), CompiledSchema::Report::All, limits, violations, error));
      EXPECT_EQ(violations.empty(), findKey(test, "valid")->asBool())
          << file << ": " << findKey(group, "description")->text() << ": " << name << ": "
          << (violations.empty() ? "" : violations[0]);
      ++tests;
    }
  }
};

TEST_F(JsonSchemaSuite, TheOfficialTestsOfWhatIsChecked) {
  if (!std::filesystem::exists(folder))
    GTEST_SKIP() << "the package json-schema-test-suite is not installed";
  for (std::string_view file : files) {
    std::ifstream in(std::string(folder) + std::string(file) + ".json");
    std::string text(std::istreambuf_iterator<char>(in), {});
    Typed groups = J(text);
    for (const Value &group : groups.value.items())
      run(group, file);
  }
  EXPECT_GT(tests, 250u);
  EXPECT_LT(refused * 5, schemas) << "most schemas should be taken";
}

} // namespace
