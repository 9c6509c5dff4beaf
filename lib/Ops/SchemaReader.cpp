#include "Ops/JsonSupport.h"
#include "Ops/SchemaReferences.h"
#include "Ops/Text.h"
#include "xcs/Support/NearestName.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>
#include <cmath>

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
    if (!resolveReferences())
      return false;
    uint32_t endless = endlessSchema(nodes);
    return endless == SchemaNode::none ||
           wrong(open[endless].pointer, "the schema refers to itself without descending into the value");
  }

private:
  struct Place {
    const Value *json = nullptr;
    std::string pointer = {};
    uint32_t resource = 0;
  };
  SchemaNode &current() { return nodes[node]; }
  /// Of the current keyword.
  std::string pointer() const { return at.pointer + "/" + std::string(keyword); }

  bool wrong(std::string_view pointer, std::string_view why) {
    what = atPointer(pointer, why);
    return false;
  }
  bool wrongKeyword(std::string_view why) { return wrong(pointer(), why); }

  uint32_t addNode(const Value &schema, std::string pointer) {
    auto index = static_cast<uint32_t>(nodes.size());
    nodes.emplace_back();
    places.addSchema(pointer, index);
    open.push_back({&schema, std::move(pointer), at.resource});
    return index;
  }
  bool part(const Value &schema, uint32_t SchemaNode::*to) {
    uint32_t index = addNode(schema, pointer()); // moves the nodes
    return current().*to = index, true;
  }
  /// Calls `take` with each key of an object and its value.
  template <class Take> bool eachKey(const Value &value, Take take) {
    if (value.kind() != ValueKind::Object)
      return wrongKeyword("it must be an object");
    for (size_t i = 0; i < value.size(); i += 2)
      if (!take(value.items()[i].text(), value.items()[i + 1]))
        return false;
    return true;
  }
  /// The schema that a key of the current keyword's object has.
  uint32_t keyedPart(std::string_view key, const Value &schema) {
    std::string place = pointer();
    appendPointerKey(place, key);
    return addNode(schema, std::move(place));
  }

  bool readNode(const Value &schema);
  bool unknownKeyword();
  bool enterResource(const Value &id);
  bool addAnchor(std::string_view name);

  // Keywords that say nothing about whether a value fits, or are read elsewhere.
  bool any(const Value &) { return true; }
  bool text(const Value &value) { return value.kind() == ValueKind::Str || wrongKeyword(notText); }
  bool flag(const Value &value) { return value.kind() == ValueKind::Bool || wrongKeyword(notBool); }
  bool list(const Value &value) {
    return value.kind() == ValueKind::List || wrongKeyword("it must be an array");
  }

  // Keywords of any value.
  bool type(const Value &value);
  bool addType(const Value &name);
  bool nullable(const Value &value);
  bool constant(const Value &value) { return current().constant = value, true; }
  bool choices(const Value &value);

  // Of numbers, texts and counts.
  bool bound(const Value &value, std::optional<Value> SchemaNode::*to);
  bool minimum(const Value &value) { return bound(value, &SchemaNode::minimum); }
  bool maximum(const Value &value) { return bound(value, &SchemaNode::maximum); }
  bool exclusive(const Value &value, std::string_view inclusive, std::optional<Value> SchemaNode::*to);
  bool above(const Value &value) { return exclusive(value, "minimum", &SchemaNode::above); }
  bool below(const Value &value) { return exclusive(value, "maximum", &SchemaNode::below); }
  bool multipleOf(const Value &value);
  bool count(const Value &value, uint64_t &to);
  bool minLength(const Value &value) { return count(value, current().length.least); }
  bool maxLength(const Value &value) { return count(value, current().length.most); }
  bool minItems(const Value &value) { return count(value, current().items.least); }
  bool maxItems(const Value &value) { return count(value, current().items.most); }
  bool minProperties(const Value &value) { return count(value, current().properties.least); }
  bool maxProperties(const Value &value) { return count(value, current().properties.most); }
  bool minContains(const Value &value) { return count(value, current().matching.least); }
  bool maxContains(const Value &value) { return count(value, current().matching.most); }
  bool uniqueItems(const Value &value);
  bool pattern(const Value &value);
  bool compilePattern(std::string_view text, std::string_view place, std::optional<SchemaPattern> &out);

  // Of arrays.
  bool prefixItems(const Value &value) { return alternatives(value, &SchemaNode::firstItems); }
  bool items(const Value &value);
  bool additionalItems(const Value &value);
  bool contains(const Value &value) { return part(value, &SchemaNode::contained); }
  bool restItems(const Value &value) { return part(value, &SchemaNode::restItems); }

  // Of objects.
  bool properties(const Value &value);
  bool patternProperties(const Value &value);
  bool propertyNames(const Value &value) { return part(value, &SchemaNode::propertyName); }
  bool additional(const Value &value);
  bool restProperties(const Value &value) { return part(value, &SchemaNode::restProperties); }
  bool names(const Value &value, std::string_view place, std::vector<std::string> &to);
  bool required(const Value &value) { return names(value, pointer(), current().required); }
  bool dependentRequired(const Value &value);
  bool dependentSchemas(const Value &value);
  bool dependencies(const Value &value);
  bool requireNames(std::string_view key, const Value &value);

  // Of schemas.
  bool alternatives(const Value &value, std::vector<uint32_t> SchemaNode::*to);
  bool allOf(const Value &value) { return alternatives(value, &SchemaNode::all); }
  bool anyOf(const Value &value) { return alternatives(value, &SchemaNode::any); }
  bool oneOf(const Value &value) { return alternatives(value, &SchemaNode::one); }
  bool negated(const Value &value) { return part(value, &SchemaNode::negated); }
  bool condition(const Value &value) { return part(value, &SchemaNode::condition); }
  bool consequence(const Value &value) { return part(value, &SchemaNode::consequence); }
  bool otherwise(const Value &value) { return part(value, &SchemaNode::otherwise); }
  bool definitions(const Value &value);
  bool anchor(const Value &value);
  bool reference(const Value &value);
  bool discriminator(const Value &value);

  bool resolveReferences();

  static constexpr std::string_view notText = "it must be a string", notBool = "it must be a bool";
  static const Keyword keywords[];

  std::vector<SchemaNode> &nodes;
  const Limits &limits;
  std::string &what;
  std::vector<Place> open; // by node
  SchemaPlaces places;
  struct Reference {
    uint32_t from, resource;
    std::string pointer, target;
    std::string chosenBy; // the value of the discriminator, for one of its mapping
    bool isChoice;
  };
  std::vector<Reference> references;
  uint32_t next = 0, node = 0;
  Place at;                 // of the current schema
  std::string_view keyword; // the current one
};

// Annotations say nothing about whether a value fits; every other keyword is known or an error: what is not
// checked is not taken for checked.
constexpr const Keyword Reader::keywords[] = {
    {"type", &Reader::type},
    {"nullable", &Reader::nullable},
    {"const", &Reader::constant},
    {"enum", &Reader::choices},
    {"minimum", &Reader::minimum},
    {"maximum", &Reader::maximum},
    {"exclusiveMinimum", &Reader::above},
    {"exclusiveMaximum", &Reader::below},
    {"multipleOf", &Reader::multipleOf},
    {"minLength", &Reader::minLength},
    {"maxLength", &Reader::maxLength},
    {"minItems", &Reader::minItems},
    {"maxItems", &Reader::maxItems},
    {"minProperties", &Reader::minProperties},
    {"maxProperties", &Reader::maxProperties},
    {"minContains", &Reader::minContains},
    {"maxContains", &Reader::maxContains},
    {"uniqueItems", &Reader::uniqueItems},
    {"pattern", &Reader::pattern},
    {"prefixItems", &Reader::prefixItems},
    {"items", &Reader::items},
    {"additionalItems", &Reader::additionalItems},
    {"contains", &Reader::contains},
    {"unevaluatedItems", &Reader::restItems},
    {"properties", &Reader::properties},
    {"patternProperties", &Reader::patternProperties},
    {"propertyNames", &Reader::propertyNames},
    {"required", &Reader::required},
    {"additionalProperties", &Reader::additional},
    {"unevaluatedProperties", &Reader::restProperties},
    {"dependentRequired", &Reader::dependentRequired},
    {"dependentSchemas", &Reader::dependentSchemas},
    {"dependencies", &Reader::dependencies},
    {"allOf", &Reader::allOf},
    {"anyOf", &Reader::anyOf},
    {"oneOf", &Reader::oneOf},
    {"not", &Reader::negated},
    {"if", &Reader::condition},
    {"then", &Reader::consequence},
    {"else", &Reader::otherwise},
    {"$ref", &Reader::reference},
    {"$defs", &Reader::definitions},
    {"definitions", &Reader::definitions},
    {"$anchor", &Reader::anchor},
    {"discriminator", &Reader::discriminator},
    {"$id", &Reader::any},
    {"$schema", &Reader::text},
    {"$comment", &Reader::text},
    {"id", &Reader::text}, // as zod prints it; in draft 4 it was `$id`
    {"title", &Reader::text},
    {"description", &Reader::text},
    {"default", &Reader::any},
    {"examples", &Reader::list},
    {"example", &Reader::any},
    {"deprecated", &Reader::flag},
    {"readOnly", &Reader::flag},
    {"writeOnly", &Reader::flag},
    {"format", &Reader::text},
    {"contentEncoding", &Reader::text},
    {"contentMediaType", &Reader::text},
    {"contentSchema", &Reader::any},
    {"externalDocs", &Reader::any},
    {"xml", &Reader::any},
};

/// What to write instead of keywords that other schemas have.
struct Refused {
  std::string_view name, advice;
};
constexpr Refused refused[] = {
    {"$dynamicRef", "refer to a place with `$ref`, such as `#/$defs/name`"},
    {"$dynamicAnchor", "name the schema with `$anchor` and refer to it with `$ref`"},
    {"$recursiveRef", "write `$ref` with the value `#`"},
    {"$recursiveAnchor", "remove it, and refer to the whole schema with `$ref` and `#`"},
    {"$vocabulary", "only schemas of schemas have it; remove it"},
    {"components", "put its schemas into `$defs` and refer to `#/$defs/name`"},
    {"extends", "write `allOf`"},
    {"disallow", "write `not`"},
    {"divisibleBy", "write `multipleOf`"},
};

bool Reader::readNode(const Value &schema) {
  if (schema.kind() == ValueKind::Bool) {
    current().never = !schema.asBool();
    return true;
  }
  if (schema.kind() != ValueKind::Object)
    return wrong(at.pointer, "a schema is an object or a bool, not " + std::string(jsonKindName(schema)));
  keyword = "$id";
  if (const Value *id = findKey(schema, keyword); id && !enterResource(*id))
    return false;
  for (size_t i = 0; i < schema.size(); i += 2) {
    keyword = schema.items()[i].text();
    const Keyword *row = std::ranges::find(keywords, keyword, &Keyword::name);
    if (row == std::end(keywords) ? !unknownKeyword() : !(this->*row->read)(schema.items()[i + 1]))
      return false;
  }
  if (current().isNullable)
    current().types |= SchemaNode::Null;
  std::ranges::sort(current().namedProperties);
  return true;
}

bool Reader::unknownKeyword() {
  if (keyword.starts_with("x-")) // an extension of OpenAPI, which informs
    return true;
  std::string unsupported = "the keyword `" + excerpt(keyword) + "` is not supported";
  const Refused *row = std::ranges::find(refused, keyword, &Refused::name);
  if (row != std::end(refused))
    return wrong(at.pointer, unsupported + "; " + std::string(row->advice));
  NearestName nearest(keyword);
  for (const Keyword &known : keywords)
    nearest.offer(known.name);
  std::string suggestion = nearest.suggestion();
  return wrong(at.pointer,
               unsupported + (suggestion.empty() ? "; remove it, or begin its name with `x-` if it "
                                                   "says nothing about which values fit"
                                                 : suggestion));
}

/// Draft 7 writes an anchor as an `$id` that is only a fragment, and other ids often with an empty one.
bool Reader::enterResource(const Value &id) {
  if (id.kind() != ValueKind::Str)
    return wrongKeyword(notText);
  std::string_view uri = id.text();
  if (uri.size() > 1 && uri.starts_with('#'))
    return addAnchor(uri.substr(1));
  if (uri.ends_with('#'))
    uri.remove_suffix(1);
  if (uri.find('#') != std::string_view::npos)
    return wrongKeyword("it must have no fragment; name a part of a schema with `$anchor`");
  if (uri.empty())
    return true;
  uint32_t resource;
  if (!places.addResource(at.resource, uri, at.pointer, resource))
    return wrongKeyword("another schema has the same `$id`");
  at.resource = open[node].resource = resource;
  return true;
}

bool Reader::addAnchor(std::string_view name) {
  return places.addAnchor(at.resource, name, node) ||
         wrongKeyword("another schema has the anchor `" + std::string(name) + "`");
}

bool Reader::anchor(const Value &value) {
  if (value.kind() != ValueKind::Str)
    return wrongKeyword(notText);
  std::string_view name = value.text();
  auto isLetter = [](char c) { return llvm::isAlnum(c) || c == '_' || c == '-' || c == '.'; };
  if (name.empty() || !std::ranges::all_of(name, isLetter) || !(llvm::isAlpha(name[0]) || name[0] == '_'))
    return wrongKeyword("it must be a letter or `_`, then letters, digits, `_`, `-` and `.`");
  return addAnchor(name);
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
  if (value.size() == 0)
    return wrongKeyword("it must name at least one type");
  return std::ranges::all_of(value.items(), [&](const Value &name) { return addType(name); });
}

/// OpenAPI 3.0: it adds null to the `type` beside it, which may come later.
bool Reader::nullable(const Value &value) {
  if (!flag(value))
    return false;
  const Value *type = findKey(*at.json, "type");
  if (!value.asBool() || (type && type->kind() == ValueKind::List))
    return !value.asBool() || wrongKeyword("it goes with one `type`; write `null` into the array of types");
  if (!type)
    return wrongKeyword(
        "it changes nothing without a `type` beside it; write `anyOf` with `{\"type\": \"null\"}`");
  return current().isNullable = true;
}

bool Reader::choices(const Value &value) {
  if (value.kind() != ValueKind::List)
    return wrongKeyword("it must be an array");
  current().choices.emplace(value.items().begin(), value.items().end());
  return true;
}

bool isNumber(const Value &value) {
  return value.kind() == ValueKind::I64 || value.kind() == ValueKind::Whole ||
         (value.kind() == ValueKind::F64 && std::isfinite(value.asF64()));
}

bool Reader::bound(const Value &value, std::optional<Value> SchemaNode::*to) {
  if (!isNumber(value))
    return wrongKeyword("it must be a number");
  current().*to = value;
  return true;
}

/// A bool, as in draft 4 and OpenAPI 3.0, says whether the bound beside it is exclusive.
bool Reader::exclusive(const Value &value, std::string_view inclusive, std::optional<Value> SchemaNode::*to) {
  if (value.kind() != ValueKind::Bool)
    return bound(value, to);
  const Value *beside = findKey(*at.json, inclusive);
  if (!beside || !isNumber(*beside))
    return wrongKeyword("it must be a number, or a bool beside a `" + std::string(inclusive) + "`");
  if (value.asBool())
    current().*to = *beside;
  return true;
}

bool Reader::multipleOf(const Value &value) {
  if (!isNumber(value) || compareValues(value, Value::i64(0)) <= 0)
    return wrongKeyword("it must be a number above 0");
  current().multipleOf = value;
  return true;
}

bool Reader::count(const Value &value, uint64_t &to) {
  constexpr double tooLarge = 18446744073709551616.0; // 2^64
  if (value.kind() == ValueKind::I64 && value.asI64() >= 0)
    return to = static_cast<uint64_t>(value.asI64()), true;
  if (value.kind() == ValueKind::Whole && !value.text().starts_with('-'))
    return to = UINT64_MAX, true; // more than anything has
  if (value.kind() == ValueKind::F64 && value.asF64() >= 0 && value.asF64() == std::trunc(value.asF64())) {
    to = value.asF64() < tooLarge ? static_cast<uint64_t>(value.asF64()) : UINT64_MAX;
    return true;
  }
  return wrongKeyword("it must be a non-negative whole number");
}

bool Reader::uniqueItems(const Value &value) {
  if (!flag(value))
    return false;
  current().uniqueItems = value.asBool();
  return true;
}

bool Reader::pattern(const Value &value) {
  return text(value) && compilePattern(value.text(), pointer(), current().pattern);
}

bool Reader::compilePattern(std::string_view text, std::string_view place,
                            std::optional<SchemaPattern> &out) {
  std::string why;
  out = SchemaPattern::compile(text, limits, why);
  return out || wrong(place, "it is not a valid regular expression: " + why);
}

/// As an array, draft 7's form of `prefixItems`.
bool Reader::items(const Value &value) {
  if (value.kind() != ValueKind::List)
    return part(value, &SchemaNode::item);
  if (findKey(*at.json, "prefixItems"))
    return wrongKeyword("beside `prefixItems` it must be the schema of the elements after those");
  return value.size() == 0 || prefixItems(value);
}

/// Draft 7's form of `items` where that is an array; elsewhere it has no effect.
bool Reader::additionalItems(const Value &value) {
  const Value *first = findKey(*at.json, "items");
  if (first && first->kind() == ValueKind::List)
    return part(value, &SchemaNode::item);
  addNode(value, pointer());
  return true;
}

bool Reader::properties(const Value &value) {
  return eachKey(value, [&](std::string_view key, const Value &schema) {
    uint32_t index = keyedPart(key, schema);
    current().namedProperties.emplace_back(key, index);
    return true;
  });
}

bool Reader::patternProperties(const Value &value) {
  return eachKey(value, [&](std::string_view key, const Value &schema) {
    std::optional<SchemaPattern> pattern;
    std::string place = pointer();
    appendPointerKey(place, key);
    if (!compilePattern(key, place, pattern))
      return false;
    uint32_t index = keyedPart(key, schema);
    current().patternProperties.emplace_back(std::move(*pattern), index);
    return true;
  });
}

bool Reader::definitions(const Value &value) {
  return eachKey(value, [&](std::string_view key, const Value &schema) {
    keyedPart(key, schema);
    return true;
  });
}

bool Reader::additional(const Value &value) {
  if (value.kind() != ValueKind::Bool)
    return part(value, &SchemaNode::additional);
  addNode(value, pointer()); // something may refer to it
  current().closed = !value.asBool();
  current().open = value.asBool();
  return true;
}

bool Reader::names(const Value &value, std::string_view place, std::vector<std::string> &to) {
  constexpr std::string_view noNames = "it must be an array of strings";
  if (value.kind() != ValueKind::List)
    return wrong(place, noNames);
  for (const Value &name : value.items()) {
    if (name.kind() != ValueKind::Str)
      return wrong(place, noNames);
    to.emplace_back(name.text());
  }
  return true;
}

bool Reader::requireNames(std::string_view key, const Value &value) {
  std::string place = pointer();
  appendPointerKey(place, key);
  auto &row = current().dependentRequired.emplace_back(key, std::vector<std::string>());
  return names(value, place, row.second);
}

bool Reader::dependentRequired(const Value &value) {
  return eachKey(value, [&](std::string_view key, const Value &wanted) { return requireNames(key, wanted); });
}

bool Reader::dependentSchemas(const Value &value) {
  return eachKey(value, [&](std::string_view key, const Value &schema) {
    uint32_t index = keyedPart(key, schema);
    current().dependent.emplace_back(key, index);
    return true;
  });
}

/// Draft 7's form of both.
bool Reader::dependencies(const Value &value) {
  return eachKey(value, [&](std::string_view key, const Value &wanted) {
    if (wanted.kind() == ValueKind::List)
      return requireNames(key, wanted);
    uint32_t index = keyedPart(key, wanted);
    current().dependent.emplace_back(key, index);
    return true;
  });
}

bool Reader::alternatives(const Value &value, std::vector<uint32_t> SchemaNode::*to) {
  if (value.kind() != ValueKind::List || value.size() == 0)
    return wrongKeyword("it must be an array of at least one schema");
  for (size_t i = 0; i < value.size(); ++i) {
    std::string place = pointer();
    appendPointerIndex(place, i);
    uint32_t index = addNode(value.items()[i], std::move(place));
    (current().*to).push_back(index);
  }
  return true;
}

bool Reader::reference(const Value &value) {
  if (value.kind() != ValueKind::Str)
    return wrongKeyword("it must be a string that refers to a schema, such as `#/$defs/name`");
  references.push_back({node, at.resource, pointer(), std::string(value.text()), {}, false});
  return true;
}

/// OpenAPI's: `propertyName`, and perhaps a `mapping` of that property's values to references.
bool Reader::discriminator(const Value &value) {
  const Value *name = value.kind() == ValueKind::Object ? findKey(value, "propertyName") : nullptr;
  if (!name || name->kind() != ValueKind::Str)
    return wrongKeyword("it must be an object whose `propertyName` is a string");
  current().discriminator = name->text();
  const Value *mapping = findKey(value, "mapping");
  if (!mapping)
    return true;
  std::string place = pointer() + "/mapping";
  if (mapping->kind() != ValueKind::Object)
    return wrong(place, "it must be an object");
  for (size_t i = 0; i < mapping->size(); i += 2) {
    std::string entry = place;
    appendPointerKey(entry, mapping->items()[i].text());
    const Value &target = mapping->items()[i + 1];
    if (target.kind() != ValueKind::Str)
      return wrong(entry, "it must be a string that refers to a schema, such as `#/$defs/name`");
    references.push_back({node, at.resource, std::move(entry), std::string(target.text()),
                          std::string(mapping->items()[i].text()), true});
  }
  return true;
}

bool hasParts(const SchemaNode &schema) {
  for (uint32_t index : {schema.item, schema.contained, schema.additional, schema.propertyName,
                         schema.restItems, schema.restProperties})
    if (index != SchemaNode::none)
      return true;
  return schema.closed || schema.open || !schema.firstItems.empty() || !schema.namedProperties.empty() ||
         !schema.patternProperties.empty();
}

bool Reader::resolveReferences() {
  for (Reference &reference : references) {
    std::string why;
    uint32_t target = places.find(reference.resource, reference.target, why);
    if (target == SchemaNode::none)
      return wrong(reference.pointer, why);
    SchemaNode &from = nodes[reference.from];
    if (reference.isChoice)
      from.discriminated.emplace_back(std::move(reference.chosenBy), target);
    else
      from.all.push_back(target);
  }
  for (SchemaNode &schema : nodes) {
    std::ranges::sort(schema.discriminated);
    schema.eachInPlace([&](uint32_t) { schema.hasInPlace = true; });
    schema.hasParts = hasParts(schema);
  }
  return true;
}

} // namespace

std::unique_ptr<const CompiledSchema> CompiledSchema::read(const Value &schema, const Limits &limits,
                                                           std::string &what) {
  auto compiled = std::make_unique<CompiledSchema>();
  if (!Reader(compiled->nodes, limits, what).read(schema))
    return nullptr;
  return compiled;
}

bool CompiledSchema::jsonOf(const ConstantView &view, AttrId schema, const Limits &limits, Value &json,
                            std::string &what) {
  if (view.attr(schema).kind == AttrKind::Str) {
    OpError error;
    if (!parseJson(view.textAttr(schema), limits, json, error))
      what = error.message;
  } else {
    json = jsonOfAttr(view, schema);
    if (json.empty())
      what = "it holds a literal that has no JSON form";
  }
  return !json.empty();
}

std::unique_ptr<const CompiledSchema> CompiledSchema::ofAttr(const ConstantView &view, AttrId schema,
                                                             const Limits &limits, std::string &what) {
  Value json;
  return jsonOf(view, schema, limits, json, what) ? read(json, limits, what) : nullptr;
}
