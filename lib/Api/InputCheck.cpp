#include "Api/InputCheck.h"
#include "xcs/Ops/ConstantPool.h"
#include <vector>

using namespace xcs;

namespace {

/// A part of a value that is still to be looked at. JSON has no type further in.
struct Part {
  const Value *value;
  TypeId type;
  bool isJson;
};

} // namespace

static std::string_view kindName(ValueKind kind) {
  switch (kind) {
  case ValueKind::Empty:
    return "no value";
  case ValueKind::None:
    return "none";
  case ValueKind::Bool:
    return "a bool";
  case ValueKind::I64:
    return "an i64";
  case ValueKind::F64:
    return "an f64";
  case ValueKind::Duration:
    return "a duration";
  case ValueKind::OptionNone:
  case ValueKind::OptionSome:
    return "an option";
  case ValueKind::Str:
    return "a str";
  case ValueKind::Bytes:
    return "bytes";
  case ValueKind::List:
    return "a list";
  case ValueKind::Record:
    return "a record";
  case ValueKind::Object:
    return "a JSON object";
  case ValueKind::ResultOk:
  case ValueKind::ResultError:
    return "a result";
  case ValueKind::Secret:
    return "a secret";
  }
  return "";
}

static bool isJsonKind(ValueKind kind) {
  switch (kind) {
  case ValueKind::None:
  case ValueKind::Bool:
  case ValueKind::I64:
  case ValueKind::F64:
  case ValueKind::Str:
  case ValueKind::List:
  case ValueKind::Object:
    return true;
  case ValueKind::Empty:
  case ValueKind::Duration:
  case ValueKind::OptionNone:
  case ValueKind::Bytes:
  case ValueKind::Record:
  case ValueKind::OptionSome:
  case ValueKind::ResultOk:
  case ValueKind::ResultError:
  case ValueKind::Secret:
    return false;
  }
  return false;
}

/// Whether a value is of a type as far as it shows without looking into it.
static bool isOfKind(const ConstantView &view, TypeId type, const Value &value) {
  const ValueKind kind = value.kind();
  switch (view.kind(type)) {
  case TypeKind::Bool:
    return kind == ValueKind::Bool;
  case TypeKind::I64:
    return kind == ValueKind::I64;
  case TypeKind::F64:
    return kind == ValueKind::F64;
  case TypeKind::Str:
    return kind == ValueKind::Str;
  case TypeKind::Bytes:
    return kind == ValueKind::Bytes;
  case TypeKind::Json:
    return isJsonKind(kind);
  case TypeKind::None:
    return kind == ValueKind::None;
  case TypeKind::Duration:
    return kind == ValueKind::Duration;
  case TypeKind::Secret:
    return kind == ValueKind::Secret;
  case TypeKind::List:
    return kind == ValueKind::List;
  case TypeKind::Option:
    return kind == ValueKind::OptionNone || kind == ValueKind::OptionSome;
  case TypeKind::Result:
    return kind == ValueKind::ResultOk || kind == ValueKind::ResultError;
  case TypeKind::Record:
    return kind == ValueKind::Record && value.size() == view.fields(type).size();
  }
  return false;
}

/// Adds the parts of a value whose kind is right.
static void addParts(const ConstantView &view, const Part &part, std::vector<Part> &to) {
  const ValueKind kind = part.value->kind();
  if (kind < ValueKind::List || kind > ValueKind::ResultError || kind == ValueKind::ResultError)
    return;
  std::span<const Value> items = part.value->items();
  if (part.isJson || view.kind(part.type) == TypeKind::Json) {
    for (const Value &item : items)
      to.push_back({&item, part.type, true});
    return;
  }
  std::span<const TypeField> fields = view.fields(part.type);
  const bool isRecord = view.kind(part.type) == TypeKind::Record;
  for (size_t i = 0; i < items.size(); ++i)
    to.push_back({&items[i], fields[isRecord ? i : 0].type, false});
}

std::string xcs::whyNotOfType(const ConstantView &view, TypeId type, const Value &value) {
  if (value.kind() < ValueKind::List && isOfKind(view, type, value))
    return {}; // of one part
  std::vector<Part> parts{{&value, type, false}};
  while (!parts.empty()) {
    const Part part = parts.back();
    parts.pop_back();
    const bool fits = part.isJson ? isJsonKind(part.value->kind()) : isOfKind(view, part.type, *part.value);
    if (!fits)
      return (part.value == &value ? "it is " : "there is ") + std::string(kindName(part.value->kind())) +
             (part.value == &value ? "" : " within it");
    addParts(view, part, parts);
  }
  return {};
}

bool xcs::isSameType(const ConstantView &a, TypeId ofA, const ConstantView &b, TypeId ofB) {
  if (a.kind(ofA) != b.kind(ofB))
    return false;
  if (a.fields(ofA).empty() && b.fields(ofB).empty())
    return true;
  return printType(a, ofA) == printType(b, ofB);
}
