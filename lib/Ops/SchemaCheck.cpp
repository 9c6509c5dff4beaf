#include "Ops/CompiledSchema.h"
#include "Ops/Decimal.h"
#include "Ops/JsonSupport.h"
#include "Ops/KeyFinder.h"
#include "Ops/Text.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Support/Counted.h"
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
  case ValueKind::Whole:
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
  case ValueKind::Dict:
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

/// What the parts of a schema that apply other schemas do, in the order in which they are applied.
/// Rest looks at what the others have left.
enum class Phase : uint8_t {
  All,
  Any,
  One,
  Not,
  If,
  Then, // or Else
  Dependent,
  Properties,
  PropertyNames,
  Items,
  Contains,
  Rest,
  Done
};

/// Whether the parts of a phase decide something by fitting or not, so that a misfit is not a violation yet.
bool isTrial(Phase phase) {
  switch (phase) {
  case Phase::Any:
  case Phase::One:
  case Phase::Not:
  case Phase::If:
  case Phase::PropertyNames:
  case Phase::Contains:
    return true;
  case Phase::All:
  case Phase::Then:
  case Phase::Dependent:
  case Phase::Properties:
  case Phase::Items:
  case Phase::Rest:
  case Phase::Done:
    return false;
  }
  return false;
}

/// Whether its parts are applied to the value itself, so that what they evaluate of it is evaluated here,
/// too.
bool isInPlace(Phase phase) {
  switch (phase) {
  case Phase::All:
  case Phase::Any:
  case Phase::One:
  case Phase::If:
  case Phase::Then:
  case Phase::Dependent:
    return true;
  case Phase::Not:
  case Phase::Properties:
  case Phase::PropertyNames:
  case Phase::Items:
  case Phase::Contains:
  case Phase::Rest:
  case Phase::Done:
    return false;
  }
  return false;
}

/// A schema that is being applied to a value. Its parts are applied one after another: `next` of `phase`.
struct Application {
  const SchemaNode *node;
  const Value *json;
  size_t pathSize; // of the path to the value
  Phase phase = Phase::All;
  size_t next = 0;
  size_t before = 0;     // violations before the part that is in progress
  bool underWay = false; // whether there is one
  size_t fitting = 0;    // of the trials of this phase so far
  bool isChosen = false; // `misfit` is that of the alternative which the discriminator names
  bool holds = false;    // what `if` asks for
  std::string misfit = {};
  // Which elements or properties a schema has been applied to, where a schema asks for the rest of them.
  bool collects = false;
  std::vector<bool> evaluated = {};

  void evaluate(size_t i) {
    if (collects)
      evaluated[i] = true;
  }
};

/// The elements of an array, the properties of an object.
size_t partsOf(const Value &json) {
  if (json.kind() == ValueKind::List)
    return json.size();
  return json.kind() == ValueKind::Object ? json.size() / 2 : 0;
}

/// Applies schemas with a stack of its own: neither the value's depth nor the schema's takes the machine's.
class Checker {
public:
  Checker(const std::vector<SchemaNode> &nodes, CompiledSchema::Report report, const Limits &limits,
          std::vector<std::string> &violations, OpError &error)
      : nodes(nodes), report(report), limits(limits), violations(violations), error(error) {}

  bool check(const Value &json) {
    if (!apply(0, json, false))
      return false;
    while (!open.empty()) {
      if (report == CompiledSchema::Report::First && !violations.empty() && !trials)
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

  bool spend(uint64_t count) {
    if (limits.isStopped())
      return failStopped(error);
    if ((steps += count) > limits[Limit::SchemaSteps])
      return failWithLimit(error, limits, Limit::SchemaSteps, "applying a JSON schema");
    if (bytes > limits[Limit::ValueBytes])
      return failWithLimit(error, limits, Limit::ValueBytes, "the violations of a JSON schema");
    return true;
  }

  /// Begins to apply a schema to the value at `path`: what it says of the value as a whole. `collects`:
  /// whether a schema around it asks what it leaves of the same value.
  bool apply(uint32_t index, const Value &json, bool collects) {
    const SchemaNode &node = nodes[index];
    uint32_t rest = json.kind() == ValueKind::List ? node.restItems : node.restProperties;
    size_t parts = collects || rest != SchemaNode::none ? partsOf(json) : 0;
    // What takes time by the size of the schema itself counts, too, if little.
    size_t compared = (node.choices ? node.choices->size() : 0) + node.required.size();
    if (!spend(1 + (parts + compared) / 64))
      return false;
    checkWhole(node, json);
    const bool isContainer = json.kind() == ValueKind::List || json.kind() == ValueKind::Object;
    if (!node.hasInPlace && !(isContainer && node.hasParts))
      return true;
    open.push_back({&node, &json, path.size()});
    if (parts != 0) {
      open.back().collects = true;
      open.back().evaluated.resize(parts);
    }
    return true;
  }

  void checkWhole(const SchemaNode &node, const Value &json);
  void checkNumber(const SchemaNode &node, const Value &json);
  void checkRange(const SchemaNode::Range &range, uint64_t count, std::string_view noun);
  void checkUnique(const Value &json);
  void checkObject(const SchemaNode &node, const Value &json);

  bool step();
  void settle(Application &top);
  void finishPhase(Application &top, size_t count);
  void tellMisfit(Application &top);
  bool applyPart(Application &top);
  bool applyProperty(Application &top, size_t i);
  bool applyOtherProperty(Application &top, size_t property, std::string_view key);
  bool applyItem(Application &top, size_t i);
  bool applyRest(Application &top, size_t i);
  void keepMisfit(Application &top);
  bool isDiscriminated(const Application &top) const;
  static size_t partCount(const Application &top);

  const std::vector<SchemaNode> &nodes;
  CompiledSchema::Report report;
  const Limits &limits;
  std::vector<std::string> &violations;
  OpError &error;
  std::vector<Application> open;
  std::string path;
  std::vector<bool> lastEvaluated; // by the schema applied last
  uint64_t steps = 0, bytes = 0;
  size_t trials = 0; // that are in progress: there a violation decides nothing
};

void Checker::checkNumber(const SchemaNode &node, const Value &json) {
  auto shown = [](const Value &number) {
    if (number.kind() == ValueKind::Whole)
      return excerpt(number.text());
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
  if (node.multipleOf && !isMultipleOf(json, *node.multipleOf))
    wrong("must be a multiple of " + shown(*node.multipleOf) + ", not " + shown(json));
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
  constexpr size_t few = 256;
  checkRange(node.properties, json.size() / 2, "properties");
  KeyFinder keys;
  const size_t asked = node.required.size() + node.dependentRequired.size();
  const bool isLarge = asked * json.size() > few;
  if (isLarge)
    keys = KeyFinder(json.size() / 2, [&](size_t i) { return json.items()[2 * i].text(); });
  auto has = [&](std::string_view key) {
    return isLarge ? keys.find(key) != KeyFinder::absent : findKey(json, key) != nullptr;
  };
  for (const std::string &name : node.required)
    if (!has(name))
      wrong("the property `" + excerpt(name) + "` is missing");
  for (const auto &[key, names] : node.dependentRequired)
    if (has(key))
      for (const std::string &name : names)
        if (!has(name))
          wrong("the property `" + excerpt(name) + "` is missing, which `" + excerpt(key) + "` requires");
}

void Checker::checkWhole(const SchemaNode &node, const Value &json) {
  if (node.never)
    return wrong("nothing is allowed here");
  if (!(node.types & typesOf(json)))
    return wrong("expected " + typeNames(node.types) + ", found " + foundJson(json));
  if (node.constant && !equalValues(json, *node.constant))
    wrong("is not the one value that `const` allows");
  if (node.choices &&
      std::ranges::none_of(*node.choices, [&](const Value &v) { return equalValues(json, v); }))
    wrong(json.kind() == ValueKind::Str ? "`" + excerpt(json.text()) + "` is not one of the values of `enum`"
                                        : "is not one of the values of `enum`");
  if (typesOf(json) & SchemaNode::Number)
    checkNumber(node, json);
  if (json.kind() == ValueKind::Str) {
    checkRange(node.length, codePointCount(json.text()), "characters");
    if (node.pattern && !node.pattern->matches(json, limits))
      wrong("`" + excerpt(json.text()) + "` does not match `" + excerpt(node.pattern->text()) + "`");
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
  const SchemaNode &node = *top.node;
  const bool isList = top.json->kind() == ValueKind::List, isObject = top.json->kind() == ValueKind::Object;
  const size_t parts = partsOf(*top.json);
  switch (top.phase) {
  case Phase::All:
    return node.all.size();
  case Phase::Any:
    return node.any.size();
  case Phase::One:
    return node.one.size();
  case Phase::Not:
    return node.negated != SchemaNode::none;
  case Phase::If:
    return node.condition != SchemaNode::none;
  case Phase::Then:
    return node.condition != SchemaNode::none &&
           (top.holds ? node.consequence : node.otherwise) != SchemaNode::none;
  case Phase::Dependent:
    return isObject ? node.dependent.size() : 0;
  case Phase::Properties: {
    bool asked = !node.namedProperties.empty() || !node.patternProperties.empty() || node.closed ||
                 node.additional != SchemaNode::none || (node.open && top.collects);
    return asked && isObject ? parts * (node.patternProperties.size() + 1) : 0;
  }
  case Phase::PropertyNames:
    return isObject && node.propertyName != SchemaNode::none ? parts : 0;
  case Phase::Items:
    if (!isList)
      return 0;
    return node.item != SchemaNode::none ? parts : std::min(parts, node.firstItems.size());
  case Phase::Contains:
    return isList && node.contained != SchemaNode::none ? parts : 0;
  case Phase::Rest:
    return (isList ? node.restItems : node.restProperties) != SchemaNode::none ? parts : 0;
  case Phase::Done:
    return 0;
  }
  return 0;
}

/// Whether the discriminator names the alternative that has just been applied.
bool Checker::isDiscriminated(const Application &top) const {
  const SchemaNode &node = *top.node;
  if (node.discriminated.empty() || top.json->kind() != ValueKind::Object)
    return false;
  const Value *chosen = findKey(*top.json, node.discriminator);
  if (!chosen || chosen->kind() != ValueKind::Str)
    return false;
  auto row = std::ranges::lower_bound(node.discriminated, chosen->text(), std::less<>(),
                                      &std::pair<std::string, uint32_t>::first);
  if (row == node.discriminated.end() || row->first != chosen->text())
    return false;
  uint32_t applied = (top.phase == Phase::Any ? node.any : node.one)[top.next - 1];
  const std::vector<uint32_t> &all = nodes[applied].all;
  return row->second == applied || std::ranges::find(all, row->second) != all.end();
}

/// Takes the violations of a trial back, but for the one that its message may show.
void Checker::keepMisfit(Application &top) {
  std::string misfit = std::move(violations[top.before]);
  violations.resize(top.before);
  if (top.phase == Phase::PropertyNames) {
    std::string_view key = top.json->items()[2 * (top.next - 1)].text();
    wrong("the name of the property `" + excerpt(key) + "` does not fit `propertyNames`: " + misfit);
    return;
  }
  bool isChosen =
      !top.isChosen && (top.phase == Phase::Any || top.phase == Phase::One) && isDiscriminated(top);
  if (top.misfit.empty() || isChosen)
    top.misfit = std::move(misfit);
  top.isChosen |= isChosen;
}

/// A part has been applied.
void Checker::settle(Application &top) {
  top.underWay = false;
  path.resize(top.pathSize);
  const bool fits = violations.size() == top.before;
  if (top.collects && isInPlace(top.phase) && (fits || !isTrial(top.phase)))
    for (size_t i = 0; i < lastEvaluated.size(); ++i)
      if (lastEvaluated[i])
        top.evaluated[i] = true;
  if (!isTrial(top.phase))
    return;
  --trials;
  if (!fits)
    return keepMisfit(top);
  ++top.fitting;
  if (top.phase == Phase::If)
    top.holds = true;
  if (top.phase == Phase::Contains)
    top.evaluate(top.next - 1);
}

/// What the trials of a phase have come to.
void Checker::tellMisfit(Application &top) {
  std::string why;
  if (!top.misfit.empty())
    why = (top.isChosen ? "; that of `" + excerpt(top.node->discriminator) + "` fails: "
                        : "; the first failure is: ") +
          top.misfit;
  if (top.phase == Phase::Any && top.fitting == 0)
    wrong("matches no schema of `anyOf`" + why);
  if (top.phase == Phase::One && top.fitting == 0)
    wrong("matches no schema of `oneOf`" + why);
  if (top.phase == Phase::One && top.fitting > 1)
    wrong("matches " + std::to_string(top.fitting) + " schemas of `oneOf`, not just one");
  if (top.phase == Phase::Not && top.fitting == 1)
    wrong("matches the schema of `not`");
  if (top.phase == Phase::Contains) {
    const SchemaNode::Range &range = top.node->matching;
    if (top.fitting < range.least)
      wrong("must have at least " + counted(range.least, "element") + " that match `contains`, not " +
            std::to_string(top.fitting) + why);
    if (top.fitting > range.most)
      wrong("must have at most " + counted(range.most, "element") + " that match `contains`, not " +
            std::to_string(top.fitting));
  }
}

void Checker::finishPhase(Application &top, size_t count) {
  const bool isContained = top.phase == Phase::Contains && top.json->kind() == ValueKind::List &&
                           top.node->contained != SchemaNode::none; // an empty array, too
  if (isContained || (count != 0 && isTrial(top.phase)))
    tellMisfit(top);
  if (count != 0) {
    top.next = top.fitting = 0;
    top.isChosen = false;
    top.misfit.clear();
  }
  top.phase = static_cast<Phase>(static_cast<uint8_t>(top.phase) + 1);
}

bool Checker::step() {
  Application &top = open.back();
  if (top.underWay)
    settle(top);
  if (top.phase == Phase::All && !top.node->hasInPlace)
    top.phase = Phase::Properties;
  while (top.phase != Phase::Done) {
    size_t count = partCount(top);
    if (top.next != count)
      break;
    finishPhase(top, count);
  }
  if (top.phase == Phase::Done) {
    lastEvaluated = std::move(top.evaluated);
    open.pop_back();
    return true;
  }
  top.before = violations.size();
  top.underWay = true;
  lastEvaluated.clear();
  if (isTrial(top.phase))
    ++trials;
  return applyPart(top);
}

/// Opening the part may move `top`.
bool Checker::applyPart(Application &top) {
  const SchemaNode &node = *top.node;
  const Value &json = *top.json;
  size_t i = top.next++;
  switch (top.phase) {
  case Phase::All:
    return apply(node.all[i], json, top.collects);
  case Phase::Any:
    return apply(node.any[i], json, top.collects);
  case Phase::One:
    return apply(node.one[i], json, top.collects);
  case Phase::Not:
    return apply(node.negated, json, false);
  case Phase::If:
    return apply(node.condition, json, top.collects);
  case Phase::Then:
    return apply(top.holds ? node.consequence : node.otherwise, json, top.collects);
  case Phase::Dependent:
    if (!spend(json.size() / 64))
      return false;
    return !findKey(json, node.dependent[i].first) || apply(node.dependent[i].second, json, top.collects);
  case Phase::Properties:
    return applyProperty(top, i);
  case Phase::PropertyNames:
    return apply(node.propertyName, json.items()[2 * i], false);
  case Phase::Items:
    return applyItem(top, i);
  case Phase::Contains:
    appendPointerIndex(path, i);
    return apply(node.contained, json.items()[i], false);
  case Phase::Rest:
    return applyRest(top, i);
  case Phase::Done:
    break;
  }
  return true;
}

/// A property has as many parts as there are patterns, and one before them for its name.
bool Checker::applyProperty(Application &top, size_t i) {
  const SchemaNode &node = *top.node;
  const size_t width = node.patternProperties.size() + 1, property = i / width, pattern = i % width;
  std::string_view key = top.json->items()[2 * property].text();
  const Value &value = top.json->items()[2 * property + 1];
  appendPointerKey(path, key);
  if (pattern != 0) {
    if (!spend(1))
      return false;
    const auto &[keys, schema] = node.patternProperties[pattern - 1];
    if (!keys.matches(key))
      return true;
    top.evaluate(property);
    return apply(schema, value, false);
  }
  auto named = std::ranges::lower_bound(node.namedProperties, key, std::less<>(),
                                        &std::pair<std::string, uint32_t>::first);
  if (named != node.namedProperties.end() && named->first == key) {
    top.evaluate(property);
    return apply(named->second, value, false);
  }
  return applyOtherProperty(top, property, key);
}

/// One that has no schema by its name: is there one by a pattern?
bool Checker::applyOtherProperty(Application &top, size_t property, std::string_view key) {
  const SchemaNode &node = *top.node;
  if (!node.closed && !node.open && node.additional == SchemaNode::none)
    return true;
  if (!spend(node.patternProperties.size()))
    return false;
  if (std::ranges::any_of(node.patternProperties, [&](const auto &row) { return row.first.matches(key); }))
    return true;
  top.evaluate(property);
  if (node.closed)
    wrong("there is no such property");
  return node.additional == SchemaNode::none ||
         apply(node.additional, top.json->items()[2 * property + 1], false);
}

bool Checker::applyItem(Application &top, size_t i) {
  const SchemaNode &node = *top.node;
  appendPointerIndex(path, i);
  top.evaluate(i);
  return apply(i < node.firstItems.size() ? node.firstItems[i] : node.item, top.json->items()[i], false);
}

bool Checker::applyRest(Application &top, size_t i) {
  if (top.evaluated[i])
    return true;
  top.evaluate(i);
  if (top.json->kind() == ValueKind::List) {
    appendPointerIndex(path, i);
    return apply(top.node->restItems, top.json->items()[i], false);
  }
  appendPointerKey(path, top.json->items()[2 * i].text());
  if (nodes[top.node->restProperties].never)
    return wrong("there is no such property"), true;
  return apply(top.node->restProperties, top.json->items()[2 * i + 1], false);
}

} // namespace

bool CompiledSchema::check(const Value &json, Report report, const Limits &limits,
                           std::vector<std::string> &violations, OpError &error) const {
  return Checker(nodes, report, limits, violations, error).check(json);
}
