#include "IR/Verify/FunctionVerifier.h"
#include "xcs/IR/Walk.h"
#include <algorithm>

using namespace xcs;

/// The tables are cleared, not rebuilt: a module may have a hundred thousand small functions.
void FunctionVerifier::verify(uint32_t index) {
  functionIndex = index;
  function = context.module.functions[index].get();
  graph = &function->graph;
  visible.assign(graph->valueCount(), false);
  seen.assign(graph->operationCount(), false);
  doubted.assign(graph->operationCount(), false);
  openRegions.clear();
  refusals.clear();
  draws.clear();
  anyPath = false;
  for (TypeId type : function->resultTypes)
    if (context.holdsSecret[type.index])
      context.error(Diag::SecretValue, function->location, {context.typeText(type)});
  walk(*graph, function->body, *this);
  checkDrawPaths();
}

void FunctionVerifier::beginRegion(RegionId region) {
  OpId owner = graph->region(region).parent;
  Location at = owner ? graph->operation(owner).location : function->location;
  openRegions.push_back({region, OpId()});
  for (ValueRef v : graph->arguments(region)) {
    define(v);
    if (graph->value(v).region != region || graph->type(v).index >= view.types.size())
      broken(at, "an argument belongs to another region or has no type");
    else
      checkNoSecret(v, at);
  }
}

/// From the basic to the specific: does the operation exist, do its operands, do they fit, then the rest.
bool FunctionVerifier::beginOp(OpId op) {
  if (!checkStructure(op)) {
    skipped = op;
    return false;
  }
  const Operation &operation = graph->operation(op);
  OpenRegion &open = openRegions.back();
  if (open.terminator && !open.reported) {
    open.reported = true;
    error(Diag::Unreachable, op, {rowOf(graph->operation(open.terminator).code).name});
  }
  const OpRow &row = rowOf(operation.code);
  bool right = checkOperandsVisible(op) && checkSignature(op);
  const AttributeOwner owner{row.name, operation.location, row.attributes.all(), &operation.code};
  if (operation.attributes || row.attributes.count != 0)
    right &= checkAttributes(context, owner, operation.attributes);
  if (const DictId facts = graph->facts(op); facts && facts != knownFacts) {
    right &= checkFacts(context, owner, facts);
    knownFacts = facts;
  }
  checkSymbol(context, operation);
  if (right) {
    checkTypeRule(op);
    if (OpCheck check = opCheckOf(operation.code))
      check(*this, op);
    checkCaching(op);
  }
  checkRegionCount(op);
  checkEffects(op);
  checkDraw(op);
  if (isTerminator(operation.code))
    checkTerminator(op);
  return true;
}

/// Results become visible only now: not in the operation's own regions.
void FunctionVerifier::endOp(OpId op) {
  if (skipped) {
    skipped = OpId();
    return;
  }
  if (!refusals.empty() && refusals.back().op == op)
    refusals.pop_back();
  for (ValueRef v : graph->results(op)) {
    define(v);
    checkNoSecret(v, graph->operation(op).location);
  }
}

void FunctionVerifier::endRegion(RegionId region) {
  checkEnd(openRegions.back());
  openRegions.pop_back();
  // The values of a region are not visible outside it.
  for (ValueRef v : graph->arguments(region))
    visible[v.index] = false;
  for (OpId op : graph->region(region).body)
    if (graph->operation(op).parent == region)
      for (ValueRef v : graph->results(op))
        visible[v.index] = false;
}

/// Whether an operation is where it claims to be, so that the other checks may inspect it.
bool FunctionVerifier::checkStructure(OpId op) {
  const Operation &operation = graph->operation(op);
  const char *wrong = nullptr;
  if (operation.parent != openRegions.back().region)
    wrong = "an operation was erased or moved and is still in the body of a region";
  else if (seen[op.index])
    wrong = "an operation is in a body twice";
  else if (operation.resultCount != 0 &&
           size_t(operation.firstResult.index) + operation.resultCount > graph->valueCount())
    wrong = "an operation has results that do not exist";
  for (ValueRef v : wrong ? ComputationGraph::ValueRange{0, 0} : graph->results(op))
    if (graph->value(v).definedBy != op || graph->type(v).index >= view.types.size())
      wrong = "a result belongs to another operation or has no type";
  if (wrong) {
    broken(operation.location, wrong);
    return false;
  }
  seen[op.index] = true;
  return true;
}

/// Whether all operands exist, so that their types can be inspected: a value that exists but is not visible
/// here still has a type.
bool FunctionVerifier::checkOperandsVisible(OpId op) {
  bool exist = true;
  for (ValueRef v : graph->allOperands(op)) {
    if (v.index < visible.size() && visible[v.index])
      continue;
    if (v.index >= visible.size()) {
      exist = false;
      broken(graph->operation(op).location, "an operand is a value that does not exist");
      continue;
    }
    error(Diag::UndefinedValue, op, {nameOf(v), whyInvisible(v)});
  }
  return exist;
}

/// The name of a value in messages: unnamed ones have no number that the reader could look for.
std::string FunctionVerifier::nameOf(ValueRef v) const {
  const ValueInfo &info = graph->value(v);
  if (info.name)
    return "%" + std::string(view.text(info.name));
  return info.definedBy ? "a result of " + std::string(rowOf(graph->operation(info.definedBy).code).name)
                        : "an argument";
}

/// The reason, if it is not just the order of the text.
std::string FunctionVerifier::whyInvisible(ValueRef v) const {
  const ValueInfo &info = graph->value(v);
  RegionId home = info.definedBy ? graph->operation(info.definedBy).parent : info.region;
  if (!home)
    return "; its operation was erased";
  bool open = std::any_of(openRegions.begin(), openRegions.end(),
                          [home](const OpenRegion &region) { return region.region == home; });
  OpId owner = graph->region(home).parent;
  if (open || !owner)
    return {};
  std::string_view name = rowOf(graph->operation(owner).code).name;
  return "; it is visible only in its region of `" + std::string(name) + "`, so yield it there";
}

void FunctionVerifier::checkNoSecret(ValueRef v, Location at) {
  TypeId type = graph->type(v);
  if (context.holdsSecret[type.index])
    context.error(Diag::SecretValue, at, {context.typeText(type)});
}
