#include "IR/Verify/FunctionVerifier.h"
#include "xcs/Ops/ModelForm.h"
#include "xcs/Ops/RequestForm.h"
#include "xcs/Ops/Value.h"
#include "xcs/Support/NearestName.h"
#include "xcs/Support/SourcePlaces.h"
#include "llvm/ADT/SmallVector.h"
#include <algorithm>

using namespace xcs;

// Ops/SignatureMatch.h checks the rules, for plans too; this file explains violations.

namespace {

/// Finds the part of a literal that does not match its type: the path to it, as a JSON pointer, and what it
/// is.
struct Misfit {
  const ConstantView &view;
  std::string path = {};
  AttrId at = {};
  TypeId type = {};

  bool fits(AttrId attr, TypeId wanted) const { return !valueOfAttr(view, attr, wanted).empty(); }
  /// Goes into the first part that does not fit; false if there is none.
  bool descend();
  bool enter(AttrId attr, TypeId wanted, std::string_view key);
};

} // namespace

bool Misfit::enter(AttrId attr, TypeId wanted, std::string_view key) {
  if (fits(attr, wanted))
    return false;
  path.append("/").append(key);
  at = attr;
  type = wanted;
  return true;
}

bool Misfit::descend() {
  if (view.kind(type) == TypeKind::Option && view.attr(at).kind != AttrKind::Unit) {
    type = view.element(type);
    return true;
  }
  if (view.kind(type) == TypeKind::List && view.attr(at).kind == AttrKind::List) {
    const std::span<const AttrId> items = view.items(at);
    for (size_t i = 0; i < items.size(); ++i)
      if (enter(items[i], view.element(type), std::to_string(i)))
        return true;
  }
  if (view.kind(type) != TypeKind::Record || view.attr(at).kind != AttrKind::Dict)
    return false;
  const DictId dict(static_cast<uint32_t>(view.attr(at).payload));
  for (const TypeField &field : view.fields(type))
    if (AttrId value = view.find(dict, view.text(field.name));
        value && enter(value, field.type, view.text(field.name)))
      return true;
  return false;
}

/// The field that a literal of a record has too much, or lacks; empty if there is none.
static std::pair<std::string_view, std::string_view> wrongField(const Misfit &misfit) {
  const ConstantView &view = misfit.view;
  if (view.kind(misfit.type) != TypeKind::Record || view.attr(misfit.at).kind != AttrKind::Dict)
    return {};
  const DictId dict(static_cast<uint32_t>(view.attr(misfit.at).payload));
  const std::span<const TypeField> fields = view.fields(misfit.type);
  for (const DictEntry &entry : view.entries(dict))
    if (std::none_of(fields.begin(), fields.end(), [&](const TypeField &f) { return f.name == entry.key; }))
      return {"has the unknown field", view.text(entry.key)};
  for (const TypeField &field : fields)
    if (view.kind(field.type) != TypeKind::Option && !view.find(dict, view.text(field.name)))
      return {"lacks the field", view.text(field.name)};
  return {};
}

/// What makes a value of a type that has no literals; empty for the others.
static std::string_view insteadOfLiteral(TypeKind kind) {
  if (kind == TypeKind::Bytes)
    return "write the text and make them of it with `bytes.from_str`, or read a file";
  return kind == TypeKind::Result ? "`try` makes one" : "";
}

static void explainConst(FunctionVerifier &verifier, OpId op) {
  const ConstantView &view = verifier.view;
  Misfit misfit{view};
  misfit.at = view.find(verifier.ops().operation(op).attributes, Attribute::value);
  misfit.type = verifier.resultType(op);
  while (verifier.context.shown() && misfit.descend()) {
  }
  const auto [fault, field] = wrongField(misfit);
  const std::string path = misfit.path.empty() ? "/" : misfit.path;
  if (std::string_view instead = insteadOfLiteral(view.kind(misfit.type)); !instead.empty())
    return verifier.error(Diag::NoLiteral, op, {verifier.context.typeText(misfit.type), instead});
  if (!field.empty())
    return verifier.error(Diag::ConstantField, op,
                          {path, fault, field, verifier.context.typeText(misfit.type)});
  if (!misfit.path.empty())
    return verifier.error(Diag::ConstantPart, op,
                          {path, printAttr(view, misfit.at), verifier.context.typeText(misfit.type)});
  AttrId value = verifier.view.find(verifier.ops().operation(op).attributes, Attribute::value);
  bool bare = verifier.view.attr(value).kind == AttrKind::Unit;
  verifier.error(
      Diag::ConstantType, op,
      {bare ? "value" : printAttr(verifier.view, value), verifier.context.typeText(verifier.resultType(op))});
}

/// What a rule says that an operation does not return is what it would return: together with what is written
/// there.
static void explainRule(FunctionVerifier &verifier, OpId op, std::string_view wrong) {
  static constexpr std::string_view returned = "does not return ";
  const std::string_view name = rowOf(verifier.ops().operation(op).code).name;
  if (!wrong.starts_with(returned) || verifier.ops().results(op).empty())
    return verifier.error(Diag::TypeRule, op, {name, wrong});
  std::string text = "returns " + std::string(wrong.substr(returned.size())) + ", not `" +
                     verifier.context.typeText(verifier.resultType(op)) + "`";
  const Location at = verifier.ops().operation(op).location;
  verifier.error(Diag::TypeRule, op,
                 verifier.context.shown() ? typePlace(verifier.context.module.locations, at) : at,
                 {name, text});
}

static void explainMake(FunctionVerifier &verifier, OpId op) {
  std::span<const TypeField> fields = verifier.view.fields(verifier.resultType(op));
  std::span<const ValueRef> operands = verifier.ops().operands(op);
  std::string made = verifier.context.typeText(verifier.resultType(op));
  if (fields.size() != operands.size()) {
    verifier.error(Diag::OperandCount, op,
                   {"record.make", countText(fields.size(), "operand"), countText(operands.size(), "operand"),
                    "any... -> " + made});
    return;
  }
  for (size_t i = 0; i < fields.size(); ++i)
    if (verifier.operandType(op, i) != fields[i].type)
      return verifier.wrongOperand(op, i, fields[i].type, "; it makes `" + made + "`");
}

/// The type of the field that `field` names; none, after a report, if the record has no such field.
static TypeId fieldOf(FunctionVerifier &verifier, OpId op) {
  const ConstantView &view = verifier.view;
  std::string_view name = view.textAttr(view.find(verifier.ops().operation(op).attributes, Attribute::field));
  if (TypeId field = verifier.context.prepared.fieldOf(view, verifier.operandType(op, 0), name))
    return field;
  NearestName nearest(name);
  if (verifier.context.shown())
    for (const TypeField &field : view.fields(verifier.operandType(op, 0)))
      nearest.offer(view.text(field.name));
  verifier.error(Diag::RecordField, op,
                 {verifier.context.typeText(verifier.operandType(op, 0)), name, nearest.suggestion()});
  return {};
}

static void explainGet(FunctionVerifier &verifier, OpId op) {
  if (TypeId field = fieldOf(verifier, op))
    verifier.wrongResult(op, 0, verifier.context.typeText(field));
}

static void explainWith(FunctionVerifier &verifier, OpId op) {
  TypeId field = fieldOf(verifier, op);
  if (field && field != verifier.operandType(op, 1))
    verifier.wrongOperand(op, 1, field, "; that is the type of the field");
  else if (field)
    verifier.wrongResult(op, 0, verifier.context.typeText(verifier.operandType(op, 0)));
}

/// Reports why the `pattern` or `schema` of an operation is invalid, in the words of its parser; false if it
/// has none or it is valid.
static bool explainPrepared(FunctionVerifier &verifier, OpId op) {
  DictId attributes = verifier.ops().operation(op).attributes;
  AttrId pattern = verifier.view.find(attributes, Attribute::pattern),
         schema = verifier.view.find(attributes, Attribute::schema);
  std::string_view name = rowOf(verifier.ops().operation(op).code).name;
  std::string_view why = pattern ? verifier.context.prepared.regexError(pattern) : std::string_view();
  if (!why.empty()) {
    verifier.error(Diag::BadAttribute, op,
                   {"pattern", name, "is not a valid regular expression: " + std::string(why)});
    return true;
  }
  why = schema ? verifier.context.prepared.schemaError(schema) : std::string_view();
  if (!why.empty())
    verifier.error(Diag::BadAttribute, op,
                   {"schema", name, "is not a valid JSON Schema: " + std::string(why)});
  return !why.empty();
}

/// Suggests the nearest option for one that does not exist.
static void explainRequest(FunctionVerifier &verifier, OpId op, std::string_view wrong) {
  const OpCode code = verifier.ops().operation(op).code;
  const RequestForm form = requestFormOf(verifier.view, code, verifier.typesOfOperands(op));
  if (!form.unknownOption)
    return explainRule(verifier, op, wrong);
  const std::string_view name = verifier.view.text(form.unknownOption);
  NearestName nearest(name);
  for (const RequestOption &option : requestOptionsOf(code))
    nearest.offer(option.name);
  verifier.error(Diag::UnknownOptionField, op, {rowOf(code).name, name, nearest.suggestion()});
}

/// The same for a call of a model.
static void explainChat(FunctionVerifier &verifier, OpId op, std::string_view wrong) {
  AttrId attributes[AttrListText::maxRows];
  verifier.rowAttributes(op, attributes);
  ChatForm form = chatFormOf(verifier.view, verifier.typesOfOperands(op), verifier.resultType(op),
                             chatAsksOf(verifier.view, attributes));
  if (form.broken.empty() && explainPrepared(verifier, op))
    return;
  if (!form.unknownOption) {
    verifier.error(Diag::TypeRule, op, {"model.chat", wrong});
    return;
  }
  std::string_view name = verifier.view.text(form.unknownOption);
  NearestName nearest(name);
  for (const ChatOption &option : chatOptions)
    nearest.offer(option.name);
  nearest.offer(extraOption);
  verifier.error(Diag::UnknownOptionField, op, {"model.chat", name, nearest.suggestion()});
}

void FunctionVerifier::rowAttributes(OpId op, std::span<AttrId> attributes) const {
  const Operation &operation = graph->operation(op);
  const AttrListText &rows = rowOf(operation.code).attributes;
  for (size_t i = 0; i < rows.count; ++i)
    attributes[i] = view.find(operation.attributes, rows.rows[i].name);
}

std::vector<TypeId> FunctionVerifier::typesOfOperands(OpId op) const {
  std::vector<TypeId> types;
  for (ValueRef v : graph->operands(op))
    types.push_back(graph->type(v));
  return types;
}

/// The lists are on the stack, as few operations have more than eight operands.
std::string_view FunctionVerifier::violatedRule(OpId op) {
  const Operation &operation = graph->operation(op);
  llvm::SmallVector<TypeId, 8> operands, results;
  for (ValueRef v : graph->operands(op))
    operands.push_back(graph->type(v));
  for (ValueRef v : graph->results(op))
    results.push_back(graph->type(v));
  AttrId attributes[AttrListText::maxRows];
  rowAttributes(op, attributes);
  return violatedTypeRule(view, operation.code, operands, results, attributes, context.prepared);
}

bool FunctionVerifier::explainRecord(OpId op) {
  const OpCode code = graph->operation(op).code;
  static constexpr OpCode ofRecords[] = {OpCode::list_enumerate, OpCode::list_zip,     OpCode::exec_run,
                                         OpCode::http_request,   OpCode::result_error, OpCode::result_errors,
                                         OpCode::file_stat};
  if (std::find(std::begin(ofRecords), std::end(ofRecords), code) == std::end(ofRecords))
    return false;
  const std::string_view wrong = violatedRule(op);
  if (!wrong.empty())
    explainRule(*this, op, wrong);
  return !wrong.empty();
}

void FunctionVerifier::checkTypeRule(OpId op) {
  const Operation &operation = graph->operation(op);
  const std::string_view wrong = hasTypeRule(operation.code) ? violatedRule(op) : std::string_view();
  if (wrong.empty())
    return;
  if (operation.code == OpCode::core_const)
    explainConst(*this, op);
  else if (operation.code == OpCode::record_make)
    explainMake(*this, op);
  else if (operation.code == OpCode::record_get)
    explainGet(*this, op);
  else if (operation.code == OpCode::record_with)
    explainWith(*this, op);
  else if (operation.code == OpCode::model_chat)
    explainChat(*this, op, wrong);
  else if (operation.code == OpCode::http_request || operation.code == OpCode::exec_run)
    explainRequest(*this, op, wrong);
  else if (!explainPrepared(*this, op))
    explainRule(*this, op, wrong);
}
