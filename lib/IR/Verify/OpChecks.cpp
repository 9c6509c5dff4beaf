#include "IR/Verify/FunctionVerifier.h"
#include "xcs/IR/OpEffects.h"
#include <array>

using namespace xcs;

/// A branch not taken yields nothing, so with results there must be a region for each case.
static void checkIf(FunctionVerifier &verifier, OpId op) {
  const Operation &operation = verifier.ops().operation(op);
  verifier.checkArguments(op);
  if (operation.resultCount != 0 && operation.regionCount == 1)
    verifier.countError(Diag::RegionCount, op, "2 regions when it has results", 1, "region");
}

/// A vote decides how many are enough, and votes on something.
static void checkMajority(FunctionVerifier &verifier, OpId op) {
  const Operation &operation = verifier.ops().operation(op);
  if (!flagAttr(verifier.view, operation.attributes, "majority"))
    return;
  std::string_view name = rowOf(operation.code).name;
  if (verifier.view.find(operation.attributes, "take"))
    verifier.error(Diag::BadAttribute, op,
                   {"majority", name, "cannot be combined with `take`; remove one of them"});
  if (operation.resultCount == 0)
    verifier.error(Diag::BadAttribute, op, {"majority", name, "needs a result to vote on"});
}

/// What its region yields is checked where it yields; here the list that it makes of it.
static void checkMap(FunctionVerifier &verifier, OpId op) {
  const ConstantView &view = verifier.view;
  verifier.checkArguments(op);
  size_t results = verifier.ops().operation(op).resultCount;
  if (results > 1)
    verifier.countError(Diag::ResultCount, op, "at most 1 result", results, "result");
  else if (results == 1 && view.kind(verifier.resultType(op)) != TypeKind::List)
    verifier.wrongResult(op, 0, "list<..>");
  checkMajority(verifier, op);
}

/// Nothing but the regions: the signature says the rest.
static void checkRegionsOnly(FunctionVerifier &verifier, OpId op) { verifier.checkArguments(op); }

/// What goes in comes out: as it is, of `scan` as a list.
static void checkLoop(FunctionVerifier &verifier, OpId op) {
  verifier.checkArguments(op);
  const Operation &operation = verifier.ops().operation(op);
  size_t first = regionForm(operation.code)->firstCarried(), carried = operation.operandCount - first;
  if (operation.resultCount != carried)
    return verifier.countError(Diag::ResultCount, op, countText(carried, "result"), operation.resultCount,
                               "result");
  for (size_t i = 0; i < carried; ++i) {
    TypeId type = verifier.operandType(op, first + i);
    if (fitsCarried(verifier.view, operation.code, type, verifier.resultType(op, i)))
      continue;
    std::string text = verifier.context.typeText(type);
    verifier.wrongResult(op, i, operation.code == OpCode::core_scan ? "list<" + text + ">" : text);
  }
}

static void checkRace(FunctionVerifier &verifier, OpId op) {
  verifier.checkArguments(op);
  const Operation &operation = verifier.ops().operation(op);
  AttrId take = verifier.view.find(operation.attributes, "take");
  if (take && verifier.view.intAttr(take) > operation.regionCount)
    verifier.error(Diag::BadAttribute, op, {"take", "race", "must be at most the number of its regions"});
  checkMajority(verifier, op);
}

/// Against the function's head; its body may come later in the text.
static void checkCall(FunctionVerifier &verifier, OpId op) {
  VerifyContext &context = verifier.context;
  const ComputationGraph &ops = verifier.ops();
  const Function *callee = context.module.findFunction(ops.operation(op).symbol);
  if (!callee)
    return; // reported with the symbol
  ComputationGraph::ValueRange parameters = callee->graph.arguments(callee->body);
  std::span<const ValueRef> operands = ops.operands(op);
  if (operands.size() != parameters.size()) {
    verifier.error(Diag::OperandCount, op,
                   {verifier.displayName(op), countText(parameters.size(), "operand"),
                    countText(operands.size(), "operand"), context.signatureText(*callee)});
    return;
  }
  for (size_t i = 0; i < operands.size(); ++i)
    if (TypeId wanted = callee->graph.type(parameters[i]); ops.type(operands[i]) != wanted)
      verifier.wrongOperand(op, i, wanted, "; its signature is `" + context.signatureText(*callee) + "`");
  ComputationGraph::ValueRange results = ops.results(op);
  if (results.size() != callee->resultTypes.size()) {
    verifier.error(Diag::ResultCount, op,
                   {verifier.displayName(op), countText(callee->resultTypes.size(), "result"),
                    countText(results.size(), "result")});
    return;
  }
  for (size_t i = 0; i < results.size(); ++i)
    if (TypeId wanted = callee->resultTypes[i]; ops.type(results[i]) != wanted)
      verifier.wrongResult(op, i, context.typeText(wanted));
}

/// `str.format` is total: a template that could fail at run time must not get there.
static void checkFormat(FunctionVerifier &verifier, OpId op) {
  const Operation &operation = verifier.ops().operation(op);
  AttrId text = verifier.view.find(operation.attributes, "template");
  TemplateError wrong;
  verifier.templateParts.clear();
  if (splitTemplate(verifier.view.textAttr(text), operation.operandCount, verifier.templateParts, wrong))
    return;
  verifier.error(
      Diag::BadAttribute, op,
      {"template", "str.format", "is invalid at byte " + std::to_string(wrong.byte) + ": " + wrong.what});
}

static constexpr std::array<OpCheck, opCodeCount> makeChecks() {
  std::array<OpCheck, opCodeCount> table{};
  auto set = [&table](OpCode code, OpCheck check) { table[static_cast<size_t>(code)] = check; };
  set(OpCode::core_if, checkIf);
  set(OpCode::core_map, checkMap);
  set(OpCode::core_try, checkRegionsOnly);
  set(OpCode::core_reduce, checkRegionsOnly);
  set(OpCode::core_filter, checkRegionsOnly);
  set(OpCode::core_sort_by, checkRegionsOnly);
  set(OpCode::core_for, checkLoop);
  set(OpCode::core_while, checkLoop);
  set(OpCode::core_scan, checkLoop);
  set(OpCode::core_race, checkRace);
  set(OpCode::core_call, checkCall);
  set(OpCode::str_format, checkFormat);
  return table;
}
static constexpr std::array<OpCheck, opCodeCount> checks = makeChecks();

OpCheck xcs::opCheckOf(OpCode code) { return checks[static_cast<size_t>(code)]; }
