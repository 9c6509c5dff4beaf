#include "IR/Verify/FunctionVerifier.h"

using namespace xcs;

// What regions take and yield. `if` and `try`: no arguments; `map`: an element. `if` yields its results,
// `map` an element of its result or nothing, `try` what its result holds.

static size_t yieldCount(const Operation &owner) { return owner.resultCount; }

/// None when the operation's own type is wrong, which was reported there.
static TypeId yieldType(const ComputationGraph &graph, const ConstantView &view, OpId owner, size_t i) {
  TypeId type = graph.type(graph.results(owner)[i]);
  if (graph.operation(owner).code == OpCode::core_if)
    return type;
  TypeKind holder = graph.operation(owner).code == OpCode::core_map ? TypeKind::List : TypeKind::Result;
  return view.kind(type) == holder ? view.element(type) : TypeId();
}

static bool ownsRegions(OpCode code) { return regionCount(code).most != 0; }

void FunctionVerifier::checkRegionCount(OpId op) {
  const Operation &operation = graph->operation(op);
  RegionCount allowed = regionCount(operation.code);
  if (operation.regionCount >= allowed.least && operation.regionCount <= allowed.most)
    return;
  std::string text = countText(allowed.most, "region");
  if (allowed.least != allowed.most)
    text = std::to_string(allowed.least) + " or " + text;
  countError(Diag::RegionCount, op, text, operation.regionCount, "region");
}

/// All regions of one operation take the same.
void FunctionVerifier::checkArguments(OpId op, std::span<const TypeId> expected) {
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
    for (TypeId type : expected)
      begin += (begin.size() > 2 ? ", %x: " : "%x: ") + context.typeText(type);
    if (expected.empty())
      begin = "{"; // no line of arguments
    else
      begin += ')';
    error(Diag::RegionArguments, op,
          {rowOf(graph->operation(op).code).name, context.typesText(expected), context.typesText(types),
           begin});
  }
}

/// The first one of a region counts; beginOp tells what stands behind it.
void FunctionVerifier::checkTerminator(OpId op) {
  OpenRegion &open = openRegions.back();
  if (!open.terminator)
    open.terminator = op;
  OpCode code = graph->operation(op).code;
  OpId owner = graph->region(open.region).parent;
  if (!owner && code != OpCode::core_return)
    return error(Diag::MisplacedTerminator, op, {rowOf(code).name, "a function", "return"});
  if (owner && code != OpCode::core_yield)
    return error(Diag::MisplacedTerminator, op, {rowOf(code).name, "a region", "yield"});
  if (!owner)
    checkReturned(op);
  else if (ownsRegions(graph->operation(owner).code))
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

/// Whether values are what a region of `owner` is to yield; true where that cannot be known.
bool FunctionVerifier::yieldsFit(OpId owner, std::span<const ValueRef> given) const {
  const Operation &operation = graph->operation(owner);
  size_t count = yieldCount(operation);
  if (count != 1 && operation.code != OpCode::core_if && (count != 0 || operation.code != OpCode::core_map))
    return true; // too many or too few results, which was reported there
  // `try` of work that gives nothing is a `result<none>`.
  if (given.empty() && count == 1 && operation.code == OpCode::core_try) {
    TypeId type = yieldType(*graph, view, owner, 0);
    return !type || view.kind(type) == TypeKind::None;
  }
  if (given.size() != count)
    return false;
  for (size_t i = 0; i < count; ++i) {
    TypeId wanted = yieldType(*graph, view, owner, i);
    if (wanted && given[i].index < graph->valueCount() && graph->type(given[i]) != wanted)
      return false;
  }
  return true;
}

void FunctionVerifier::checkYielded(OpId op, OpId owner) {
  std::span<const ValueRef> given = graph->operands(op);
  if (!yieldsFit(owner, given))
    error(Diag::YieldType, op,
          {rowOf(graph->operation(owner).code).name, expectedYield(owner), givenText(given)});
}

/// A region without a terminator is one that yields nothing.
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
  if (ownsRegions(code) && !yieldsFit(owner, {}))
    error(Diag::MissingTerminator, owner,
          {"the region of `" + std::string(rowOf(code).name) + "`", "yield", expectedYield(owner)});
}

std::string FunctionVerifier::expectedYield(OpId owner) const {
  std::vector<TypeId> types;
  for (size_t i = 0; i < yieldCount(graph->operation(owner)); ++i)
    if (TypeId type = yieldType(*graph, view, owner, i))
      types.push_back(type);
  return context.typesText(types);
}

std::string FunctionVerifier::givenText(std::span<const ValueRef> values) const {
  std::vector<TypeId> types;
  for (ValueRef v : values)
    if (v.index < graph->valueCount())
      types.push_back(graph->type(v));
  return context.typesText(types);
}
