#include "IR/Verify/FunctionVerifier.h"
#include "xcs/Ops/ModelForm.h"
#include "xcs/Support/NearestName.h"
#include "llvm/ADT/SmallVector.h"

using namespace xcs;

// Ops/SignatureMatch.h checks the rules, for plans too; this file explains violations.

static void explainConst(FunctionVerifier &verifier, OpId op) {
  AttrId value = verifier.view.find(verifier.ops().operation(op).attributes, Attribute::value);
  bool bare = verifier.view.attr(value).kind == AttrKind::Unit;
  verifier.error(
      Diag::ConstantType, op,
      {bare ? "value" : printAttr(verifier.view, value), verifier.context.typeText(verifier.resultType(op))});
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
static void explainChat(FunctionVerifier &verifier, OpId op, std::string_view wrong) {
  std::vector<TypeId> operands;
  for (size_t i = 0; i < verifier.ops().operands(op).size(); ++i)
    operands.push_back(verifier.operandType(op, i));
  bool hasCount = verifier.view.find(verifier.ops().operation(op).attributes, Attribute::n).valid();
  ChatForm form = chatFormOf(verifier.view, operands, verifier.resultType(op), hasCount);
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

/// The lists are on the stack, as few operations have more than eight operands.
void FunctionVerifier::checkTypeRule(OpId op) {
  const Operation &operation = graph->operation(op);
  if (!hasTypeRule(operation.code))
    return;
  llvm::SmallVector<TypeId, 8> operands, results;
  for (ValueRef v : graph->operands(op))
    operands.push_back(graph->type(v));
  for (ValueRef v : graph->results(op))
    results.push_back(graph->type(v));
  const OpRow &row = rowOf(operation.code);
  AttrId attributes[AttrListText::maxRows];
  for (size_t i = 0; i < row.attributes.count; ++i)
    attributes[i] = view.find(operation.attributes, row.attributes.rows[i].name);
  std::string_view wrong =
      violatedTypeRule(view, operation.code, operands, results, attributes, context.prepared);
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
  else if (!explainPrepared(*this, op))
    error(Diag::TypeRule, op, {row.name, wrong});
}
