#include "Ops/JsonSupport.h"
#include "xcs/Ops/JsonSchema.h"
#include "llvm/ADT/DenseMap.h"

using namespace xcs;

namespace {

/// Makes an object from alternating keys and values.
template <class... Parts> Value object(Parts &&...parts) {
  Value all[] = {std::forward<Parts>(parts)...};
  return Value::object(all);
}

Value list(std::initializer_list<Value> items) {
  std::vector<Value> all(items);
  return Value::list(all);
}

Value text(std::string_view content) { return Value::str(content); }

Value ofType(std::string_view name) { return object(text("type"), text(name)); }

constexpr std::string_view durationPattern = "^-?[0-9]+(ns|us|ms|s|m|h)$";

/// The schema of an object with exactly these properties.
Value closedObject(std::vector<Value> &namesAndSchemas) {
  std::vector<Value> required;
  for (size_t i = 0; i < namesAndSchemas.size(); i += 2)
    required.push_back(namesAndSchemas[i]);
  return object(text("type"), text("object"), text("properties"), Value::object(namesAndSchemas),
                text("required"), Value::list(required), text("additionalProperties"), Value::boolean(false));
}

Value anyOf(std::initializer_list<Value> schemas) { return object(text("anyOf"), list(schemas)); }

/// Parts before wholes, each type once. A plan's type may name one part so often that its schema would not
/// fit in memory when written out; the values here share it.
class SchemaMaker {
public:
  explicit SchemaMaker(const ConstantView &view) : view(view) {}

  Value make(TypeId whole) {
    std::vector<TypeId> open{whole};
    while (!open.empty()) {
      TypeId type = open.back();
      size_t before = open.size();
      for (const TypeField &field : view.fields(type))
        if (!made.contains(field.type.index))
          open.push_back(field.type);
      if (open.size() != before)
        continue;
      made.try_emplace(type.index, schemaOf(type));
      open.pop_back();
    }
    return made[whole.index];
  }

private:
  Value record(TypeId type) {
    std::vector<Value> properties;
    for (const TypeField &field : view.fields(type)) {
      properties.push_back(text(view.text(field.name)));
      properties.push_back(made[field.type.index]);
    }
    return closedObject(properties);
  }

  /// An object with any keys of the type, `keyOfText`.
  Value dictionary(TypeId type) {
    std::vector<Value> parts{text("type"), text("object")};
    if (const TypeKind key = view.kind(view.keyType(type)); key != TypeKind::Str) {
      parts.push_back(text("propertyNames"));
      parts.push_back(object(text("pattern"), text(key == TypeKind::I64    ? "^(0|-?[1-9][0-9]*)$"
                                                   : key == TypeKind::Bool ? "^(true|false)$"
                                                                           : durationPattern)));
    }
    parts.push_back(text("additionalProperties"));
    parts.push_back(made[view.valueType(type).index]);
    return Value::object(parts);
  }

  /// As described in JsonText.h: `{"ok": value}` or `{"error": {..}}`.
  Value result(TypeId type) {
    std::vector<Value> parts{text("kind"), ofType("string"), text("message"), ofType("string"),
                             text("op"),   ofType("string"), text("attempt"), ofType("integer")};
    std::vector<Value> good{text("ok"), made[view.element(type).index]},
        bad{text("error"), closedObject(parts)};
    return anyOf({closedObject(good), closedObject(bad)});
  }

  /// The schemas of its parts exist already.
  Value schemaOf(TypeId type) {
    switch (view.kind(type)) {
    case TypeKind::Bool:
      return ofType("boolean");
    case TypeKind::I64:
      return ofType("integer");
    case TypeKind::F64:
      return ofType("number");
    case TypeKind::Str:
      return ofType("string");
    case TypeKind::Bytes:
      return object(text("type"), text("string"), text("description"), text("base64"));
    case TypeKind::Duration:
      return object(text("type"), text("string"), text("pattern"), text(durationPattern));
    case TypeKind::None:
      return ofType("null");
    case TypeKind::List:
      return object(text("type"), text("array"), text("items"), made[view.element(type).index]);
    case TypeKind::Option:
      return anyOf({made[view.element(type).index], ofType("null")});
    case TypeKind::Result:
      return result(type);
    case TypeKind::Record:
      return record(type);
    case TypeKind::Dict:
      return dictionary(type);
    case TypeKind::Json:
    case TypeKind::Secret: // rejected before
      break;
    }
    return Value::object({});
  }

  const ConstantView &view;
  llvm::DenseMap<uint32_t, Value> made; // by type
};

/// Whether a type contains a secret. Each type is visited once.
bool holdsSecret(const ConstantView &view, TypeId whole) {
  std::vector<TypeId> open{whole};
  llvm::DenseMap<uint32_t, bool> seen;
  while (!open.empty()) {
    TypeId type = open.back();
    open.pop_back();
    if (view.kind(type) == TypeKind::Secret)
      return true;
    for (const TypeField &field : view.fields(type))
      if (seen.try_emplace(field.type.index, true).second)
        open.push_back(field.type);
  }
  return false;
}

} // namespace

bool xcs::schemaValueOf(const ConstantView &view, TypeId type, const Limits &limits, Value &out,
                        OpError &error) {
  if (holdsSecret(view, type))
    return failWith(error, Diag::SecretInText, {});
  Value schema = SchemaMaker(view).make(type);
  if (schema.byteSize() > limits[Limit::ValueBytes])
    return failWithLimit(error, limits, Limit::ValueBytes, "the schema of a type");
  if (schema.depth() > limits[Limit::JsonDepth])
    return failWithLimit(error, limits, Limit::JsonDepth, "the schema of a type");
  out = std::move(schema);
  return true;
}

bool xcs::jsonSchemaOf(const ConstantView &view, TypeId type, const Limits &limits, std::string &out,
                       OpError &error) {
  Value schema;
  return schemaValueOf(view, type, limits, schema, error) &&
         appendJson(out, schema, JsonLayout::Line, limits, error);
}
