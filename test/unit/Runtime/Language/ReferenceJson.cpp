#include "Runtime/Language/Reference.h"
#include "xcs/Ops/ConstantPool.h"
#include "llvm/Support/Base64.h"
#include <cmath>

using namespace xcs;
using namespace xcs::reference;

// LangRef, "JSON input and output", and the rows of json. Reading a JSON text and JSON Schema are the
// kernels'.

namespace {

Value object(std::vector<Value> keysAndValues) { return Value::object(keysAndValues); }

bool listToJson(const ConstantView &view, const Value &value, TypeId type, bool strict, Value &out) {
  std::vector<Value> items;
  for (const Value &item : value.items())
    if (!toJson(view, item, view.element(type), strict, items.emplace_back()))
      return false;
  out = listOf(items);
  return true;
}

bool recordToJson(const ConstantView &view, const Value &value, TypeId type, bool strict, Value &out) {
  std::vector<Value> items;
  for (size_t i = 0; i != value.size(); ++i) {
    items.push_back(Value::str(view.text(view.fields(type)[i].name)));
    if (!toJson(view, value.items()[i], view.fields(type)[i].type, strict, items.emplace_back()))
      return false;
  }
  out = object(items);
  return true;
}

bool dictToJson(const ConstantView &view, const Value &value, TypeId type, bool strict, Value &out) {
  std::vector<Value> items;
  for (size_t i = 0; i != value.size(); i += 2) {
    const Value &key = value.items()[i];
    Value made;
    if (!toJson(view, value.items()[i + 1], view.valueType(type), strict, made))
      return false;
    items.push_back(key.kind() == ValueKind::Str        ? key
                    : key.kind() == ValueKind::Duration ? Value::str(printDuration(key.asI64()))
                                                        : Value::str(writeJson(key, false)));
    items.push_back(made);
  }
  out = object(items);
  return true;
}

bool resultToJson(const ConstantView &view, const Value &value, TypeId type, bool strict, Value &out) {
  std::vector<Value> inner(1);
  if (value.kind() == ValueKind::ResultOk) {
    if (!toJson(view, value.items()[0], view.element(type), strict, inner[0]))
      return false;
    out = object({Value::str("ok"), inner[0]});
    return true;
  }
  std::vector<Value> parts;
  for (const char *name : {"kind", "message", "op", "attempt"}) {
    parts.push_back(Value::str(name));
    parts.push_back(value.items()[parts.size() / 2]);
  }
  out = object({Value::str("error"), object(parts)});
  return true;
}

} // namespace

bool xcs::reference::toJson(const ConstantView &view, const Value &value, TypeId type, bool strict,
                            Value &out) {
  switch (view.kind(type)) {
  case TypeKind::F64:
    out = value;
    return !strict || std::isfinite(value.asF64());
  case TypeKind::Duration:
    out = Value::str(printDuration(value.asI64()));
    return true;
  case TypeKind::Bytes:
    out = Value::str(llvm::encodeBase64(value.text()));
    return true;
  case TypeKind::List:
    return listToJson(view, value, type, strict, out);
  case TypeKind::Record:
    return recordToJson(view, value, type, strict, out);
  case TypeKind::Dict:
    return dictToJson(view, value, type, strict, out);
  case TypeKind::Option:
    out = Value::none();
    return value.kind() == ValueKind::OptionNone ||
           toJson(view, value.items()[0], view.element(type), strict, out);
  case TypeKind::Result:
    return resultToJson(view, value, type, strict, out);
  case TypeKind::Bool:
  case TypeKind::I64:
  case TypeKind::Str:
  case TypeKind::Json:
  case TypeKind::None:
  case TypeKind::Secret:
    break;
  }
  out = value;
  return true;
}

namespace {

/// RFC 8259 asks for the escapes of quotes, backslashes and control characters, no more.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    size_t named = std::string_view("\"\\\b\f\n\r\t").find(c);
    char escaped[8];
    snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned char>(c));
    if (named != std::string_view::npos)
      (out += '\\') += "\"\\bfnrt"[named];
    else if (static_cast<unsigned char>(c) < 0x20)
      out += escaped;
    else
      out += c;
  }
  return out + "\"";
}

std::string writeParts(const Value &json, bool pretty, size_t indent) {
  const bool isObject = json.kind() == ValueKind::Object;
  if (json.size() == 0)
    return isObject ? "{}" : "[]";
  std::string out(1, isObject ? '{' : '['), end = pretty ? "\n" + std::string(indent, ' ') : "";
  for (size_t i = 0; i != json.size(); ++i) {
    out += (i ? "," : "") + (pretty ? end + "  " : "");
    if (isObject)
      out += quoted(json.items()[i++].text()) + (pretty ? ": " : ":");
    out += writeJson(json.items()[i], pretty, indent + 2);
  }
  return out + end + (isObject ? '}' : ']');
}

} // namespace

std::string xcs::reference::writeJson(const Value &json, bool pretty, size_t indent) {
  if (json.kind() == ValueKind::None)
    return "null";
  if (json.kind() == ValueKind::Bool)
    return json.asBool() ? "true" : "false";
  if (json.kind() == ValueKind::I64)
    return std::to_string(json.asI64());
  if (json.kind() == ValueKind::F64) // nan and inf reach this by `str.from` alone
    return printFloat(json.asF64());
  if (json.kind() == ValueKind::Str)
    return quoted(json.text());
  return writeParts(json, pretty, indent);
}

namespace {

std::string kindOf(const Value &json) {
  switch (json.kind()) {
  case ValueKind::None:
    return "null";
  case ValueKind::Bool:
    return "bool";
  case ValueKind::Str:
    return "string";
  case ValueKind::List:
    return "array";
  case ValueKind::Object:
    return "object";
  default:
    return "number";
  }
}
Value as(Call &c, std::string_view kind) { return kindOf(c[0]) == kind ? c[0] : c.fail(Diag::JsonMismatch); }

/// The keys of a JSON pointer (RFC 6901).
std::vector<std::string> keysOf(std::string pointer) {
  std::vector<std::string> keys;
  for (size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] == '/') {
      keys.emplace_back();
    } else if (pointer[i] == '~') {
      keys.back() += pointer[++i] == '0' ? '~' : '/';
    } else {
      keys.back() += pointer[i];
    }
  }
  return keys;
}

/// The place of a child among the items of its parent.
std::optional<size_t> childOf(const Value &parent, const std::string &key) {
  if (parent.kind() == ValueKind::Object) {
    for (size_t i = 0; i != parent.size(); i += 2)
      if (parent.items()[i].text() == key)
        return i + 1;
    return std::nullopt;
  }
  bool index = parent.kind() == ValueKind::List && !key.empty() && key.size() < 9 &&
               key.find_first_not_of("0123456789") == key.npos && (key == "0" || key[0] != '0');
  if (!index || std::stoul(key) >= parent.size())
    return std::nullopt;
  return std::stoul(key);
}

/// The pointer, an attribute or the operand after `others` ones; empty, with a failure, if it is none.
std::string pointerOf(Call &c, size_t others) {
  std::string pointer = c.size() > others ? c.s(others) : c.text("pointer");
  if (!pointer.empty() && pointer[0] != '/')
    c.fail(Diag::BadPointer);
  return c.failed ? "" : pointer;
}

std::optional<Value> at(Call &c) {
  Value found = c[0];
  for (const std::string &key : keysOf(pointerOf(c, 1))) {
    std::optional<size_t> child = childOf(found, key);
    if (!child)
      return std::nullopt;
    found = Value(found.items()[*child]);
  }
  return found;
}
Value get(Call &c) {
  std::optional<Value> found = at(c);
  return found ? *found : c.fail(Diag::JsonMissing);
}

/// `parent` with `value` at `keys`; none when what is above it is not there.
std::optional<Value> put(const Value &parent, std::span<const std::string> keys, const Value &value) {
  if (keys.empty())
    return value;
  std::optional<size_t> child = childOf(parent, keys[0]);
  bool isObject = parent.kind() == ValueKind::Object, isList = parent.kind() == ValueKind::List;
  if (!isObject && !isList)
    return std::nullopt;
  std::vector<Value> items(parent.items().begin(), parent.items().end());
  if (child) {
    std::optional<Value> inner = put(items[*child], keys.subspan(1), value);
    if (!inner)
      return std::nullopt;
    items[*child] = *inner;
  } else if (keys.size() != 1 || (isList && keys[0] != "-")) {
    return std::nullopt;
  } else {
    if (isObject)
      items.push_back(Value::str(keys[0]));
    items.push_back(value);
  }
  return isObject ? object(items) : listOf(items);
}
Value putAt(Call &c) {
  std::optional<Value> made = put(c[0], keysOf(pointerOf(c, 2)), c[1]);
  return made ? *made : c.fail(Diag::JsonMissing);
}

Value member(Call &c) {
  const bool isIndex = c[1].kind() == ValueKind::I64;
  if (c[0].kind() != (isIndex ? ValueKind::List : ValueKind::Object))
    return c.fail(Diag::JsonMissing);
  const std::optional<size_t> child = childOf(c[0], isIndex ? std::to_string(c.i(1)) : c.s(1));
  return child ? c[0].items()[*child] : c.fail(Diag::JsonMissing);
}
Value withMember(Call &c) {
  const bool isIndex = c[1].kind() == ValueKind::I64;
  if (c[0].kind() != (isIndex ? ValueKind::List : ValueKind::Object))
    return c.fail(Diag::JsonMissing);
  const std::string key[] = {isIndex ? std::to_string(c.i(1)) : c.s(1)};
  std::optional<Value> made = put(c[0], key, c[2]);
  return made ? *made : c.fail(Diag::JsonMissing);
}

Value length(Call &c) {
  bool isObject = c[0].kind() == ValueKind::Object;
  if (!isObject && c[0].kind() != ValueKind::List)
    return c.fail(Diag::JsonMismatch);
  return Value::i64(static_cast<int64_t>(c[0].size() / (isObject ? 2 : 1)));
}
Value keys(Call &c) {
  std::vector<Value> names;
  if (c[0].kind() != ValueKind::Object)
    return c.fail(Diag::JsonMismatch);
  for (size_t i = 0; i != c[0].size(); i += 2)
    names.push_back(c[0].items()[i]);
  return listOf(names);
}
Value toInteger(Call &c) {
  if (c[0].kind() == ValueKind::I64)
    return c[0];
  double n = c[0].kind() == ValueKind::F64 ? c.f(0) : NAN;
  bool whole = n == std::trunc(n) && n >= -0x1p63 && n < 0x1p63;
  return whole ? Value::i64(static_cast<int64_t>(n)) : c.fail(Diag::JsonMismatch);
}
Value toFloat(Call &c) {
  Value number = as(c, "number");
  return number.kind() == ValueKind::I64 ? Value::f64(static_cast<double>(number.asI64())) : number;
}
Value from(Call &c) {
  Value json;
  return toJson(c.view, c[0], c.types[0], true, json) ? json : c.fail(Diag::NotJson);
}

constexpr MeaningRow rows[] = {
    {OpCode::json_print, [](Call &c) { return Value::str(writeJson(c[0], c.flag("pretty"))); }},
    {OpCode::json_get, get},
    {OpCode::json_find, [](Call &c) { return someOf(at(c)); }},
    {OpCode::json_put, putAt},
    {OpCode::json_at, member},
    {OpCode::json_set, withMember},
    {OpCode::json_len, length},
    {OpCode::json_keys, keys},
    {OpCode::json_items, [](Call &c) { return as(c, "array"); }},
    {OpCode::json_kind, [](Call &c) { return Value::str(kindOf(c[0])); }},
    {OpCode::json_eq, [](Call &c) { return Value::boolean(equal(c[0], c[1])); }},
    {OpCode::json_to_str, [](Call &c) { return as(c, "string"); }},
    {OpCode::json_to_i64, toInteger},
    {OpCode::json_to_f64, toFloat},
    {OpCode::json_to_bool, [](Call &c) { return as(c, "bool"); }},
    {OpCode::json_from, from},
};

} // namespace

std::span<const MeaningRow> xcs::reference::jsonMeanings() { return rows; }
