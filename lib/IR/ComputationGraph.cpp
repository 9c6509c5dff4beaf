#include "xcs/IR/ComputationGraph.h"
#include <functional>

using namespace xcs;

RegionId ComputationGraph::addRegion(OpId parent) {
  RegionId added(regions.size());
  regions.emplace_back().parent = parent;
  if (!parent)
    return added;
  Operation &op = ops[parent.index];
  assert(op.regionCount < maxRegions && "too many regions");
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
         "arguments of a region must be added one after another");
  if (r.argumentCount++ == 0)
    r.firstArgument = added;
  values.push_back({type, name, OpId(), region});
  return added;
}

/// Appends to the pool a list that may itself lie in the pool, which moves when it grows.
static void appendToPool(std::vector<ValueRef> &pool, std::span<const ValueRef> list) {
  std::less_equal<const ValueRef *> notAfter;
  bool inPool = !pool.empty() && notAfter(pool.data(), list.data()) && notAfter(list.data(), pool.data() + pool.size());
  size_t offset = inPool ? static_cast<size_t>(list.data() - pool.data()) : 0;
  size_t before = pool.size();
  pool.resize(before + list.size());
  const ValueRef *from = inPool ? pool.data() + offset : list.data();
  std::copy(from, from + list.size(), pool.begin() + static_cast<std::ptrdiff_t>(before));
}

OpId ComputationGraph::addOperation(RegionId region, OpCode code, std::span<const ValueRef> operands,
                                    std::span<const ValueRef> order, Location location) {
  assert(order.size() <= maxOrder && "too many order-only operands");
  OpId added(ops.size());
  Operation &op = ops.emplace_back();
  op.code = code;
  op.location = location;
  op.parent = region;
  op.firstOperand = static_cast<uint32_t>(operandPool.size());
  op.operandCount = static_cast<uint32_t>(operands.size());
  op.orderCount = static_cast<uint16_t>(order.size());
  // `order` could lie in the pool too: it is found there again only if the first append did not move the pool.
  operandPool.reserve(operandPool.size() + operands.size() + order.size() <= operandPool.capacity()
                          ? operandPool.capacity()
                          : operandPool.size());
  appendToPool(operandPool, operands);
  appendToPool(operandPool, order);
  if (region)
    regions[region.index].body.push_back(added);
  return added;
}
