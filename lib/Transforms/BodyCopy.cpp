#include "Transforms/BodyCopy.h"
#include "xcs/Analysis/CallOrder.h"
#include "xcs/IR/DrawNames.h"
#include <unordered_set>

using namespace xcs;

/// Removes repeated values; the first of each keeps its place.
static void dropRepeated(std::vector<ValueRef> &list) {
  if (list.size() < 2)
    return;
  std::unordered_set<uint32_t> seen;
  std::erase_if(list, [&](ValueRef v) { return !seen.insert(v.index).second; });
}

std::vector<ValueRef> BodyCopy::copy(Call call, std::vector<OpId> &into) {
  outermost = &into;
  result.clear();
  enter(std::move(call), OpId(), true);
  while (!open.empty()) {
    Open &top = open.back();
    if (!top.begun)
      beginRegion(top);
    const std::vector<OpId> &body = activations.back().from.region(top.from).body;
    if (top.next != body.size()) {
      visit(body[top.next++]);
      continue;
    }
    const bool isLast = isBody(top.from);
    open.pop_back();
    if (isLast)
      leave();
  }
  return std::move(result);
}

void BodyCopy::enter(Call call, OpId callInCaller, bool isOutermost) {
  const Function &function = *module.functions[call.callee];
  const RegionId into = open.empty() ? RegionId() : open.back().to;
  Activation &entered = activations.emplace_back(function, std::move(call));
  entered.callInCaller = callInCaller;
  entered.isOutermost = isOutermost;
  const ComputationGraph::ValueRange parameters = function.graph.arguments(function.body);
  for (size_t i = 0; i != parameters.size(); ++i)
    entered.values[parameters[i].index] = entered.call.arguments[i];
  open.push_back({function.body, OpId(), into, 0, true});
}

/// The results of a call are replaced by what the body returns.
void BodyCopy::leave() {
  Activation done = std::move(activations.back());
  activations.pop_back();
  if (!done.callInCaller) {
    for (ValueRef v : done.returned)
      result.push_back(done.values[v.index]);
    return;
  }
  Activation &caller = activations.back();
  const ComputationGraph::ValueRange results = caller.from.results(done.callInCaller);
  std::span<const ValueRef> operands = caller.from.operands(done.callInCaller);
  for (size_t i = 0; i != done.returned.size(); ++i) {
    const ValueRef v = done.returned[i];
    caller.values[results[i].index] = done.values[v.index];
    // Whatever waits for the call's `order` waits for the caller's too; a returned argument waits for what it
    // waited for before.
    const uint32_t parameter = v.index - done.from.arguments(done.body).first;
    const bool isParameter = parameter < done.from.arguments(done.body).size();
    caller.waiting[results[i].index] = (done.isOutermost && done.waiting[v.index]) ||
                                       (isParameter && caller.waiting[operands[parameter].index]);
  }
}

void BodyCopy::beginRegion(Open &top) {
  top.begun = true;
  Activation &in = activations.back();
  top.to = to.addRegion(top.owner);
  for (ValueRef argument : in.from.arguments(top.from))
    in.values[argument.index] = to.addArgument(top.to, in.from.type(argument), in.from.value(argument).name);
}

void BodyCopy::visit(OpId op) {
  Activation &in = activations.back();
  if (isBody(open.back().from) && isTerminator(in.from.operation(op).code)) {
    std::span<const ValueRef> operands = in.from.operands(op);
    in.returned.assign(operands.begin(), operands.end());
    return;
  }
  if (chosen.has(in.call.callee, op))
    enterCallee(op);
  else
    copyOperation(op);
}

/// Whether an outermost operation needs an `after` on the call's `order`: if nothing it uses waits for that.
/// A constant is a value and does not run.
bool BodyCopy::waits(OpId op) {
  Activation &in = activations.back();
  if (in.call.order.empty() || !isBody(open.back().from) || in.from.operation(op).code == OpCode::core_const)
    return false;
  bool already = false;
  for (ValueRef v : in.from.allOperands(op))
    already = already || in.waiting[v.index];
  for (ValueRef v : in.from.results(op))
    in.waiting[v.index] = true;
  return !already;
}

void BodyCopy::copyOperation(OpId op) {
  const ComputationGraph &from = activations.back().from;
  const Operation &o = from.operation(op);
  const RegionId region = open.back().to;
  data.clear();
  after.clear();
  mapAll(from.operands(op), data);
  mapAll(from.orderOperands(op), after);
  if (waits(op)) {
    const std::vector<ValueRef> &order = activations.back().call.order;
    after.insert(after.end(), order.begin(), order.end());
  }
  OpId copied = to.addOperation(region, o.code, data, after, locationOf(op));
  to.setSymbol(copied, o.symbol);
  to.setAttributes(copied, o.attributes);
  if (const DictId facts = from.facts(op))
    to.setFacts(copied, facts);
  if (StringId name = drawNameOf(op))
    to.setDrawName(copied, name);
  for (ValueRef made : from.results(op))
    activations.back().values[made.index] = to.addResult(copied, from.type(made), from.value(made).name);
  if (!region)
    outermost->push_back(copied);
  // The last one first: the stack reverses them.
  std::vector<RegionId> regions = from.regionsOf(op);
  for (auto inner = regions.rbegin(); inner != regions.rend(); ++inner)
    open.push_back({*inner, copied, RegionId(), 0, false});
}

/// A constant without predecessors: there is nothing to wait for.
bool BodyCopy::isPlainConstant(ValueRef v) const {
  OpId source = to.value(v).definedBy;
  return source && to.operation(source).code == OpCode::core_const && to.operation(source).orderCount == 0;
}

/// What a copied call waits for, besides its own `after`: the order of the body, unless one of its `after`
/// already waits for that.
void BodyCopy::addOrder(OpId op, std::vector<ValueRef> &waitFor) {
  Activation &in = activations.back();
  bool already = !isBody(open.back().from); // the enclosing operation waits for it
  for (ValueRef v : in.from.orderOperands(op))
    already = already || in.waiting[v.index];
  if (!already)
    waitFor.insert(waitFor.end(), in.call.order.begin(), in.call.order.end());
}

void BodyCopy::enterCallee(OpId op) {
  Activation &in = activations.back();
  const Operation &o = in.from.operation(op);
  const bool isOutermost = isBody(open.back().from);
  Call call{calledFunction(module, o), {}, {}, locationOf(op), callNameOf(op)};
  mapAll(in.from.operands(op), call.arguments);
  mapAll(in.from.orderOperands(op), call.order);
  std::erase_if(call.order, [&](ValueRef v) { return isPlainConstant(v); });
  const bool sameOrder = isOutermost && call.order.empty();
  addOrder(op, call.order);
  dropRepeated(call.order);
  std::vector<bool> argumentWaits; // by parameter: whether it waits for the order of this call
  for (ValueRef v : in.from.operands(op))
    argumentWaits.push_back(sameOrder && in.waiting[v.index]);
  enter(std::move(call), op, isOutermost); // `in` may have moved
  Activation &entered = activations.back();
  for (size_t i = 0; i != argumentWaits.size(); ++i)
    entered.waiting[entered.from.arguments(entered.body)[i].index] = argumentWaits[i];
}

Location BodyCopy::locationOf(OpId op) {
  Location at = activations.back().from.operation(op).location;
  return locations.addCalled(locations.withoutCallers(at), calledFrom(locations.callerOf(at)));
}

/// The call site of a copied body: a location in the body gets the call as its outermost caller; for an
/// unknown one it is the call itself.
Location BodyCopy::calledFrom(Location caller) {
  Activation &in = activations.back();
  std::vector<Location> unknown; // from the inside out
  Location here = in.call.at;
  for (; caller.known(); caller = locations.callerOf(caller)) {
    if (auto found = in.callers.find(caller.bits); found != in.callers.end()) {
      here = found->second;
      break;
    }
    unknown.push_back(caller);
  }
  for (size_t i = unknown.size(); i-- != 0;)
    in.callers[unknown[i].bits] = here = locations.addCalled(locations.withoutCallers(unknown[i]), here);
  return here;
}

std::string BodyCopy::pathOf(std::string_view draw) {
  const std::string &call = activations.back().call.draw;
  if (call.empty())
    return std::string(draw);
  std::string path;
  forEachDrawName(draw, [&](std::string_view name) {
    const std::string one = call + "/" + std::string(name);
    pool.intern(one); // DrawSet looks for each of them
    path.append(path.empty() ? "" : "\n").append(one);
  });
  return path;
}

/// Prefixed with the names of the enclosing calls.
StringId BodyCopy::drawNameOf(OpId op) {
  StringId name = activations.back().from.drawName(op);
  return name ? pool.intern(pathOf(pool.text(name))) : name;
}

/// The name of a call that contains draws.
std::string BodyCopy::callNameOf(OpId op) {
  StringId name = activations.back().from.drawName(op);
  return name ? pathOf(pool.text(name)) : std::string();
}
