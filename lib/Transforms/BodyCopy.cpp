#include "Transforms/BodyCopy.h"
#include "xcs/IR/Walk.h"

using namespace xcs;

std::vector<ValueRef> BodyCopy::copy(std::span<const ValueRef> arguments, std::span<const ValueRef> waitFor,
                                     std::vector<OpId> &outermost) {
  order = waitFor;
  into = &outermost;
  for (size_t i = 0; i != arguments.size(); ++i)
    values[from.arguments(body)[i].index] = arguments[i];
  walk(from, body, *this);
  return std::move(returned);
}

void BodyCopy::beginRegion(RegionId region) {
  if (region == body) {
    regions.push_back({});
    return;
  }
  RegionId copied = to.addRegion(operations.back());
  for (ValueRef argument : from.arguments(region))
    values[argument.index] = to.addArgument(copied, from.type(argument), from.value(argument).name);
  regions.push_back(copied);
}

/// Whether an outermost operation must be told to wait for `order`: when nothing it uses does. A constant is
/// a value, not something that runs.
bool BodyCopy::waits(OpId op) {
  if (order.empty() || regions.size() != 1 || from.operation(op).code == OpCode::core_const)
    return false;
  bool already = false;
  for (ValueRef v : from.allOperands(op))
    already = already || waiting[v.index];
  for (ValueRef v : from.results(op))
    waiting[v.index] = true;
  return !already;
}

DictId BodyCopy::attributesOf(const Operation &op) {
  StringId key = pool.lookup("draw");
  AttrId name = draw.empty() || !key ? AttrId() : pool.view().find(op.attributes, "draw");
  if (!name || pool.view().attr(name).kind != AttrKind::Str)
    return op.attributes;
  std::string path = draw + "/" + std::string(pool.view().textAttr(name));
  return pool.withEntry(op.attributes, key, pool.textAttr(path));
}

/// Of a draw whose name stands beside it.
StringId BodyCopy::drawNameOf(OpId op) {
  StringId name = from.drawName(op);
  if (!name || draw.empty())
    return name;
  return pool.intern(draw + "/" + std::string(pool.text(name)));
}

/// Where something is called from once the body stands here: a place in the body leads on to the call, none
/// is the call itself.
Location BodyCopy::calledFrom(Location caller) {
  std::vector<Location> unknown; // from the inside out
  Location here = call;
  for (; caller.known(); caller = locations.callerOf(caller)) {
    if (auto found = callers.find(caller.bits); found != callers.end()) {
      here = found->second;
      break;
    }
    unknown.push_back(caller);
  }
  for (size_t i = unknown.size(); i-- != 0;)
    callers[unknown[i].bits] = here = locations.addCalled(locations.withoutCallers(unknown[i]), here);
  return here;
}

bool BodyCopy::beginOp(OpId op) {
  const Operation &o = from.operation(op);
  if (regions.size() == 1 && isTerminator(o.code)) {
    mapAll(from.operands(op), returned);
    operations.push_back({});
    return false;
  }
  data.clear();
  after.clear();
  mapAll(from.operands(op), data);
  mapAll(from.orderOperands(op), after);
  if (waits(op))
    after.insert(after.end(), order.begin(), order.end());
  Location at =
      locations.addCalled(locations.withoutCallers(o.location), calledFrom(locations.callerOf(o.location)));
  OpId copied = to.addOperation(regions.back(), o.code, data, after, at);
  to.setSymbol(copied, o.symbol);
  to.setAttributes(copied, attributesOf(o));
  if (StringId name = drawNameOf(op))
    to.setDrawName(copied, name);
  for (ValueRef result : from.results(op))
    values[result.index] = to.addResult(copied, from.type(result), from.value(result).name);
  if (regions.size() == 1)
    into->push_back(copied);
  operations.push_back(copied);
  return true;
}
