#include "Ops/CompiledSchema.h"
#include "Ops/JsonSupport.h"
#include "Ops/KernelSupport.h"
#include "Ops/Text.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/Prepared.h"
#include "xcs/Ops/WholeNumber.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>
#include <cmath>

// A value of type json consists of None, Bool, I64, Whole, F64 (finite), Str, List and Object; every
// operation here must handle each of them.

namespace xcs::kernels {

namespace {

const Value &json(const KernelCall &call) { return call.operand(0); }

bool isNot(KernelCall &call, std::string_view wanted) {
  return call.fail(Diag::JsonMismatch,
                   {"expected " + std::string(wanted) + ", found " + foundJson(json(call))});
}

/// Returns the value itself if it is of that kind.
bool returnIfKind(KernelCall &call, ValueKind kind, std::string_view wanted) {
  return json(call).kind() == kind ? returnValue(call, json(call)) : isNot(call, wanted);
}

/// Applies the schema of a call: the plan's, or, during folding, one compiled for it.
bool applySchema(KernelCall &call, CompiledSchema::Report report, std::vector<std::string> &violations) {
  constexpr size_t row = attrRow<OpCode::json_validate>("schema");
  static_assert(row == attrRow<OpCode::json_violations>("schema"));
  AttrId attr = call.attributes[row];
  std::unique_ptr<const CompiledSchema> own;
  const CompiledSchema *schema = call.prepared ? call.prepared->schema(attr) : nullptr;
  if (!schema) {
    std::string what;
    own = CompiledSchema::ofAttr(call.constants, attr, call.limits, what);
    schema = own.get();
  }
  if (!schema)
    return call.fail(Diag::BadConstant, {opName(call)});
  return schema->check(json(call), report, call.limits, violations, call.error);
}

} // namespace

bool json_parse(KernelCall &call) {
  Value parsed;
  return parseJson(withoutByteOrderMark(call.operand(0).text()), call.limits, parsed, call.error) &&
         returnValue(call, std::move(parsed));
}

bool json_print(KernelCall &call) {
  bool pretty = call.flagAttr(attrRow<OpCode::json_print>("pretty"));
  std::string text;
  return appendJson(text, json(call), pretty ? JsonLayout::Indented : JsonLayout::Line, call.limits,
                    call.error) &&
         returnValue(call, Value::str(text));
}

bool json_len(KernelCall &call) {
  bool object = json(call).kind() == ValueKind::Object;
  if (!object && json(call).kind() != ValueKind::List)
    return isNot(call, "an array or an object");
  return returnI64(call, static_cast<int64_t>(object ? json(call).size() / 2 : json(call).size()));
}

bool json_keys(KernelCall &call) {
  if (json(call).kind() != ValueKind::Object)
    return isNot(call, "an object");
  std::vector<Value> keys;
  keys.reserve(json(call).size() / 2);
  for (size_t i = 0; i < json(call).size(); i += 2)
    keys.push_back(json(call).items()[i]);
  return returnList(call, keys);
}

bool json_items(KernelCall &call) { return returnIfKind(call, ValueKind::List, "an array"); }

bool json_kind(KernelCall &call) {
  std::string_view name = jsonKindName(json(call)); // with an article, except for `null`
  size_t space = name.find(' ');
  return returnValue(call, Value::str(space == name.npos ? name : name.substr(space + 1)));
}

bool json_eq(KernelCall &call) { return returnBool(call, equalValues(call.operand(0), call.operand(1))); }

bool json_to_str(KernelCall &call) { return returnIfKind(call, ValueKind::Str, "a string"); }

bool json_to_bool(KernelCall &call) { return returnIfKind(call, ValueKind::Bool, "a bool"); }

bool json_to_i64(KernelCall &call) {
  if (json(call).kind() == ValueKind::F64) {
    double number = json(call).asF64();
    if (number == std::trunc(number) && number >= -0x1p63 && number < 0x1p63)
      return returnI64(call, static_cast<int64_t>(number));
  }
  return returnIfKind(call, ValueKind::I64, "a whole number within i64");
}

bool json_to_f64(KernelCall &call) {
  if (json(call).kind() == ValueKind::I64)
    return returnF64(call, static_cast<double>(json(call).asI64()));
  if (json(call).kind() == ValueKind::Whole)
    return returnF64(call, nearestFloat(json(call).text()));
  return returnIfKind(call, ValueKind::F64, "a number");
}

// The depth of a typed value is bounded by its type; for JSON that is nested again and again, this is the
// only bound.
bool json_from(KernelCall &call) {
  Value made;
  if (!jsonFromValue(call.operand(0), call.constants, call.operandTypes[0], call.limits, made, call.error))
    return false;
  return made.depth() > call.limits[Limit::JsonDepth] ? exceeds(call, Limit::JsonDepth)
                                                      : returnValue(call, std::move(made));
}

bool json_cast(KernelCall &call) {
  Value made;
  return valueFromJson(json(call), call.constants, call.resultType, call.limits, made, call.error) &&
         returnValue(call, std::move(made));
}

bool json_schema(KernelCall &call) {
  AttrId type = call.attributes[attrRow<OpCode::json_schema>("type")];
  Value schema;
  return schemaValueOf(call.constants, TypeId(static_cast<uint32_t>(call.constants.attr(type).payload)),
                       call.limits, schema, call.error) &&
         returnValue(call, std::move(schema));
}

bool json_validate(KernelCall &call) {
  std::vector<std::string> violations;
  if (!applySchema(call, CompiledSchema::Report::First, violations))
    return false;
  return violations.empty() ? returnValue(call, json(call)) : call.fail(Diag::JsonMismatch, {violations[0]});
}

bool json_violations(KernelCall &call) {
  std::vector<std::string> violations;
  if (!applySchema(call, CompiledSchema::Report::All, violations))
    return false;
  std::vector<Value> texts;
  texts.reserve(violations.size());
  for (const std::string &violation : violations)
    texts.push_back(Value::str(violation));
  return returnList(call, texts);
}

} // namespace xcs::kernels
