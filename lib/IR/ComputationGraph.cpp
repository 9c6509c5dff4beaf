#include "xcs/IR/ComputationGraph.h"
#include <algorithm>
#include <functional>

using namespace xcs;

namespace {
/// A list to append to the operand pool. It may itself be in the pool (an operation's own operands), which
/// moves when it grows: then it is remembered by its offset.
struct PendingList {
  std::span<const ValueRef> list;
  size_t offset = 0;
  bool inPool = false;

  PendingList(const std::vector<ValueRef> &pool, std::span<const ValueRef> list) : list(list) {
    // A list that begins where the pool ends is not in the pool.
    std::less<const ValueRef *> before;
    inPool =
        !list.empty() && !before(list.data(), pool.data()) && before(list.data(), pool.data() + pool.size());
    if (inPool)
      offset = static_cast<size_t>(list.data() - pool.data());
  }
  void copyTo(std::vector<ValueRef> &pool, size_t at) const {
    const ValueRef *from = inPool ? pool.data() + offset : list.data();
    std::copy(from, from + list.size(), pool.data() + at);
  }
};
} // namespace

/// Appends both lists. Everything already in the pool keeps its offset, because operations hold offsets.
static void appendLists(std::vector<ValueRef> &pool, std::span<const ValueRef> operands,
                        std::span<const ValueRef> order) {
  PendingList first(pool, operands), second(pool, order);
  size_t at = pool.size();
  pool.resize(at + operands.size() + order.size());
  first.copyTo(pool, at);
  second.copyTo(pool, at + operands.size());
}

RegionId ComputationGraph::addRegion(OpId parent) {
  RegionId added(regions.size());
  regions.emplace_back().parent = parent;
  if (!parent)
    return added;
  Operation &op = ops[parent.index];
  assert(op.regionCount < maxCount && "too many regions");
  // Found by its last sibling, so that adding thousands of regions to an operation stays linear.
  if (op.regionCount++ == 0)
    op.firstRegion = added;
  else
    regions[regions[op.firstRegion.index].lastSibling.index].next = added;
  regions[op.firstRegion.index].lastSibling = added;
  return added;
}

ValueRef ComputationGraph::addArgument(RegionId region, TypeId type, StringId name) {
  Region &r = regions[region.index];
  ValueRef added(values.size());
  assert((r.argumentCount == 0 || r.firstArgument.index + r.argumentCount == added.index) &&
         "a region's arguments must be added one after another");
  if (r.argumentCount++ == 0)
    r.firstArgument = added;
  values.push_back({type, name, OpId(), region});
  return added;
}

OpId ComputationGraph::addOperation(RegionId region, OpCode code, std::span<const ValueRef> operands,
                                    std::span<const ValueRef> order, Location location) {
  assert(order.size() <= maxCount && "too many order-only operands");
  OpId added(ops.size());
  Operation &op = ops.emplace_back();
  op.code = code;
  op.location = location;
  op.parent = region;
  op.firstOperand = static_cast<uint32_t>(operandPool.size());
  op.operandCount = static_cast<uint32_t>(operands.size());
  op.orderCount = static_cast<uint16_t>(order.size());
  appendLists(operandPool, operands, order);
  if (region)
    regions[region.index].body.push_back(added);
  return added;
}

ValueRef ComputationGraph::addResult(OpId op, TypeId type, StringId name) {
  Operation &o = ops[op.index];
  ValueRef added(values.size());
  assert(o.resultCount < maxCount && "too many results");
  assert((o.resultCount == 0 || o.firstResult.index + o.resultCount == added.index) &&
         "an operation's results must be added one after another");
  if (o.resultCount++ == 0)
    o.firstResult = added;
  values.push_back({type, name, op, RegionId()});
  return added;
}

std::span<const ValueRef> ComputationGraph::operands(OpId op) const {
  const Operation &o = ops[op.index];
  return {operandPool.data() + o.firstOperand, o.operandCount};
}

std::span<const ValueRef> ComputationGraph::orderOperands(OpId op) const {
  const Operation &o = ops[op.index];
  return {operandPool.data() + o.firstOperand + o.operandCount, o.orderCount};
}

std::span<const ValueRef> ComputationGraph::allOperands(OpId op) const {
  const Operation &o = ops[op.index];
  return {operandPool.data() + o.firstOperand, size_t(o.operandCount) + o.orderCount};
}

std::span<ValueRef> ComputationGraph::operandsForUpdate(OpId op) {
  const Operation &o = ops[op.index];
  return {operandPool.data() + o.firstOperand, size_t(o.operandCount) + o.orderCount};
}

std::vector<RegionId> ComputationGraph::regionsOf(OpId op) const {
  std::vector<RegionId> list;
  list.reserve(ops[op.index].regionCount);
  for (RegionId r = ops[op.index].firstRegion; r; r = regions[r.index].next)
    list.push_back(r);
  return list;
}

void ComputationGraph::setOperands(OpId op, std::span<const ValueRef> operands,
                                   std::span<const ValueRef> order) {
  assert(order.size() <= maxCount && "too many order-only operands");
  Operation &o = ops[op.index];
  // Always at the end of the pool: if it were written in place, a list in the pool could be overwritten while
  // it is read. The old space is lost; operandsForUpdate avoids that.
  o.firstOperand = static_cast<uint32_t>(operandPool.size());
  o.operandCount = static_cast<uint32_t>(operands.size());
  o.orderCount = static_cast<uint16_t>(order.size());
  appendLists(operandPool, operands, order);
}

void ComputationGraph::setBody(RegionId region, std::vector<OpId> body) {
  for (OpId op : body)
    ops[op.index].parent = region;
  regions[region.index].body = std::move(body);
}

void ComputationGraph::erase(OpId op) {
  // A worklist instead of recursion: the nesting depth is that of the text.
  std::vector<OpId> pending{op};
  ops[op.index].parent = RegionId();
  while (!pending.empty()) {
    const Operation &o = ops[pending.back().index];
    pending.pop_back();
    for (RegionId r = o.firstRegion; r; r = regions[r.index].next)
      for (OpId inner : regions[r.index].body) {
        // Each once: in a broken graph an operation may contain itself.
        if (erased(inner))
          continue;
        ops[inner.index].parent = RegionId();
        pending.push_back(inner);
      }
  }
}
