#include "xcs/Ops/ValueFits.h"
#include "xcs/Support/Utf8.h"
#include <cmath>
#include <unordered_set>
#include <vector>

using namespace xcs;

namespace {

/// The parts that are still to be looked at.
class FitCheck {
public:
  explicit FitCheck(const ConstantView &view) : view(view) {}

  const Value *run(const Value &value, TypeId type) {
    left.push_back({&value, type});
    while (!left.empty()) {
      const Part part = left.back();
      left.pop_back();
      if (!fits(part))
        return part.value;
    }
    return nullptr;
  }

private:
  struct Part {
    const Value *value;
    TypeId type; // none: any JSON
  };

  bool fits(Part part);
  bool fitsJson(const Value &value);
  bool fitsObject(const Value &object);
  bool fitsRecord(const Value &record, TypeId type);
  bool fitsDict(const Value &dict, TypeId type);

  static bool isText(const Value &value) {
    return value.kind() == ValueKind::Str && invalidUtf8At(value.text()) == std::string_view::npos;
  }
  bool items(const Value &value, TypeId type) {
    for (const Value &item : value.items())
      left.push_back({&item, type});
    return true;
  }

  const ConstantView &view;
  std::vector<Part> left;
};

} // namespace

bool FitCheck::fitsObject(const Value &object) {
  std::unordered_set<std::string_view> keys;
  const std::span<const Value> entries = object.items();
  for (size_t i = 0; i + 1 < entries.size(); i += 2) {
    if (!isText(entries[i]) || !keys.insert(entries[i].text()).second)
      return false;
    left.push_back({&entries[i + 1], TypeId()});
  }
  return entries.size() % 2 == 0;
}

bool FitCheck::fitsJson(const Value &value) {
  switch (value.kind()) {
  case ValueKind::None:
  case ValueKind::Bool:
  case ValueKind::I64:
  case ValueKind::Whole:
    return true;
  case ValueKind::F64:
    return std::isfinite(value.asF64());
  case ValueKind::Str:
    return isText(value);
  case ValueKind::List:
    return items(value, TypeId());
  case ValueKind::Object:
    return fitsObject(value);
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
    return false;
  }
  return false;
}

bool FitCheck::fitsRecord(const Value &record, TypeId type) {
  const std::span<const TypeField> fields = view.fields(type);
  if (record.kind() != ValueKind::Record || record.size() != fields.size())
    return false;
  for (size_t i = 0; i < fields.size(); ++i)
    left.push_back({&record.items()[i], fields[i].type});
  return true;
}

/// Its keys differ: Value makes no other.
bool FitCheck::fitsDict(const Value &dict, TypeId type) {
  if (dict.kind() != ValueKind::Dict)
    return false;
  for (size_t i = 0; i < dict.size(); i += 2) {
    left.push_back({&dict.items()[i], view.keyType(type)});
    left.push_back({&dict.items()[i + 1], view.valueType(type)});
  }
  return true;
}

bool FitCheck::fits(Part part) {
  const Value &value = *part.value;
  if (!part.type)
    return fitsJson(value);
  switch (view.kind(part.type)) {
  case TypeKind::Bool:
    return value.kind() == ValueKind::Bool;
  case TypeKind::I64:
    return value.kind() == ValueKind::I64;
  case TypeKind::F64:
    return value.kind() == ValueKind::F64;
  case TypeKind::Str:
    return isText(value);
  case TypeKind::Bytes:
    return value.kind() == ValueKind::Bytes;
  case TypeKind::Json:
    return fitsJson(value);
  case TypeKind::None:
    return value.kind() == ValueKind::None;
  case TypeKind::Duration:
    return value.kind() == ValueKind::Duration;
  case TypeKind::Secret:
    return false;
  case TypeKind::List:
    return value.kind() == ValueKind::List && items(value, view.element(part.type));
  case TypeKind::Option:
    return value.kind() == ValueKind::OptionNone ||
           (value.kind() == ValueKind::OptionSome && items(value, view.element(part.type)));
  case TypeKind::Result:
    return value.kind() == ValueKind::ResultError ||
           (value.kind() == ValueKind::ResultOk && items(value, view.element(part.type)));
  case TypeKind::Record:
    return fitsRecord(value, part.type);
  case TypeKind::Dict:
    return fitsDict(value, part.type);
  }
  return false;
}

const Value *xcs::misfitOfType(const Value &value, const ConstantView &view, TypeId type) {
  return FitCheck(view).run(value, type);
}
