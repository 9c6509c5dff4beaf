#include "IR/Verify/FunctionVerifier.h"

using namespace xcs;

// Compares regions with Ops/RegionForm.h and reports the differences.

void FunctionVerifier::checkRegionCount(OpId op) {
  const Operation &operation = graph->operation(op);
  RegionCount allowed = regionCount(operation.code);
  if (operation.regionCount >= allowed.least && operation.regionCount <= allowed.most)
    return;
  std::string text = countText(allowed.most, "region");
  if (allowed.least != allowed.most)
    text = std::to_string(allowed.least) + (allowed.least + 1 == allowed.most ? " or " : " to ") + text;
  countError(Diag::RegionCount, op, text, operation.regionCount, "region");
}

void FunctionVerifier::findRegionTypes(OpId owner) {
  operandTypes.clear();
  resultTypes.clear();
  for (ValueRef v : graph->operands(owner))
    operandTypes.push_back(v.index < graph->valueCount() ? graph->type(v) : TypeId());
  for (ValueRef v : graph->results(owner))
    resultTypes.push_back(graph->type(v));
  regionTypes.set(view, *regionForm(graph->operation(owner).code), operandTypes, resultTypes);
}

RegionFault FunctionVerifier::findFault(OpId op) {
  const Operation &operation = graph->operation(op);
  const RegionCount allowed = regionCount(operation.code);
  if (operation.regionCount < allowed.least || operation.regionCount > allowed.most)
    return {};
  findRegionTypes(op);
  return xcs::findFault(
      {view, operation.code, operation.attributes, operandTypes, resultTypes, operation.regionCount});
}

/// All regions of one operation take the same arguments.
void FunctionVerifier::checkArguments(OpId op) {
  findRegionTypes(op);
  std::span<const TypeId> expected = regionTypes.arguments;
  for (RegionId r = graph->operation(op).firstRegion; r; r = graph->region(r).next) {
    ComputationGraph::ValueRange given = graph->arguments(r);
    bool right = given.size() == expected.size();
    for (size_t i = 0; right && i < expected.size(); ++i)
      right = graph->type(given[i]) == expected[i];
    if (right)
      continue;
    std::vector<TypeId> types;
    for (ValueRef v : given)
      types.push_back(graph->type(v));
    std::string begin = "^(";
    for (size_t i = 0; i < expected.size(); ++i)
      begin += (i ? ", %x" + std::to_string(i) : "%x") + ": " + context.typeText(expected[i]);
    if (expected.empty())
      begin = "{"; // no line of arguments
    else
      begin += ')';
    error(Diag::RegionArguments, op,
          {rowOf(graph->operation(op).code).name, context.typesText(expected), context.typesText(types),
           begin});
  }
}

/// Only the first one of a region; beginOp reports what follows it.
void FunctionVerifier::checkTerminator(OpId op) {
  OpenRegion &open = openRegions.back();
  if (!open.terminator)
    open.terminator = op;
  OpCode code = graph->operation(op).code;
  OpId owner = graph->region(open.region).parent;
  if (!owner && code != OpCode::core_return)
    return error(Diag::MisplacedTerminator, op, {rowOf(code).name, "a function", "return"});
  if (!owner)
    return checkReturned(op);
  const RegionForm *form = regionForm(graph->operation(owner).code);
  OpCode wanted = form ? form->terminator() : OpCode::core_yield;
  if (code != wanted) {
    bool looping = wanted == OpCode::core_continue || code == OpCode::core_continue;
    std::string place =
        looping ? "a region of `" + std::string(rowOf(graph->operation(owner).code).name) + "`" : "a region";
    return error(Diag::MisplacedTerminator, op, {rowOf(code).name, place, rowOf(wanted).name});
  }
  if (form)
    checkYielded(op, owner);
}

void FunctionVerifier::checkReturned(OpId op) {
  std::span<const ValueRef> given = graph->operands(op);
  bool right = given.size() == function->resultTypes.size();
  for (size_t i = 0; right && i < given.size(); ++i)
    right = given[i].index < graph->valueCount() && graph->type(given[i]) == function->resultTypes[i];
  if (!right)
    error(Diag::ReturnType, op,
          {context.symbolText(function->symbol), context.typesText(function->resultTypes), givenText(given)});
}

/// Whether values fit what a region of `owner` must yield; true if that is unknown.
bool FunctionVerifier::yieldsFit(OpId owner, std::span<const ValueRef> given) {
  const Operation &operation = graph->operation(owner);
  const RegionGives gives = regionForm(operation.code)->gives;
  const bool byResult =
      gives == RegionGives::Elements || gives == RegionGives::Held || gives == RegionGives::DictKey;
  if (byResult && (operation.resultCount > 1 ||
                   operation.resultCount < countOf(rowOf(operation.code).signature.results()).least))
    return true; // too many or too few results, already reported
  findRegionTypes(owner);
  std::span<const YieldedType> wanted = regionTypes.yields;
  // `try` of a region that yields nothing is a `result<none>`.
  if (given.empty() && gives == RegionGives::Held)
    return wanted[0].form == YieldedType::Form::Any || view.kind(wanted[0].type) == TypeKind::None;
  if (given.size() != wanted.size())
    return false;
  for (size_t i = 0; i < wanted.size(); ++i)
    if (given[i].index < graph->valueCount() && !fitsYield(view, wanted[i], graph->type(given[i])))
      return false;
  return true;
}

void FunctionVerifier::checkYielded(OpId op, OpId owner) {
  std::span<const ValueRef> given = graph->operands(op);
  if (yieldsFit(owner, given))
    return;
  const bool isKey = regionForm(graph->operation(owner).code)->gives == RegionGives::DictKey;
  if (!isKey || given.size() != 1 || given[0].index >= graph->valueCount() ||
      checkDictKey(op, graph->type(given[0])))
    error(Diag::YieldType, op,
          {rowOf(graph->operation(owner).code).name, expectedYield(owner), givenText(given)});
}

/// A region without a terminator yields nothing.
void FunctionVerifier::checkEnd(const OpenRegion &open) {
  if (open.terminator)
    return;
  OpId owner = graph->region(open.region).parent;
  if (!owner) {
    if (!function->resultTypes.empty())
      context.error(Diag::MissingTerminator, function->location,
                    {"`" + context.symbolText(function->symbol) + "`", "return",
                     context.typesText(function->resultTypes)});
    return;
  }
  OpCode code = graph->operation(owner).code;
  if (const RegionForm *form = regionForm(code); form && !yieldsFit(owner, {}))
    error(Diag::MissingTerminator, owner,
          {"the region of `" + std::string(rowOf(code).name) + "`", rowOf(form->terminator()).name,
           expectedYield(owner)});
}

std::string FunctionVerifier::expectedYield(OpId owner) {
  findRegionTypes(owner);
  std::string text;
  for (YieldedType wanted : regionTypes.yields) {
    text += text.empty() ? "" : ", ";
    switch (wanted.form) {
    case YieldedType::Form::Exact:
      text += '`' + context.typeText(wanted.type) + '`';
      break;
    case YieldedType::Form::Bool:
      text += "`bool`";
      break;
    case YieldedType::Form::Key:
      text += "a key (`i64`, `f64`, `str`, `bool` or `duration`)";
      break;
    case YieldedType::Form::Any:
      text += "a value";
      break;
    }
  }
  return text.empty() ? "nothing" : text;
}

std::string FunctionVerifier::givenText(std::span<const ValueRef> values) const {
  std::vector<TypeId> types;
  for (ValueRef v : values)
    if (v.index < graph->valueCount())
      types.push_back(graph->type(v));
  return context.typesText(types);
}
