#include "IR/Verify/FunctionVerifier.h"
#include "xcs/Support/SourcePlaces.h"
#include <algorithm>

using namespace xcs;

namespace {
/// The operation that converts one type to another, for the error that names the two.
struct Conversion {
  TypeKind from, to;
  OpCode op;
};
constexpr Conversion conversions[] = {
    {TypeKind::I64, TypeKind::Str, OpCode::str_from},
    {TypeKind::F64, TypeKind::Str, OpCode::str_from},
    {TypeKind::Bool, TypeKind::Str, OpCode::str_from},
    {TypeKind::Duration, TypeKind::Str, OpCode::str_from},
    {TypeKind::Json, TypeKind::Str, OpCode::json_print},
    {TypeKind::Str, TypeKind::Json, OpCode::json_parse},
    {TypeKind::Str, TypeKind::I64, OpCode::str_to_i64},
    {TypeKind::Str, TypeKind::F64, OpCode::str_to_f64},
    {TypeKind::I64, TypeKind::F64, OpCode::i64_to_f64},
    {TypeKind::F64, TypeKind::I64, OpCode::f64_to_i64},
};
} // namespace

/// The remedy for an operand of the wrong type: an operation that converts it, else the whole signature.
static std::string remedy(TypeKind from, const SignatureNode &wanted, std::string_view signature) {
  if (wanted.form == SignatureNode::Form::Exact)
    for (const Conversion &conversion : conversions)
      if (conversion.from == from && conversion.to == wanted.kind)
        return "; add `" + std::string(rowOf(conversion.op).name) + "`";
  return "; its signature is `" + std::string(signature) + "`";
}

/// Whether the error says that types do not fit.
static bool isOfTypes(Diag id) {
  constexpr Diag ofTypes[] = {Diag::OperandType, Diag::ResultType,  Diag::ResultKind, Diag::ReturnType,
                              Diag::YieldType,   Diag::RecordField, Diag::TypeRule};
  return std::find(std::begin(ofTypes), std::end(ofTypes), id) != std::end(ofTypes);
}

/// Where the part of an operation that an error is about is written.
static Location partOf(const VerifyContext &context, Diag id, Location op,
                       std::initializer_list<std::string_view> arguments) {
  const LocationTable &locations = context.module.locations;
  if (!context.shown())
    return op;
  if (id == Diag::ResultType || id == Diag::ResultKind)
    return typePlace(locations, op);
  if (id == Diag::BadAttribute)
    return attributePlace(locations, op, *arguments.begin());
  const bool isOfConstant = id == Diag::ConstantType || id == Diag::ConstantPart || id == Diag::ConstantField;
  return isOfConstant ? attributePlace(locations, op, nameOf(Attribute::value)) : op;
}

void FunctionVerifier::error(Diag id, OpId op, std::initializer_list<std::string_view> arguments) {
  error(id, op, partOf(context, id, graph->operation(op).location, arguments), arguments);
}

void FunctionVerifier::error(Diag id, OpId op, Location at,
                             std::initializer_list<std::string_view> arguments) {
  if (isOfTypes(id)) {
    const auto operands = graph->operands(op);
    const bool follows = std::any_of(operands.begin(), operands.end(), [&](ValueRef v) {
      // The verifier also sees operands beyond the graph's values, and values that no operation defines.
      const OpId source = v.index < graph->valueCount() ? graph->value(v).definedBy : OpId();
      return source && source.index < doubted.size() && doubted[source.index];
    });
    doubted[op.index] = true;
    if (follows)
      return context.forgetNames();
  }
  context.error(id, at, arguments);
}

/// What T is by the result that was written; nothing where that does not fit the signature.
TypeBindings FunctionVerifier::bindingsOfResults(OpId op) const {
  const SignatureText &signature = rowOf(graph->operation(op).code).signature;
  const auto values = graph->results(op);
  TypeBindings bound;
  bool good = countOf(signature.results()).allows(values.size());
  for (size_t i = 0; good && i < values.size(); ++i)
    good =
        matchesType(view, nodesOf(signature, paramAt(signature.results(), i)), graph->type(values[i]), bound);
  return good ? bound : TypeBindings();
}

bool FunctionVerifier::checkSignature(OpId op) {
  const Operation &operation = graph->operation(op);
  const SignatureText &signature = rowOf(operation.code).signature;
  TypeBindings bound;
  // A wrong operand may bind T wrongly; then results are not checked.
  bool right = checkCount(op, signature.operands(), operation.operandCount, false) &&
               checkTypes(op, signature.operands(), graph->operands(op), bound, false);
  for (uint8_t v = 0; right && v < std::size(bound.variable); ++v)
    right = !bound.variable[v] || !signature.isKey(v) || checkDictKey(op, bound.variable[v]);
  return checkCount(op, signature.results(), operation.resultCount, true) && right &&
         checkTypes(op, signature.results(), graph->results(op), bound, true);
}

bool FunctionVerifier::checkDictKey(OpId op, TypeId key) {
  if (isDictKey(view.kind(key)))
    return true;
  error(Diag::BadDictKey, op, {context.typeText(key), dictKeyRemedy(view.kind(key))});
  return false;
}

void FunctionVerifier::countError(Diag id, OpId op, std::string_view allowed, size_t given,
                                  std::string_view noun) {
  const OpRow &row = rowOf(graph->operation(op).code);
  std::string found = countText(given, noun);
  error(id, op, {row.name, allowed, found, row.signature.text});
}

/// Checks the number of operands or results against the row.
bool FunctionVerifier::checkCount(OpId op, std::span<const SignatureParam> params, size_t given,
                                  bool results) {
  ParamCount count = countOf(params);
  if (count.allows(given))
    return true;
  bool open = count.most == SIZE_MAX;
  std::string_view noun = results ? "result" : "operand";
  std::string allowed = countText(open ? count.least : count.most, noun);
  if (open)
    allowed = "at least " + allowed;
  else if (count.least != count.most)
    allowed = std::to_string(count.least) + " to " + allowed;
  countError(results ? Diag::ResultCount : Diag::OperandCount, op, allowed, given, noun);
  return false;
}

/// Whether a type has a variable that nothing binds.
static bool isOpen(std::span<const SignatureNode> nodes, const TypeBindings &bound) {
  return std::any_of(nodes.begin(), nodes.end(), [&](const SignatureNode &node) {
    return node.form == SignatureNode::Form::Variable && !bound.variable[node.variable];
  });
}

/// Stops at the first mismatch: later ones may depend on a type variable that was bound wrongly.
template <class Range>
bool FunctionVerifier::checkTypes(OpId op, std::span<const SignatureParam> params, const Range &values,
                                  TypeBindings &bound, bool results) {
  const SignatureText &signature = rowOf(graph->operation(op).code).signature;
  for (size_t i = 0; i < values.size(); ++i) {
    std::span<const SignatureNode> nodes = nodesOf(signature, paramAt(params, i));
    if (matchesType(view, nodes, graph->type(values[i]), bound))
      continue;
    if (results && nodes.back().form == SignatureNode::Form::AnyRecord && explainRecord(op))
      return false;
    if (results && isOpen(nodes, bound))
      error(Diag::ResultKind, op,
            {displayName(op), expectedText(nodes, bound), context.typeText(resultType(op, i))});
    else if (results)
      wrongResult(op, i, expectedText(nodes, bound));
    else
      reportMismatch(op, i, bound);
    return false;
  }
  return true;
}

/// Operand `at` does not fit those before it. Where all are of one type and the result says which, the first
/// operand that does not fit that is reported, which may be an earlier one.
void FunctionVerifier::reportMismatch(OpId op, size_t at, const TypeBindings &bound) {
  const SignatureText &signature = rowOf(graph->operation(op).code).signature;
  TypeBindings byResult = bindingsOfResults(op);
  const auto values = graph->operands(op);
  auto nodes = [&](size_t i) { return nodesOf(signature, paramAt(signature.operands(), i)); };
  const bool areAlike = signature.operandCount == 1; // `T...`: none of them is more than another
  size_t wrong = areAlike ? 0 : at;
  while (wrong < at && matchesType(view, nodes(wrong), graph->type(values[wrong]), byResult))
    ++wrong;
  const bool isEarlier = wrong < at;
  reportOperand(op, wrong, expectedText(nodes(wrong), isEarlier ? byResult : bound),
                remedy(view.kind(graph->type(values[wrong])), nodes(wrong)[0], signature.text));
}

void FunctionVerifier::reportOperand(OpId op, size_t i, std::string_view expected, std::string_view rest) {
  const Location at = graph->operation(op).location;
  error(Diag::OperandType, op, context.shown() ? operandPlace(context.module.locations, at, i) : at,
        {context.typeText(operandType(op, i)), expected, std::to_string(i + 1), displayName(op), rest});
}

void FunctionVerifier::wrongOperand(OpId op, size_t i, TypeId expected, std::string_view rest) {
  reportOperand(op, i, context.typeText(expected), rest);
}

void FunctionVerifier::wrongResult(OpId op, size_t i, std::string_view expected) {
  error(Diag::ResultType, op, {displayName(op), expected, context.typeText(resultType(op, i))});
}

std::string FunctionVerifier::displayName(OpId op) const {
  const Operation &operation = graph->operation(op);
  std::string name(rowOf(operation.code).name);
  return operation.code == OpCode::core_call ? name + " " + context.symbolText(operation.symbol) : name;
}

/// The type that a parameter requires, with type variables replaced by their bindings.
std::string FunctionVerifier::expectedText(std::span<const SignatureNode> nodes,
                                           const TypeBindings &bound) const {
  return textOfNodes(nodes, [&](uint8_t variable) -> std::string {
    if (const TypeId type = bound.variable[variable])
      return context.typeText(type);
    return variable == 0 ? "T" : "U";
  });
}
