#include "xcs/Ops/SignatureMatch.h"
#include "xcs/Ops/Value.h"
#include <array>

using namespace xcs;

namespace {
/// What the rules look at.
struct Types {
  const ConstantView &view;
  std::span<const TypeId> operands, results;
  std::span<const AttrId> attributes;
};
using Rule = std::string_view (*)(const Types &);

/// A field as a rule wants it: by kind, or (kind None, which no rule asks for) by the very type.
struct FieldRule {
  std::string_view name;
  TypeKind kind = TypeKind::None;
  TypeId type;
};
} // namespace

static bool hasFields(const ConstantView &view, TypeId record, std::initializer_list<FieldRule> wanted) {
  if (view.kind(record) != TypeKind::Record || view.fields(record).size() != wanted.size())
    return false;
  const TypeField *field = view.fields(record).data();
  for (const FieldRule &rule : wanted) {
    bool typed = rule.type ? field->type == rule.type : view.kind(field->type) == rule.kind;
    if (!typed || view.text(field->name) != rule.name)
      return false;
    ++field;
  }
  return true;
}

/// The type of the field that attribute `row` names; none when there is none of that name.
static TypeId namedField(const Types &types, size_t row) {
  for (const TypeField &field : types.view.fields(types.operands[0]))
    if (types.view.text(field.name) == types.view.textAttr(types.attributes[row]))
      return field.type;
  return {};
}

static std::string_view constRule(const Types &types) {
  constexpr size_t value = attrRow<OpCode::core_const>("value");
  AttrKind literal = types.view.attr(types.attributes[value]).kind;
  TypeKind type = types.view.kind(types.results[0]);
  // The common scalars without making a value of them.
  if ((literal == AttrKind::I64 && (type == TypeKind::I64 || type == TypeKind::F64)) ||
      (literal == AttrKind::F64 && type == TypeKind::F64) ||
      (literal == AttrKind::Str && type == TypeKind::Str) ||
      (literal == AttrKind::Bool && type == TypeKind::Bool))
    return {};
  return valueOfAttr(types.view, types.attributes[value], types.results[0]).empty()
             ? "has a value that does not fit its type"
             : std::string_view();
}

static std::string_view makeRule(const Types &types) {
  std::span<const TypeField> fields = types.view.fields(types.results[0]);
  bool right = fields.size() == types.operands.size();
  for (size_t i = 0; right && i < fields.size(); ++i)
    right = fields[i].type == types.operands[i];
  return right ? std::string_view() : "has operands that are not the fields of its record";
}

static std::string_view getRule(const Types &types) {
  TypeId field = namedField(types, attrRow<OpCode::record_get>("field"));
  if (!field)
    return "names a field that its record has not";
  return field == types.results[0] ? std::string_view() : "has another type than the field it names";
}

static std::string_view withRule(const Types &types) {
  TypeId field = namedField(types, attrRow<OpCode::record_with>("field"));
  if (!field)
    return "names a field that its record has not";
  if (types.operands[0] != types.results[0])
    return "has another type than its record";
  return field == types.operands[1] ? std::string_view()
                                    : "has a value of another type than the field it names";
}

static std::string_view zipRule(const Types &types) {
  const ConstantView &view = types.view;
  return hasFields(view, view.element(types.results[0]),
                   {{"first", {}, view.element(types.operands[0])},
                    {"second", {}, view.element(types.operands[1])}})
             ? std::string_view()
             : "does not give `list<record<first: T, second: U>>`";
}

static std::string_view enumerateRule(const Types &types) {
  const ConstantView &view = types.view;
  return hasFields(view, view.element(types.results[0]),
                   {{"index", TypeKind::I64, {}}, {"value", {}, view.element(types.operands[0])}})
             ? std::string_view()
             : "does not give `list<record<index: i64, value: T>>`";
}

static std::string_view errorRule(const Types &types) {
  return hasFields(types.view, types.results[0],
                   {{"kind", TypeKind::Str, {}},
                    {"message", TypeKind::Str, {}},
                    {"op", TypeKind::Str, {}},
                    {"attempt", TypeKind::I64, {}}})
             ? std::string_view()
             : "does not give `record<kind: str, message: str, op: str, attempt: i64>`";
}

static std::string_view responseRule(const Types &types) {
  const ConstantView &view = types.view;
  bool right = hasFields(
      view, types.results[0],
      {{"status", TypeKind::I64, {}}, {"headers", TypeKind::List, {}}, {"body", TypeKind::Str, {}}});
  if (right)
    right = hasFields(view, view.element(view.fields(types.results[0])[1].type),
                      {{"name", TypeKind::Str, {}}, {"value", TypeKind::Str, {}}});
  return right
             ? std::string_view()
             : "does not give `record<status: i64, headers: list<record<name: str, value: str>>, body: str>`";
}

static constexpr std::array<Rule, opCodeCount> makeRules() {
  std::array<Rule, opCodeCount> table{};
  auto set = [&table](OpCode code, Rule rule) { table[static_cast<size_t>(code)] = rule; };
  set(OpCode::core_const, constRule);
  set(OpCode::record_make, makeRule);
  set(OpCode::record_get, getRule);
  set(OpCode::record_with, withRule);
  set(OpCode::list_zip, zipRule);
  set(OpCode::list_enumerate, enumerateRule);
  set(OpCode::result_error, errorRule);
  set(OpCode::http_request, responseRule);
  return table;
}
static constexpr std::array<Rule, opCodeCount> rules = makeRules();

bool xcs::hasTypeRule(OpCode code) { return rules[static_cast<size_t>(code)] != nullptr; }

std::string_view xcs::brokenTypeRule(const ConstantView &view, OpCode code, std::span<const TypeId> operands,
                                     std::span<const TypeId> results, std::span<const AttrId> attributes) {
  Rule rule = rules[static_cast<size_t>(code)];
  return rule ? rule({view, operands, results, attributes}) : std::string_view();
}
