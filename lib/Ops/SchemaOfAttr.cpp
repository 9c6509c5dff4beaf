#include "Ops/CompiledSchema.h"
#include "Ops/JsonSupport.h"
#include "xcs/Ops/JsonSchema.h"
#include <algorithm>

using namespace xcs;

SchemaOfAttr::SchemaOfAttr(const ConstantView &view, AttrId schema, const Limits &limits) : limits(limits) {
  std::string why;
  CompiledSchema::jsonOf(view, schema, limits, written, why);
}

SchemaOfAttr::~SchemaOfAttr() = default;

bool SchemaOfAttr::print(std::string &out, OpError &error) {
  if (text.empty() && !appendJson(text, written, JsonLayout::Line, limits, error)) {
    text.clear();
    return false;
  }
  out += text;
  return true;
}

/// Whether a part of a schema accepts anything at all, which no strict schema does.
static bool isEmptySchema(const Value *part) {
  return part &&
         (part->kind() == ValueKind::Bool || (part->kind() == ValueKind::Object && part->size() == 0));
}

/// Whether an object of a schema, if it describes objects, says that they have all its properties and no
/// others.
static bool isClosed(const Value &schema) {
  const Value *type = findKey(schema, "type"), *properties = findKey(schema, "properties"),
              *required = findKey(schema, "required");
  const bool describesObject = type && type->kind() == ValueKind::Str && type->text() == "object";
  if (isEmptySchema(findKey(schema, "items")))
    return false;
  if (!describesObject && !properties && !required)
    return true;
  const Value *others = findKey(schema, "additionalProperties");
  if (!others || others->kind() != ValueKind::Bool || others->asBool())
    return false;
  if (!properties || properties->kind() != ValueKind::Object)
    return true;
  if (!required || required->kind() != ValueKind::List)
    return properties->size() == 0;
  std::vector<std::string_view> names;
  for (const Value &name : required->items())
    names.push_back(name.kind() == ValueKind::Str ? name.text() : std::string_view());
  std::sort(names.begin(), names.end());
  for (size_t i = 0; i < properties->size(); i += 2)
    if (isEmptySchema(&properties->items()[i + 1]) ||
        !std::binary_search(names.begin(), names.end(), properties->items()[i].text()))
      return false;
  return true;
}

static bool isStrictSchema(const Value &written) {
  std::vector<const Value *> open{&written};
  while (!open.empty()) {
    const Value *at = open.back();
    open.pop_back();
    if (at->kind() == ValueKind::Object && !isClosed(*at))
      return false;
    if (at->kind() == ValueKind::Object || at->kind() == ValueKind::List)
      for (const Value &part : at->items())
        open.push_back(&part);
  }
  return written.kind() == ValueKind::Object && written.size() > 0;
}

bool SchemaOfAttr::isStrict() {
  if (!strict)
    strict = isStrictSchema(written);
  return *strict;
}

bool SchemaOfAttr::matches(const Value &json, OpError &error) {
  std::vector<std::string> violations;
  std::string why;
  if (!compiled)
    compiled = CompiledSchema::read(written, limits, why);
  if (!compiled) // the verifiers have read it
    return failWith(error, Diag::JsonMismatch, {why});
  if (!compiled->check(json, CompiledSchema::Report::First, limits, violations, error))
    return false;
  return violations.empty() || failWith(error, Diag::JsonMismatch, {violations.front()});
}

AttrSchemas::AttrSchemas() = default;
AttrSchemas::~AttrSchemas() = default;

SchemaOfAttr &AttrSchemas::of(const ConstantView &view, AttrId schema, const Limits &limits) {
  std::unique_ptr<SchemaOfAttr> &known = schemas[schema.index];
  if (!known)
    known = std::make_unique<SchemaOfAttr>(view, schema, limits);
  return *known;
}
