#include "Ops/CompiledSchema.h"
#include "Ops/JsonSupport.h"
#include "Ops/RegexWalk.h"
#include "Ops/Text.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Support/InternIndex.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>
#include <cmath>

using namespace xcs;

namespace {

uint8_t typesOf(const Value &json) {
  switch (json.kind()) {
  case ValueKind::None:
    return SchemaNode::Null;
  case ValueKind::Bool:
    return SchemaNode::Bool;
  case ValueKind::I64:
    return SchemaNode::Integer | SchemaNode::Number;
  case ValueKind::F64: // 1.0 is an integer in JSON Schema
    return json.asF64() == std::trunc(json.asF64()) ? SchemaNode::Integer | SchemaNode::Number
                                                    : SchemaNode::Number;
  case ValueKind::Str:
    return SchemaNode::Str;
  case ValueKind::List:
    return SchemaNode::Array;
  case ValueKind::Object:
    return SchemaNode::Object;
  case ValueKind::Empty:
  case ValueKind::Duration:
  case ValueKind::OptionNone:
  case ValueKind::Bytes:
  case ValueKind::Record:
  case ValueKind::OptionSome:
  case ValueKind::ResultOk:
  case ValueKind::ResultError:
  case ValueKind::Secret:
    return 0; // does not occur in values of type json
  }
  return 0;
}

/// "a string or null".
std::string typeNames(uint8_t types) {
  struct Row {
    uint8_t types;
    std::string_view name;
  };
  constexpr Row rows[] = {{SchemaNode::Number, "a number"}, {SchemaNode::Integer, "a whole number"},
                          {SchemaNode::Str, "a string"},    {SchemaNode::Bool, "a bool"},
                          {SchemaNode::Array, "an array"},  {SchemaNode::Object, "an object"},
                          {SchemaNode::Null, "null"}};
  if (types & SchemaNode::Number)
    types &= static_cast<uint8_t>(~SchemaNode::Integer); // already named
  std::string out;
  for (const Row &row : rows)
    if (types & row.types)
      out.append(out.empty() ? "" : " or ").append(row.name);
  return out;
}

/// The parts of a schema that apply other schemas, in the order of application.
enum class Phase : uint8_t { All, Any, One, Not, Properties, Items, Done };

/// A schema that is being applied to a value. Its parts are applied one after another: `next` of `phase`.
struct Application {
  const SchemaNode *node;
  const Value *json;
  size_t pathSize; // of the path to the value
  Phase phase = Phase::All;
  size_t next = 0;
  size_t before = 0;     // violations before the current part
  bool underWay = false; // whether there is a current part
  size_t fitting = 0;    // how many alternatives have matched so far
  std::string firstMisfit = {};
};

/// Applies schemas with an explicit stack: neither the value's depth nor the schema's uses the call stack.
class Checker {
public:
  Checker(const std::vector<SchemaNode> &nodes, CompiledSchema::Report report, const Limits &limits,
          std::vector<std::string> &violations, OpError &error)
      : nodes(nodes), report(report), limits(limits), violations(violations), error(error) {}

  bool check(const Value &json) {
    if (!apply(0, json))
      return false;
    while (!open.empty()) {
      if (report == CompiledSchema::Report::First && !violations.empty() && !alternatives)
        break;
      if (!step())
        return false;
    }
    // What stopped in the last part has found nothing, or too much.
    return !limits.isStopped() || failStopped(error);
  }

private:
  std::string place(const std::string &what) { return atPointer(path, what); }
  void wrong(const std::string &what) {
    violations.push_back(place(what));
    bytes += Value::textBytes(violations.back().size());
  }

  /// Begins to apply a schema to the value at `path`: checks the value as a whole.
  bool apply(uint32_t node, const Value &json) {
    if (limits.isStopped())
      return failStopped(error);
    if (++steps > limits[Limit::SchemaSteps])
      return failWithLimit(error, limits, Limit::SchemaSteps, "applying a JSON schema");
    if (bytes > limits[Limit::ValueBytes])
      return failWithLimit(error, limits, Limit::ValueBytes, "the violations of a JSON schema");
    open.push_back({&nodes[node], &json, path.size()});
    checkWhole(nodes[node], json);
    return true;
  }

  void checkWhole(const SchemaNode &node, const Value &json);
  void checkNumber(const SchemaNode &node, const Value &json);
  void checkRange(const SchemaNode::Range &range, uint64_t count, std::string_view noun);
  void checkUnique(const Value &json);
  void checkObject(const SchemaNode &node, const Value &json);

  bool step();
  void settle(Application &top);
  void finishPhase(Application &top);
  bool applyPart(Application &top);
  bool applyProperty(const SchemaNode &node, const Value &json, size_t i);
  static size_t partCount(const Application &top);

  const std::vector<SchemaNode> &nodes;
  CompiledSchema::Report report;
  const Limits &limits;
  std::vector<std::string> &violations;
  OpError &error;
  std::vector<Application> open;
  std::string path;
  uint64_t steps = 0, bytes = 0;
  size_t alternatives = 0; // nesting of `anyOf`, `oneOf` and `not`, within which a violation does not decide
};

void Checker::checkNumber(const SchemaNode &node, const Value &json) {
  auto shown = [](const Value &number) {
    return number.kind() == ValueKind::I64 ? std::to_string(number.asI64()) : printFloat(number.asF64());
  };
  auto require = [&](const std::optional<Value> &bound, auto holds, std::string_view rule) {
    if (bound && !holds(compareValues(json, *bound)))
      wrong("must be " + std::string(rule) + " " + shown(*bound) + ", not " + shown(json));
  };
  require(node.minimum, [](int c) { return c >= 0; }, "at least");
  require(node.maximum, [](int c) { return c <= 0; }, "at most");
  require(node.above, [](int c) { return c > 0; }, "above");
  require(node.below, [](int c) { return c < 0; }, "below");
}

void Checker::checkRange(const SchemaNode::Range &range, uint64_t count, std::string_view noun) {
  if (count < range.least)
    wrong("must have at least " + std::to_string(range.least) + " " + std::string(noun) + ", not " +
          std::to_string(count));
  if (count > range.most)
    wrong("must have at most " + std::to_string(range.most) + " " + std::string(noun) + ", not " +
          std::to_string(count));
}

void Checker::checkUnique(const Value &json) {
  InternIndex seen;
  std::span<const Value> items = json.items();
  for (uint32_t i = 0; i < items.size(); ++i) {
    if (limits.isStopped())
      return; // `check` notices it
    uint64_t hash = hashValue(items[i]);
    uint32_t earlier = seen.find(hash, [&](uint32_t e) { return equalValues(items[e], items[i]); });
    if (earlier != InternIndex::absent)
      return wrong("elements must differ, but " + std::to_string(earlier) + " and " + std::to_string(i) +
                   " are equal");
    seen.insert(hash, i);
  }
}

void Checker::checkObject(const SchemaNode &node, const Value &json) {
  checkRange(node.properties, json.size() / 2, "properties");
  for (const std::string &name : node.required)
    if (!findKey(json, name))
      wrong("the property `" + excerpt(name) + "` is missing");
}

void Checker::checkWhole(const SchemaNode &node, const Value &json) {
  if (node.never)
    return wrong("nothing is allowed here");
  if (!(node.types & typesOf(json))) {
    std::string found(jsonKindName(json));
    if (json.kind() == ValueKind::F64)
      found += " (`" + printFloat(json.asF64()) + "`)";
    return wrong("expected " + typeNames(node.types) + ", found " + found);
  }
  if (node.constant && !equalValues(json, *node.constant))
    wrong("is not the one value that `const` allows");
  if (node.choices &&
      std::ranges::none_of(*node.choices, [&](const Value &v) { return equalValues(json, v); }))
    wrong(json.kind() == ValueKind::Str ? "`" + excerpt(json.text()) + "` is not one of the values of `enum`"
                                        : "is not one of the values of `enum`");
  if (json.kind() == ValueKind::I64 || json.kind() == ValueKind::F64)
    checkNumber(node, json);
  if (json.kind() == ValueKind::Str) {
    checkRange(node.length, codePointCount(json.text()), "characters");
    if (node.pattern && !RegexWalk(*node.pattern, json, 0, RegexWalk::Find::First, limits).next())
      wrong("`" + excerpt(json.text()) + "` does not match `" + excerpt(node.patternText) + "`");
  }
  if (json.kind() == ValueKind::List) {
    checkRange(node.items, json.size(), "elements");
    if (node.uniqueItems)
      checkUnique(json);
  }
  if (json.kind() == ValueKind::Object)
    checkObject(node, json);
}

size_t Checker::partCount(const Application &top) {
  switch (top.phase) {
  case Phase::All:
    return top.node->all.size();
  case Phase::Any:
    return top.node->any.size();
  case Phase::One:
    return top.node->one.size();
  case Phase::Not:
    return top.node->negated != SchemaNode::none;
  case Phase::Properties: {
    bool asked =
        !top.node->namedProperties.empty() || top.node->closed || top.node->additional != SchemaNode::none;
    return asked && top.json->kind() == ValueKind::Object ? top.json->size() / 2 : 0;
  }
  case Phase::Items:
    return top.json->kind() == ValueKind::List && top.node->item != SchemaNode::none ? top.json->size() : 0;
  case Phase::Done:
    return 0;
  }
  return 0;
}

bool isAlternative(Phase phase) { return phase == Phase::Any || phase == Phase::One || phase == Phase::Not; }

/// A part has been applied: an alternative that does not match is not a violation yet.
void Checker::settle(Application &top) {
  top.underWay = false;
  path.resize(top.pathSize);
  if (!isAlternative(top.phase))
    return;
  --alternatives;
  if (violations.size() == top.before) {
    ++top.fitting;
    return;
  }
  if (top.firstMisfit.empty())
    top.firstMisfit = std::move(violations[top.before]);
  violations.resize(top.before);
}

void Checker::finishPhase(Application &top) {
  size_t count = partCount(top);
  if (count && top.phase == Phase::Any && top.fitting == 0)
    wrong("matches no schema of `anyOf`; the first failure is: " + top.firstMisfit);
  if (count && top.phase == Phase::One && top.fitting == 0)
    wrong("matches no schema of `oneOf`; the first failure is: " + top.firstMisfit);
  if (count && top.phase == Phase::One && top.fitting > 1)
    wrong("matches " + std::to_string(top.fitting) + " schemas of `oneOf`, not just one");
  if (count && top.phase == Phase::Not && top.fitting == 1)
    wrong("matches the schema of `not`");
  top.phase = static_cast<Phase>(static_cast<uint8_t>(top.phase) + 1);
  top.next = top.fitting = 0;
  top.firstMisfit.clear();
}

bool Checker::step() {
  Application &top = open.back();
  if (top.underWay)
    settle(top);
  while (top.phase != Phase::Done && top.next == partCount(top))
    finishPhase(top);
  if (top.phase == Phase::Done) {
    open.pop_back();
    return true;
  }
  top.before = violations.size();
  top.underWay = true;
  if (isAlternative(top.phase))
    ++alternatives;
  return applyPart(top);
}

/// Opening the part may move `top`.
bool Checker::applyPart(Application &top) {
  const SchemaNode &node = *top.node;
  const Value &json = *top.json;
  size_t i = top.next++;
  switch (top.phase) {
  case Phase::All:
    return apply(node.all[i], json);
  case Phase::Any:
    return apply(node.any[i], json);
  case Phase::One:
    return apply(node.one[i], json);
  case Phase::Not:
    return apply(node.negated, json);
  case Phase::Properties:
    return applyProperty(node, json, i);
  case Phase::Items:
    appendPointerIndex(path, i);
    return apply(node.item, json.items()[i]);
  case Phase::Done:
    break;
  }
  return true;
}

bool Checker::applyProperty(const SchemaNode &node, const Value &json, size_t i) {
  std::string_view key = json.items()[2 * i].text();
  auto named = std::ranges::lower_bound(node.namedProperties, key, std::less<>(),
                                        &std::pair<std::string, uint32_t>::first);
  bool known = named != node.namedProperties.end() && named->first == key;
  appendPointerKey(path, key);
  if (known)
    return apply(named->second, json.items()[2 * i + 1]);
  if (node.closed)
    wrong("there is no such property");
  return node.additional == SchemaNode::none || apply(node.additional, json.items()[2 * i + 1]);
}

} // namespace

bool CompiledSchema::check(const Value &json, Report report, const Limits &limits,
                           std::vector<std::string> &violations, OpError &error) const {
  return Checker(nodes, report, limits, violations, error).check(json);
}
