// The official tests of JSON Schema, and schemas as other libraries print them (test/Ops/Inputs/json-schema).
#include "Ops/CompiledSchema.h"
#include "OpsTest.h"
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

using namespace xcs;

namespace {

const std::string inputs = XCS_SOURCE_DIR "/test/Ops/Inputs/json-schema/";

/// What is not as the official tests want it. An empty group stands for the whole file, an empty test for the
/// group.
struct Deviation {
  std::string_view file, group, test, reason;
};
constexpr std::string_view otherDocument = "other documents are not read";
constexpr std::string_view dynamic = "references that change with the way to them are not taken";
constexpr std::string_view unknown = "an unknown keyword is an error, for it may be a misspelled one";
constexpr std::string_view sibling = "what stands beside a `$ref` counts, as since draft 2019-09";
constexpr Deviation deviations[] = {
    {"suite/draft2020-12/defs.json", "validate definition against metaschema", "", otherDocument},
    {"suite/draft2020-12/dynamicRef.json", "", "", dynamic},
    {"suite/draft2020-12/optional/refOfUnknownKeyword.json", "reference of a root arbitrary keyword ", "",
     unknown},
    {"suite/draft2020-12/optional/refOfUnknownKeyword.json",
     "reference of an arbitrary keyword of a sub-schema", "", unknown},
    {"suite/draft2020-12/optional/refOfUnknownKeyword.json", "reference internals of known non-applicator",
     "", "what is no schema cannot be referred to"},
    {"suite/draft2020-12/optional/unknownKeyword.json",
     "$id inside an unknown keyword is not a real identifier", "", unknown},
    {"suite/draft2020-12/ref.json", "remote ref, containing refs itself", "", otherDocument},
    {"suite/draft2020-12/refRemote.json", "", "", otherDocument},
    {"suite/draft2020-12/unevaluatedItems.json", "unevaluatedItems with $dynamicRef", "", dynamic},
    {"suite/draft2020-12/unevaluatedProperties.json", "unevaluatedProperties with $dynamicRef", "", dynamic},
    {"suite/draft2020-12/vocabulary.json",
     "schema that uses custom metaschema with with no validation vocabulary",
     "no validation: invalid number, but it still validates", "`$schema` takes no keyword away"},
    {"suite/draft7/definitions.json", "validate definition against metaschema", "", otherDocument},
    {"suite/draft7/optional/unknownKeyword.json", "$id inside an unknown keyword is not a real identifier",
     "", unknown},
    {"suite/draft7/ref.json", "ref overrides any sibling keywords", "ref valid, maxItems ignored", sibling},
    {"suite/draft7/ref.json", "$ref prevents a sibling $id from changing the base uri",
     "$ref resolves to /definitions/base_foo, data does not validate", sibling},
    {"suite/draft7/ref.json", "$ref prevents a sibling $id from changing the base uri",
     "$ref resolves to /definitions/base_foo, data validates", sibling},
    {"suite/draft7/ref.json", "remote ref, containing refs itself", "", otherDocument},
    {"suite/draft7/refRemote.json", "", "", otherDocument},
};

struct JsonSchemaSuite : OpsTest {
  size_t tests = 0, skipped = 0;
  std::set<const Deviation *> used;

  const Deviation *deviation(std::string_view file, std::string_view group, std::string_view test) {
    for (const Deviation &row : deviations)
      if (row.file == file && (row.group.empty() || row.group == group) && row.test == test)
        return used.insert(&row), &row;
    return nullptr;
  }

  Value fileAt(const std::string &path) {
    std::ifstream in(path);
    std::string text(std::istreambuf_iterator<char>(in), {});
    EXPECT_FALSE(text.empty()) << path;
    return J(text).value;
  }

  void run(const Value &group, std::string_view file) {
    std::string_view groupName = findKey(group, "description")->text();
    std::string what;
    auto schema = CompiledSchema::read(*findKey(group, "schema"), limits, what);
    std::span<const Value> cases = findKey(group, "tests")->items();
    if (const Value *reason = findKey(group, "refused")) {
      EXPECT_FALSE(schema) << groupName;
      EXPECT_NE(what.find(reason->text()), std::string::npos) << what;
      ++tests;
      return;
    }
    if (!schema) {
      EXPECT_TRUE(deviation(file, groupName, "")) << file << ": " << groupName << ": " << what;
      skipped += cases.size();
      return;
    }
    for (const Value &test : cases) {
      std::string_view name = findKey(test, "description")->text();
      std::vector<std::string> violations;
      OpError error;
      ASSERT_TRUE(
          schema->check(*findKey(test, "data"), CompiledSchema::Report::All, limits, violations, error));
      std::vector<std::string> first;
      ASSERT_TRUE(schema->check(*findKey(test, "data"), CompiledSchema::Report::First, limits, first, error));
      EXPECT_EQ(violations.empty(), first.empty()) << file << ": " << groupName << ": " << name;
      ++tests;
      if (violations.empty() == findKey(test, "valid")->asBool())
        continue;
      --tests, ++skipped;
      EXPECT_TRUE(deviation(file, groupName, name)) << file << ": " << groupName << ": " << name << ": "
                                                    << (violations.empty() ? "taken" : violations[0]);
    }
  }

  void runFolder(const std::string &folder) {
    std::vector<std::string> files;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(inputs + folder))
      if (entry.path().extension() == ".json")
        files.push_back(entry.path().string().substr(inputs.size()));
    std::ranges::sort(files);
    for (const std::string &file : files) {
      Value groups = fileAt(inputs + file);
      for (const Value &group : groups.items())
        run(group, file);
    }
  }
};

TEST_F(JsonSchemaSuite, TheOfficialTestsOfBothDraftsButForTheDeviationsNamed) {
  runFolder("suite");
  for (const Deviation &row : deviations)
    EXPECT_TRUE(used.contains(&row)) << "no longer so: " << row.file << ": " << row.group << ": " << row.test
                                     << ": " << row.reason;
  RecordProperty("passed", static_cast<int>(tests));
  RecordProperty("skipped", static_cast<int>(skipped));
  EXPECT_GT(tests, 2200u);
}

TEST_F(JsonSchemaSuite, SchemasAsPydanticZodAndTheOpenAiLibrariesPrintThem) {
  runFolder("generators");
  EXPECT_EQ(skipped, 0u);
  EXPECT_GT(tests, 900u);
}

} // namespace
