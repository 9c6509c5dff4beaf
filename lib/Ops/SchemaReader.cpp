#include "Ops/CompiledSchema.h"
#include "Ops/JsonSupport.h"
#include "xcs/Support/NearestName.h"
#include <algorithm>
#include <map>

using namespace xcs;

namespace {

class Reader;

/// The handler of a keyword; returns false if its value is wrong.
struct Keyword {
  std::string_view name;
  bool (Reader::*read)(const Value &value);
};

/// Reads schemas from the outermost inwards: `open` contains those still to be read. References are resolved
/// at the end, when the places of all schemas are known.
class Reader {
public:
  Reader(std::vector<SchemaNode> &nodes, const Limits &limits, std::string &what)
      : nodes(nodes), limits(limits), what(what) {}

  bool read(const Value &schema) {
    addNode(schema, "");
    while (next < open.size()) {
      // Reading a schema opens those in it, which may move both vectors.
      at = open[next];
      node = next++;
      if (!readNode(*at.json))
        return false;
    }
    return resolveReferences() && everyLoopEntersAPart();
  }

private:
  struct Place {
    const Value *json = nullptr;
    std::string pointer = {};
  };
  SchemaNode &current() { return nodes[node]; }

  bool wrong(std::string_view pointer, std::string_view why) {
    what = atPointer(pointer, why);
    return false;
  }
  bool wrongKeyword(std::string_view why) { return wrong(at.pointer + "/" + std::string(keyword), why); }

  uint32_t addNode(const Value &schema, std::string pointer) {
    auto index = static_cast<uint32_t>(nodes.size());
    nodes.emplace_back();
    byPointer[pointer] = index;
    open.push_back({&schema, std::move(pointer)});
    return index;
  }
  /// The schema that is the value of the current keyword.
  uint32_t part(const Value &schema) { return addNode(schema, at.pointer + "/" + std::string(keyword)); }

  bool readNode(const Value &schema);

  // Keywords.
  bool skip(const Value &) { return true; }
  bool type(const Value &value);
  bool addType(const Value &name);
  bool constant(const Value &value) { return current().constant = value, true; }
  bool choices(const Value &value);
  bool bound(const Value &value, std::optional<Value> SchemaNode::*to);
  bool minimum(const Value &value) { return bound(value, &SchemaNode::minimum); }
  bool maximum(const Value &value) { return bound(value, &SchemaNode::maximum); }
  bool above(const Value &value) { return bound(value, &SchemaNode::above); }
  bool below(const Value &value) { return bound(value, &SchemaNode::below); }
  bool count(const Value &value, uint64_t &to);
  bool minLength(const Value &value) { return count(value, current().length.least); }
  bool maxLength(const Value &value) { return count(value, current().length.most); }
  bool minItems(const Value &value) { return count(value, current().items.least); }
  bool maxItems(const Value &value) { return count(value, current().items.most); }
  bool minProperties(const Value &value) { return count(value, current().properties.least); }
  bool maxProperties(const Value &value) { return count(value, current().properties.most); }
  bool uniqueItems(const Value &value);
  bool pattern(const Value &value);
  bool items(const Value &value) { return current().item = part(value), true; }
  bool namedSchemas(const Value &value, bool asProperties);
  bool properties(const Value &value) { return namedSchemas(value, true); }
  bool definitions(const Value &value) { return namedSchemas(value, false); }
  bool required(const Value &value);
  bool additional(const Value &value);
  bool alternatives(const Value &value, std::vector<uint32_t> SchemaNode::*to);
  bool allOf(const Value &value) { return alternatives(value, &SchemaNode::all); }
  bool anyOf(const Value &value) { return alternatives(value, &SchemaNode::any); }
  bool oneOf(const Value &value) { return alternatives(value, &SchemaNode::one); }
  bool negated(const Value &value) { return current().negated = part(value), true; }
  bool reference(const Value &value);

  bool resolveReferences();
  bool everyLoopEntersAPart();

  static const Keyword keywords[];

  std::vector<SchemaNode> &nodes;
  const Limits &limits;
  std::string &what;
  std::vector<Place> open; // by node
  std::map<std::string, uint32_t, std::less<>> byPointer;
  struct Reference {
    uint32_t from;
    std::string pointer, target;
  };
  std::vector<Reference> references;
  uint32_t next = 0, node = 0;
  Place at;                 // of the current schema
  std::string_view keyword; // the current one
};

// Annotations, which do not affect validity, are skipped. Every other keyword is known or an error: nothing
// is accepted without being checked.
constexpr const Keyword Reader::keywords[] = {
    {"type", &Reader::type},
    {"const", &Reader::constant},
    {"enum", &Reader::choices},
    {"minimum", &Reader::minimum},
    {"maximum", &Reader::maximum},
    {"exclusiveMinimum", &Reader::above},
    {"exclusiveMaximum", &Reader::below},
    {"minLength", &Reader::minLength},
    {"maxLength", &Reader::maxLength},
    {"minItems", &Reader::minItems},
    {"maxItems", &Reader::maxItems},
    {"minProperties", &Reader::minProperties},
    {"maxProperties", &Reader::maxProperties},
    {"uniqueItems", &Reader::uniqueItems},
    {"pattern", &Reader::pattern},
    {"items", &Reader::items},
    {"properties", &Reader::properties},
    {"required", &Reader::required},
    {"additionalProperties", &Reader::additional},
    {"allOf", &Reader::allOf},
    {"anyOf", &Reader::anyOf},
    {"oneOf", &Reader::oneOf},
    {"not", &Reader::negated},
    {"$ref", &Reader::reference},
    {"$defs", &Reader::definitions},
    {"definitions", &Reader::definitions},
    {"$schema", &Reader::skip},
    {"$id", &Reader::skip},
    {"$comment", &Reader::skip},
    {"title", &Reader::skip},
    {"description", &Reader::skip},
    {"default", &Reader::skip},
    {"examples", &Reader::skip},
    {"deprecated", &Reader::skip},
    {"readOnly", &Reader::skip},
    {"writeOnly", &Reader::skip},
    {"format", &Reader::skip},
    {"contentEncoding", &Reader::skip},
    {"contentMediaType", &Reader::skip},
};

bool Reader::readNode(const Value &schema) {
  if (schema.kind() == ValueKind::Bool) {
    current().never = !schema.asBool();
    return true;
  }
  if (schema.kind() != ValueKind::Object)
    return wrong(at.pointer, "a schema is an object or a bool, not " + std::string(jsonKindName(schema)));
  for (size_t i = 0; i < schema.size(); i += 2) {
    keyword = schema.items()[i].text();
    const Keyword *row = std::ranges::find(keywords, keyword, &Keyword::name);
    if (row == std::end(keywords)) {
      NearestName nearest(keyword);
      for (const Keyword &known : keywords)
        nearest.offer(known.name);
      return wrong(at.pointer,
                   "the keyword `" + std::string(keyword) + "` is not supported" + nearest.suggestion());
    }
    if (!(this->*row->read)(schema.items()[i + 1]))
      return false;
  }
  std::ranges::sort(current().namedProperties);
  return true;
}

bool Reader::addType(const Value &name) {
  struct Row {
    std::string_view name;
    uint8_t types;
  };
  constexpr Row rows[] = {
      {"null", SchemaNode::Null},       {"boolean", SchemaNode::Bool},
      {"integer", SchemaNode::Integer}, {"number", SchemaNode::Integer | SchemaNode::Number},
      {"string", SchemaNode::Str},      {"array", SchemaNode::Array},
      {"object", SchemaNode::Object}};
  if (name.kind() == ValueKind::Str)
    for (const Row &row : rows)
      if (row.name == name.text()) {
        current().types |= row.types;
        return true;
      }
  return wrongKeyword("a type is `null`, `boolean`, `integer`, `number`, `string`, `array` or `object`");
}

bool Reader::type(const Value &value) {
  current().types = 0;
  if (value.kind() != ValueKind::List)
    return addType(value);
  return std::ranges::all_of(value.items(), [&](const Value &name) { return addType(name); });
}

bool Reader::choices(const Value &value) {
  if (value.kind() != ValueKind::List)
    return wrongKeyword("it must be an array");
  current().choices.emplace(value.items().begin(), value.items().end());
  return true;
}

bool Reader::bound(const Value &value, std::optional<Value> SchemaNode::*to) {
  if (value.kind() != ValueKind::I64 && value.kind() != ValueKind::F64)
    return wrongKeyword("it must be a number");
  current().*to = value;
  return true;
}

bool Reader::count(const Value &value, uint64_t &to) {
  if (value.kind() != ValueKind::I64 || value.asI64() < 0)
    return wrongKeyword("it must be a non-negative whole number");
  to = static_cast<uint64_t>(value.asI64());
  return true;
}

bool Reader::uniqueItems(const Value &value) {
  if (value.kind() != ValueKind::Bool)
    return wrongKeyword("it must be a bool");
  current().uniqueItems = value.asBool();
  return true;
}

bool Reader::pattern(const Value &value) {
  if (value.kind() != ValueKind::Str)
    return wrongKeyword("it must be a string");
  std::string why;
  current().patternText = value.text();
  current().pattern = Regex::compile(value.text(), limits, why);
  return current().pattern || wrongKeyword("it is not a valid regular expression: " + why);
}

bool Reader::namedSchemas(const Value &value, bool asProperties) {
  if (value.kind() != ValueKind::Object)
    return wrongKeyword("it must be an object");
  for (size_t i = 0; i < value.size(); i += 2) {
    std::string pointer = at.pointer + "/" + std::string(keyword);
    appendPointerKey(pointer, value.items()[i].text());
    uint32_t index = addNode(value.items()[i + 1], std::move(pointer));
    if (asProperties)
      current().namedProperties.emplace_back(value.items()[i].text(), index);
  }
  return true;
}

bool Reader::required(const Value &value) {
  if (value.kind() != ValueKind::List)
    return wrongKeyword("it must be an array of strings");
  for (const Value &name : value.items()) {
    if (name.kind() != ValueKind::Str)
      return wrongKeyword("it must be an array of strings");
    current().required.emplace_back(name.text());
  }
  return true;
}

bool Reader::additional(const Value &value) {
  if (value.kind() == ValueKind::Bool)
    return current().closed = !value.asBool(), true;
  uint32_t index = part(value); // may move the nodes
  return current().additional = index, true;
}

bool Reader::alternatives(const Value &value, std::vector<uint32_t> SchemaNode::*to) {
  if (value.kind() != ValueKind::List || value.size() == 0)
    return wrongKeyword("it must be an array of at least one schema");
  for (size_t i = 0; i < value.size(); ++i) {
    std::string pointer = at.pointer + "/" + std::string(keyword);
    appendPointerIndex(pointer, i);
    uint32_t index = addNode(value.items()[i], std::move(pointer));
    (current().*to).push_back(index);
  }
  return true;
}

bool Reader::reference(const Value &value) {
  if (value.kind() != ValueKind::Str || !value.text().starts_with('#'))
    return wrongKeyword("it must refer to this schema, such as `#/$defs/name`");
  references.push_back({node, at.pointer + "/$ref", std::string(value.text().substr(1))});
  return true;
}

bool Reader::resolveReferences() {
  for (const Reference &reference : references) {
    auto found = byPointer.find(reference.target);
    if (found == byPointer.end())
      return wrong(reference.pointer, "there is no schema at `#" + reference.target + "`");
    nodes[reference.from].all.push_back(found->second);
  }
  return true;
}

/// A cycle of references is fine if it passes through a part of the value, which gets smaller; one that
/// applies a schema to the same value again would never end. Depth-first; `path` leads to the current node.
bool Reader::everyLoopEntersAPart() {
  auto inPlace = [&](uint32_t index) {
    const SchemaNode &from = nodes[index];
    std::vector<uint32_t> to = from.all;
    to.insert(to.end(), from.any.begin(), from.any.end());
    to.insert(to.end(), from.one.begin(), from.one.end());
    if (from.negated != SchemaNode::none)
      to.push_back(from.negated);
    return to;
  };
  enum class Mark : uint8_t { New, Open, Done };
  std::vector<Mark> marks(nodes.size(), Mark::New);
  struct Step {
    uint32_t index;
    std::vector<uint32_t> to;
  };
  for (uint32_t start = 0; start < nodes.size(); ++start) {
    std::vector<Step> path;
    if (marks[start] == Mark::New)
      path.push_back({start, inPlace(start)});
    while (!path.empty()) {
      Step &top = path.back();
      marks[top.index] = Mark::Open;
      if (top.to.empty()) {
        marks[top.index] = Mark::Done;
        path.pop_back();
        continue;
      }
      uint32_t to = top.to.back();
      top.to.pop_back();
      if (marks[to] == Mark::Open)
        return wrong(open[to].pointer, "the schema refers to itself without descending into the value");
      if (marks[to] == Mark::New)
        path.push_back({to, inPlace(to)});
    }
  }
  return true;
}

/// A type `json` of the view: an operation with a schema has an operand of that type.
TypeId jsonTypeIn(const ConstantView &view) {
  for (uint32_t i = 0; i < view.types.size(); ++i)
    if (view.types[i].kind == TypeKind::Json)
      return TypeId(i);
  return {};
}

} // namespace

std::unique_ptr<const CompiledSchema> CompiledSchema::read(const Value &schema, const Limits &limits,
                                                           std::string &what) {
  auto compiled = std::make_unique<CompiledSchema>();
  if (!Reader(compiled->nodes, limits, what).read(schema))
    return nullptr;
  return compiled;
}

std::unique_ptr<const CompiledSchema> CompiledSchema::ofAttr(const ConstantView &view, AttrId schema,
                                                             const Limits &limits, std::string &what) {
  Value json;
  if (view.attr(schema).kind == AttrKind::Str) {
    OpError error;
    if (!parseJson(view.textAttr(schema), limits, json, error)) {
      what = error.message;
      return nullptr;
    }
  } else {
    TypeId type = jsonTypeIn(view);
    json = type ? valueOfAttr(view, schema, type) : Value();
    if (json.empty()) {
      what = "it holds a literal that has no JSON form";
      return nullptr;
    }
  }
  return read(json, limits, what);
}
