#include "Api/InputCheck.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/ValueFits.h"

using namespace xcs;

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
  case ValueKind::Whole:
    return "a whole number beyond i64";
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
  case ValueKind::Dict:
    return "a dictionary";
  case ValueKind::Secret:
    return "a secret";
  }
  return "";
}

std::string xcs::whyNotOfType(const ConstantView &view, TypeId type, const Value &value) {
  const Value *wrong = misfitOfType(value, view, type);
  if (!wrong)
    return {};
  const std::string_view kind = kindName(wrong->kind());
  if (wrong != &value)
    return "there is " + std::string(kind) + " within it";
  if (wrong->kind() == ValueKind::Str && view.kind(type) == TypeKind::Str)
    return "it is not valid UTF-8";
  return "it is " + std::string(kind);
}

bool xcs::isSameType(const ConstantView &a, TypeId ofA, const ConstantView &b, TypeId ofB) {
  if (a.kind(ofA) != b.kind(ofB))
    return false;
  if (a.fields(ofA).empty() && b.fields(ofB).empty())
    return true;
  return printType(a, ofA) == printType(b, ofB);
}
