#include "FieldReader.h"
#include "ReplyReader.h"
#include "Script.h"

namespace xcs::faults {

using Value = FieldReader::Value;

static void readFieldTests(FieldReader &in, std::string_view key, Value value,
                           std::vector<FieldTest> &tests) {
  for (auto [name, wanted] : in.fields(key, value)) {
    FieldTest &test = tests.emplace_back();
    test.name = name;
    if (!wanted.is_null())
      test.value = in.text(name, wanted);
  }
}

static void readCondition(FieldReader &in, std::string_view key, Value value, Match &match) {
  if (key == "method") {
    match.method = in.text(key, value);
  } else if (key == "path") {
    match.path = in.text(key, value);
  } else if (key == "body_contains") {
    match.bodyContains = in.texts(key, value);
  } else if (key == "last_contains") {
    match.lastContains = in.texts(key, value);
  } else if (key == "header") {
    readFieldTests(in, key, value, match.headers);
  } else if (key == "query") {
    readFieldTests(in, key, value, match.query);
  } else if (key == "json") {
    for (auto [pointer, wanted] : in.fields(key, value))
      match.json.push_back({std::string(pointer), in.compact(wanted)});
  } else if (key == "has") {
    match.has = in.texts(key, value);
  } else if (key == "lacks") {
    match.lacks = in.texts(key, value);
  } else if (key == "beyond") {
    match.beyond = in.texts(key, value);
  } else if (key == "reused") {
    match.reused = in.flag(key, value);
  } else if (key == "in_flight_above") {
    match.inFlightAbove = in.count(key, value);
  } else if (key == "above_rate") {
    match.aboveRate = in.count(key, value);
  } else if (key == "nth") {
    match.from = match.to = in.count(key, value);
  } else if (key == "from") {
    match.from = in.count(key, value);
  } else if (key == "to") {
    match.to = in.count(key, value);
  } else {
    in.fail(key, "is not a condition");
  }
}

static void readRule(FieldReader &in, Value value, const std::string &folder, Rule &rule) {
  for (auto [key, field] : in.fields("rule", value)) {
    simdjson::dom::array list;
    if (key == "match") {
      for (auto [name, condition] : in.fields(key, field))
        readCondition(in, name, condition, rule.match);
    } else if (key == "reply" && field.get(list) == simdjson::SUCCESS) {
      for (Value item : list)
        readReply(in, item, folder, rule.replies.emplace_back());
    } else if (key == "reply") {
      readReply(in, field, folder, rule.replies.emplace_back());
    } else if (key == "note") {
      in.text(key, field);
    } else {
      in.fail(key, "is not part of a rule");
    }
  }
  if (rule.replies.empty())
    in.fail("reply", "is missing or empty");
}

Result<Script, Error> parseScript(std::string_view json, const std::string &folder) {
  simdjson::dom::parser parser;
  Value root;
  const auto error = parser.parse(json.data(), json.size()).get(root);
  if (error != simdjson::SUCCESS)
    return Error{std::string("the script is not JSON: ") + simdjson::error_message(error)};
  simdjson::dom::array rules;
  if (root.get(rules) != simdjson::SUCCESS)
    return Error{"the script must be a list of rules"};
  Script script;
  for (Value value : rules) {
    FieldReader in("rule " + std::to_string(script.rules.size() + 1));
    readRule(in, value, folder, script.rules.emplace_back());
    if (!in.mistake().empty())
      return Error{in.mistake()};
  }
  return script;
}

} // namespace xcs::faults
