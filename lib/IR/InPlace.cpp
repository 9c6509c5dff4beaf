#include "IR/InPlace.h"
#include <algorithm>

using namespace xcs;

/// A longer literal is easier to read where it has a line of its own.
static constexpr size_t longestLiteral = 59;

static size_t characters(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(),
                                           [](char c) { return (static_cast<uint8_t>(c) & 0xc0) != 0x80; }));
}

AttrId InPlace::valueOf(ValueRef v) const {
  return view.find(graph->operation(graph->value(v).definedBy).attributes, Attribute::value);
}

std::string InPlace::text(ValueRef v) const { return text(valueOf(v), graph->type(v)); }

std::string InPlace::text(AttrId value, TypeId type) const {
  if (view.kind(type) == TypeKind::F64 && view.attr(value).kind == AttrKind::I64)
    return printFloat(static_cast<double>(view.intAttr(value)));
  std::string out;
  appendAttr(out, view, value, &names);
  return out.empty() ? "none" : out;
}

/// An unnamed constant that nothing more is said about.
bool InPlace::isCandidate(OpId op) const {
  const Operation &o = graph->operation(op);
  if (o.code != OpCode::core_const || graph->erased(op) || o.resultCount != 1 || o.orderCount != 0 ||
      o.symbol || o.regionCount != 0 || graph->value(o.firstResult).name || graph->facts(op) ||
      graph->drawName(op) || graph->type(o.firstResult).index >= view.types.size() ||
      view.entries(o.attributes).size() != 1)
    return false;
  const AttrId value = view.find(o.attributes, Attribute::value);
  if (!value)
    return false;
  if (names.of(value))
    return true;
  return kindOfLiteral(view.attr(value).kind) && characters(text(o.firstResult)) <= longestLiteral;
}

/// Whether reading the literal of a constant at that place gives the constant.
bool InPlace::readsBack(const OperandTypes::Wanted &wanted, ValueRef v) const {
  const TypeId type = graph->type(v);
  if (!types.isFree(wanted))
    return types.isExactly(wanted, type);
  const AttrKind written = view.attr(valueOf(v)).kind;
  const TypeKind kind = view.kind(type);
  return kindOfLiteral(kind == TypeKind::F64 && written == AttrKind::I64 ? AttrKind::F64 : written) == kind;
}

void InPlace::checkUses(OpId op) {
  const auto demote = [&](ValueRef v) {
    if (isLiteral(v))
      literal[v.index] = false;
  };
  for (ValueRef v : graph->orderOperands(op))
    demote(v);
  const std::span<const ValueRef> operands = graph->operands(op);
  if (std::none_of(operands.begin(), operands.end(), [&](ValueRef v) { return isLiteral(v); }))
    return;
  types.enter(*function, op, [&](ValueRef v) { return isLiteral(v); });
  for (size_t i = 0; i < operands.size(); ++i) {
    if (!isLiteral(operands[i]))
      continue;
    used[operands[i].index] = true;
    if (!readsBack(types.of(i), operands[i]))
      demote(operands[i]);
  }
}

/// Whether an operation says nothing but what it does with its operands.
bool InPlace::isBare(OpId op) const {
  const Operation &o = graph->operation(op);
  return !o.attributes && o.orderCount == 0 && !graph->facts(op) && !graph->drawName(op) &&
         o.regionCount == 0 && !module.locations.withoutCallers(o.location).isExplicit();
}

/// Whether a region ends with the results of its call, or with nothing where nothing is wanted.
bool InPlace::yieldsOnly(OpId call, OpId terminator, OpId owner) const {
  const ComputationGraph::ValueRange results = graph->results(call);
  if (!terminator)
    return results.empty() || graph->operation(owner).resultCount == 0;
  const std::span<const ValueRef> given = graph->operands(terminator);
  if (given.empty() && graph->operation(owner).resultCount == 0)
    return true;
  bool same = given.size() == results.size();
  for (size_t i = 0; same && i != given.size(); ++i)
    same = given[i] == results[i];
  return same;
}

/// The call and the terminator of a region that has nothing else but literals; false for any other.
bool InPlace::findParts(RegionId region, OpCode end, OpId &call, OpId &terminator) const {
  for (OpId inner : graph->region(region).body) {
    const Operation &i = graph->operation(inner);
    if (i.code == OpCode::core_const && i.resultCount == 1 && isLiteral(i.firstResult))
      continue;
    if (!isBare(inner) || terminator)
      return false;
    if (i.code == OpCode::core_call && !call)
      call = inner;
    else if (i.code == end && call)
      terminator = inner;
    else
      return false;
  }
  return call.valid();
}

/// Whether a call passes all arguments of its region, in order, and then only values from around the region.
bool InPlace::passesOn(OpId call, ComputationGraph::ValueRange arguments) const {
  const std::span<const ValueRef> given = graph->operands(call);
  if (given.size() < arguments.size())
    return false;
  for (size_t i = 0; i < given.size(); ++i) {
    const bool isArgument = given[i].index - arguments.first < arguments.count;
    if (i < arguments.size() ? given[i] != arguments[i] : isArgument)
      return false;
  }
  return true;
}

bool InPlace::areUnnamed(ComputationGraph::ValueRange values) const {
  for (ValueRef v : values)
    if (graph->value(v).name)
      return false;
  return true;
}

/// The call if the only region of an operation passes its arguments to a function, then values from around
/// it, and yields what comes back; all of that unnamed.
OpId InPlace::findCall(OpId op) const {
  const Operation &o = graph->operation(op);
  const RegionForm *form = regionForm(o.code);
  if (!form || form->count.most != 1 || o.regionCount != 1 || o.symbol)
    return {};
  OpId call, terminator;
  if (!findParts(o.firstRegion, form->terminator(), call, terminator) ||
      !module.findFunction(graph->operation(call).symbol) || !yieldsOnly(call, terminator, op))
    return {};
  const ComputationGraph::ValueRange arguments = graph->arguments(o.firstRegion);
  const bool isHidden = areUnnamed(arguments) && areUnnamed(graph->results(call));
  return isHidden && passesOn(call, arguments) ? call : OpId();
}

void InPlace::hideBody(OpId op, OpId call) {
  if (calls.empty())
    calls.resize(graph->operationCount());
  calls[op.index] = call;
  for (ValueRef v : graph->arguments(graph->operation(op).firstRegion))
    unwritten[v.index] = true;
  for (ValueRef v : graph->results(call))
    unwritten[v.index] = true;
}

void InPlace::enter(const Function &entered) {
  function = &entered;
  graph = &entered.graph;
  view = module.pool.view();
  literal.assign(graph->valueCount(), false);
  used.assign(graph->valueCount(), false);
  unwritten.assign(graph->valueCount(), false);
  calls.clear();
  bool any = false;
  for (uint32_t i = 0; i != graph->operationCount(); ++i)
    if (isCandidate(OpId(i))) {
      literal[graph->operation(OpId(i)).firstResult.index] = true;
      any = true;
    }
  for (uint32_t i = 0; any && i != graph->operationCount(); ++i)
    if (!graph->erased(OpId(i)))
      checkUses(OpId(i));
  for (size_t v = 0; v != literal.size(); ++v)
    unwritten[v] = literal[v] = literal[v] && used[v];
  for (uint32_t i = 0; withBodies && i != graph->operationCount(); ++i)
    if (const OpId op(i); !graph->erased(op))
      if (const OpId call = findCall(op))
        hideBody(op, call);
}
