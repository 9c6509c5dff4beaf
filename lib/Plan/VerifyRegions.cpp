#include "Plan/EffectVerifier.h"

#include "xcs/Ops/RegionForm.h"

#include <limits>

using namespace xcs;
using namespace xcs::planformat;

namespace {
/// One sweep over the regions in order, with a cursor into every table. Ranges must follow one another, so
/// entries that the sweep has not reached have no owner.
class RegionVerifier {
public:
  explicit RegionVerifier(VerifyState &state)
      : state(state), plan(state.plan), ops(state), effects(state.plan) {}

  bool run();

private:
  /// What a region belongs to: a function's body or an operation.
  struct Owner {
    uint32_t function = UINT32_MAX;
    uint32_t op = UINT32_MAX;
    uint32_t parent = UINT32_MAX; // region of `op`
    uint32_t depth = 1;
  };
  /// A slot of the current region, once it is filled.
  struct SlotState {
    TypeId type;
    uint32_t node;  // the defining node; fromEntry: filled before any node runs
    uint32_t order; // of the operation that defines it
    uint32_t uses;  // reads seen so far
    uint32_t only;  // the node's successor if it has only one: most reads then need not search the edges
  };
  struct NodeState {
    uint32_t cursor;   // into successors: how far the readers of its results have come
    uint32_t inDegree; // edges seen so far
  };
  static constexpr uint32_t fromEntry = UINT32_MAX;

  bool layout();
  bool region(uint32_t index);
  /// Slot `defined` receives its value from a node. The caller advances to the next one.
  bool define(const PlanRegion &region, uint32_t node, uint32_t order, uint32_t only) {
    const TypeId type = slotTable[defined].type;
    if (!state.isValueType(type))
      return state.fail("slot {} has no type a value can have", {uint64_t(region.firstSlot) + defined});
    slots[defined] = {type, node, order, 0, only};
    return true;
  }
  bool entrySlots(const PlanRegion &region, const Owner &owner);
  bool captures(const PlanRegion &region, const Owner &owner);
  bool constants(const PlanRegion &region);
  bool nodes(const PlanRegion &region, uint32_t index);
  bool node(const PlanRegion &region, uint32_t index, uint32_t n);
  bool successors(const PlanRegion &region, uint32_t n);
  bool operation(const PlanRegion &region, uint32_t index, uint32_t n, uint32_t o);
  bool operandsOf(const PlanOp &op, uint32_t n, uint32_t o);
  bool resultsOf(const PlanOp &op, const PlanRegion &region, uint32_t n, uint32_t o);
  bool regionsOf(const PlanOp &op, uint32_t index, uint32_t n, uint32_t o);
  /// A slot is read after its definition: along an edge or later in the same node, and later in program
  /// order. So an operation before a failure never reads a slot that the failure left empty.
  bool read(uint32_t slot, uint32_t n, const PlanOp &op, uint32_t o) {
    if (slot >= defined)
      return state.fail("operation {} reads slot {} before it is written", {o, slot});
    SlotState &from = slots[slot];
    ++from.uses;
    if (from.node == fromEntry)
      return true;
    if (from.order >= op.order)
      return state.fail("operation {} precedes the operation it reads from in program order", {o});
    if (from.only == n || from.node == n || isEdge(from.node, n))
      return true;
    return state.fail("operation {} reads slot {} without an edge to it", {o, slot});
  }
  bool isEdge(uint32_t from, uint32_t to);
  bool results(const PlanRegion &region, const Owner &owner);
  bool resultsFit(const Owner &owner, std::span<const uint32_t> given);
  void findRegionTypes(const Owner &owner);
  bool finish(const PlanRegion &region, uint32_t index);
  bool arguments(const PlanRegion &region, const Owner &owner);
  bool callsAreBounded();

  TypeId slotType(const PlanRegion &region, uint32_t slot) const {
    return plan.slots[region.firstSlot + slot].type;
  }

  VerifyState &state;
  const PlanView &plan;
  OpVerifier ops;
  EffectVerifier effects;
  std::vector<Owner> owners; // by region, of those that have an owner so far
  struct Call {
    uint32_t caller, callee;
  };
  std::vector<Call> calls;

  // Cursors into the tables.
  uint32_t nextNode = 0, nextOp = 0, nextSuccessor = 0, nextOperand = 0, nextCapture = 0, nextConstant = 0,
           nextSlot = 0;

  // Of the current region.
  uint32_t function = 0, firstOp = 0, defined = 0; // defined: number of filled slots, all below the others
  const PlanNode *nodeTable = nullptr;
  const PlanSlot *slotTable = nullptr;
  std::vector<SlotState> slots; // those below `defined`
  std::vector<NodeState> nodeStates;
  std::vector<bool> orderSeen;
  std::vector<TypeId> operandTypes, resultTypes;
  RegionTypes regionTypes; // of the owning operation
  std::vector<TypeId> ownerOperands, ownerResults;
};
} // namespace

/// Whether [first, first + count) continues a table of `size` entries at `cursor`; moves the cursor past it.
static bool follows(uint32_t first, uint64_t count, uint32_t &cursor, size_t size) {
  if (first != cursor || count > size - cursor)
    return false;
  cursor += static_cast<uint32_t>(count);
  return true;
}

/// The ranges whose positions do not depend on their content: afterwards the slots and nodes of any region
/// can be read.
bool RegionVerifier::layout() {
  for (size_t r = 0; r < plan.regions.size(); ++r) {
    const PlanRegion &region = plan.regions[r];
    if (!follows(region.firstNode, uint64_t(region.nodeCount) + 1, nextNode, plan.nodes.size()) ||
        !follows(region.firstSlot, region.slotCount, nextSlot, plan.slots.size()) ||
        !follows(region.firstCapture, region.captureCount, nextCapture, plan.captures.size()) ||
        !follows(region.firstConstant, region.constantCount, nextConstant, plan.constantSlots.size()))
      return state.fail("the nodes, slots, captures or constants of region {} are misplaced", {r});
    if (uint64_t(region.argumentCount) + region.captureCount + region.constantCount > region.slotCount)
      return state.fail("region {} has too few slots", {r});
  }
  return state.require(nextNode == plan.nodes.size() && nextSlot == plan.slots.size() &&
                           nextCapture == plan.captures.size() && nextConstant == plan.constantSlots.size(),
                       "a node, slot, capture or constant belongs to no region");
}

bool RegionVerifier::run() {
  if (!layout())
    return false;
  owners.reserve(plan.regions.size());
  for (uint32_t f = 0; f < plan.functions.size(); ++f) {
    uint32_t next = static_cast<uint32_t>(owners.size());
    if (plan.functions[f].region != next || next >= plan.regions.size())
      return state.fail("the body of function {} is misplaced", {f});
    owners.push_back({f, UINT32_MAX, UINT32_MAX, 1});
    function = f;
    // Operations append their regions to those already known.
    for (; next < owners.size(); ++next)
      if (!region(next))
        return false;
  }
  return state.require(owners.size() == plan.regions.size(), "a region belongs to nothing") &&
         state.require(nextOp == plan.ops.size() && nextSuccessor == plan.successors.size() &&
                           nextOperand == plan.operands.size(),
                       "an operation, edge or operand belongs to no region") &&
         callsAreBounded() && effects.verify(state);
}

bool RegionVerifier::region(uint32_t index) {
  const PlanRegion &region = plan.regions[index];
  const Owner owner = owners[index];
  return state.isWithin(Limit::NestingDepth, owner.depth, "region {} nests deeper than {} levels", {index}) &&
         entrySlots(region, owner) && nodes(region, index) && results(region, owner) && finish(region, index);
}

bool RegionVerifier::entrySlots(const PlanRegion &region, const Owner &owner) {
  if (slots.size() < region.slotCount)
    slots.resize(region.slotCount);
  slotTable = plan.slots.data() + region.firstSlot;
  const uint32_t atEntry = region.argumentCount + region.captureCount + region.constantCount;
  for (defined = 0; defined < atEntry; ++defined)
    if (!define(region, fromEntry, 0, fromEntry))
      return false;
  return arguments(region, owner) && captures(region, owner) && constants(region);
}

/// The owner itself was checked with its enclosing region.
void RegionVerifier::findRegionTypes(const Owner &owner) {
  const PlanOp &op = plan.ops[owner.op];
  const PlanRegion &around = plan.regions[owner.parent];
  ownerOperands.clear();
  ownerResults.clear();
  for (uint32_t slot : plan.operandsOf(op))
    ownerOperands.push_back(slotType(around, slot));
  for (uint32_t i = 0; i < op.resultCount; ++i)
    ownerResults.push_back(slotType(around, op.resultSlot + i));
  regionTypes.set(plan.constants, *regionForm(op.code), ownerOperands, ownerResults);
}

/// The arguments are those that the owner passes in.
bool RegionVerifier::arguments(const PlanRegion &region, const Owner &owner) {
  bool fits = false;
  if (owner.op == UINT32_MAX) {
    const PlanFunction &body = plan.functions[owner.function];
    fits = region.argumentCount == body.parameterCount && region.captureCount == 0;
    for (uint32_t i = 0; fits && i < body.parameterCount; ++i)
      fits = slotType(region, i) == plan.parameters[body.firstParameter + i].type;
  } else {
    findRegionTypes(owner);
    fits = region.argumentCount == regionTypes.arguments.size();
    for (uint32_t i = 0; fits && i < region.argumentCount; ++i)
      fits = slotType(region, i) == regionTypes.arguments[i];
  }
  return state.require(fits, "the region at slot {} does not accept what it is passed", {region.firstSlot});
}

bool RegionVerifier::captures(const PlanRegion &region, const Owner &owner) {
  for (uint32_t i = 0; i < region.captureCount; ++i) {
    // The outer slot itself was checked with the operation.
    TypeId outside = slotType(plan.regions[owner.parent], plan.captures[region.firstCapture + i]);
    if (outside != slotType(region, region.argumentCount + i))
      return state.fail("capture {} has a different type from the slot it fills",
                        {uint64_t(region.firstCapture) + i});
  }
  return true;
}

bool RegionVerifier::constants(const PlanRegion &region) {
  for (uint32_t i = 0; i < region.constantCount; ++i) {
    const PlanConstant &constant = plan.constantSlots[region.firstConstant + i];
    if (constant.slot != region.argumentCount + region.captureCount + i ||
        !ops.fitsConstant(constant.value, slotType(region, constant.slot)))
      return state.fail("constant {} is not in its slot or does not match it",
                        {uint64_t(region.firstConstant) + i});
  }
  return true;
}

bool RegionVerifier::nodes(const PlanRegion &region, uint32_t index) {
  nodeTable = plan.nodes.data() + region.firstNode;
  firstOp = nextOp;
  const PlanNode &end = nodeTable[region.nodeCount];
  if (end.firstOp < firstOp || end.firstOp > plan.ops.size() || end.readyCount != 0)
    return state.fail("the nodes of region {} have no valid end", {index});
  nodeStates.assign(region.nodeCount, {});
  orderSeen.assign(end.firstOp - firstOp, false);
  uint32_t sinks = 0;
  for (uint32_t n = 0; n < region.nodeCount; ++n) {
    if (!node(region, index, n))
      return false;
    sinks += nodeTable[n].firstSuccessor == nodeTable[n + 1].firstSuccessor;
  }
  return state.require(nextOp == end.firstOp && nextSuccessor == end.firstSuccessor,
                       "the nodes of region {} have no valid end", {index}) &&
         state.require(sinks == region.sinkCount, "region {} has a different number of sinks than it says",
                       {index});
}

/// Nodes only have edges to later ones, so when a node is reached all edges to it have been seen.
bool RegionVerifier::node(const PlanRegion &region, uint32_t index, uint32_t n) {
  const PlanNode &own = nodeTable[n];
  const uint32_t last = nodeTable[n + 1].firstOp;
  if (own.firstOp != nextOp || last <= own.firstOp || last > plan.ops.size())
    return state.fail("the operations of node {} are misplaced", {uint64_t(region.firstNode) + n});
  if (!(own.priority >= 0 && own.priority <= std::numeric_limits<float>::max()))
    return state.fail("node {} has no priority", {uint64_t(region.firstNode) + n});
  if (own.readyCount != nodeStates[n].inDegree)
    return state.fail("node {} waits for a different number of nodes than lead to it",
                      {uint64_t(region.firstNode) + n});
  if (!successors(region, n))
    return false;
  const bool alone = last - own.firstOp == 1;
  for (; nextOp < last; ++nextOp) {
    if (!operation(region, index, n, nextOp))
      return false;
    if (!alone && !ops.isPure(plan.ops[nextOp]))
      return state.fail("operation {} shares a node and is not pure", {nextOp});
  }
  return true;
}

bool RegionVerifier::successors(const PlanRegion &region, uint32_t n) {
  const uint32_t last = nodeTable[n + 1].firstSuccessor;
  if (nodeTable[n].firstSuccessor != nextSuccessor || last < nextSuccessor || last > plan.successors.size())
    return state.fail("the successors of node {} are misplaced", {uint64_t(region.firstNode) + n});
  nodeStates[n].cursor = nextSuccessor;
  uint32_t before = n;
  for (; nextSuccessor < last; ++nextSuccessor) {
    const uint32_t to = plan.successors[nextSuccessor];
    if (to <= before || to >= region.nodeCount)
      return state.fail("edge {} does not lead forward, or not in ascending order", {nextSuccessor});
    ++nodeStates[to].inDegree;
    before = to;
  }
  return true;
}

/// Whether there is an edge between two nodes. Called in ascending order of `to`, so each edge is passed
/// once.
bool RegionVerifier::isEdge(uint32_t from, uint32_t to) {
  uint32_t &cursor = nodeStates[from].cursor;
  const uint32_t last = nodeTable[from + 1].firstSuccessor;
  while (cursor < last && plan.successors[cursor] < to)
    ++cursor;
  return cursor < last && plan.successors[cursor] == to;
}

bool RegionVerifier::operation(const PlanRegion &region, uint32_t index, uint32_t n, uint32_t o) {
  const PlanOp &op = plan.ops[o];
  if (!ops.checkForm(op, o))
    return false;
  if (op.order >= orderSeen.size() || orderSeen[op.order])
    return state.fail("operation {} has no unique position in program order", {o});
  orderSeen[op.order] = true;
  if ((op.location != UINT32_MAX && op.location >= plan.locations.size()) ||
      !state.isValueNameOrNone(op.name))
    return state.fail("operation {} has an invalid location or name", {o});
  if (!operandsOf(op, n, o) || (op.regionCount && !regionsOf(op, index, n, o)) ||
      !resultsOf(op, region, n, o) ||
      !ops.checkTypes(op, o, {operandTypes.data(), op.operandCount}, {resultTypes.data(), op.resultCount}))
    return false;
  if (op.code == OpCode::core_call)
    calls.push_back({function, op.target});
  if (!ops.isPure(op))
    effects.add(o, index, function);
  return true;
}

bool RegionVerifier::operandsOf(const PlanOp &op, uint32_t n, uint32_t o) {
  if (!follows(op.firstOperand, op.operandCount, nextOperand, plan.operands.size()))
    return state.fail("the operands of operation {} are misplaced", {o});
  if (operandTypes.size() < op.operandCount)
    operandTypes.resize(op.operandCount);
  const uint32_t *operands = plan.operands.data() + op.firstOperand;
  for (uint32_t i = 0; i < op.operandCount; ++i) {
    if (!read(operands[i], n, op, o))
      return false;
    operandTypes[i] = slots[operands[i]].type;
  }
  return true;
}

bool RegionVerifier::resultsOf(const PlanOp &op, const PlanRegion &region, uint32_t n, uint32_t o) {
  if (op.resultSlot != defined || op.resultCount > region.slotCount - defined)
    return state.fail("the results of operation {} are not in their slots", {o});
  if (resultTypes.size() < op.resultCount)
    resultTypes.resize(op.resultCount);
  const uint32_t firstSuccessor = nodeTable[n].firstSuccessor;
  const bool single = nodeTable[n + 1].firstSuccessor - firstSuccessor == 1;
  const uint32_t only = single ? plan.successors[firstSuccessor] : fromEntry;
  for (uint32_t i = 0; i < op.resultCount; ++i, ++defined) {
    if (!define(region, n, op.order, only))
      return false;
    resultTypes[i] = slots[defined].type;
  }
  return true;
}

bool RegionVerifier::regionsOf(const PlanOp &op, uint32_t index, uint32_t n, uint32_t o) {
  if (op.firstRegion != owners.size() || op.regionCount > plan.regions.size() - owners.size())
    return state.fail("the regions of operation {} are misplaced", {o});
  for (uint32_t r = op.firstRegion; r < op.firstRegion + op.regionCount; ++r) {
    owners.push_back({UINT32_MAX, o, index, owners[index].depth + 1});
    const PlanRegion &inner = plan.regions[r];
    for (uint32_t slot : plan.captures.subspan(inner.firstCapture, inner.captureCount))
      if (!read(slot, n, op, o))
        return false;
  }
  return true;
}

/// The results of a region must fit its owner; in a `try`, a region without results yields `none`.
bool RegionVerifier::resultsFit(const Owner &owner, std::span<const uint32_t> given) {
  if (owner.op == UINT32_MAX) {
    const PlanFunction &body = plan.functions[owner.function];
    bool fits = given.size() == body.resultCount;
    for (size_t i = 0; fits && i < given.size(); ++i)
      fits = slots[given[i]].type == plan.parameters[body.firstResult + i].type;
    return fits;
  }
  findRegionTypes(owner);
  std::span<const YieldedType> wanted = regionTypes.yields;
  if (given.empty() && regionForm(plan.ops[owner.op].code)->gives == RegionGives::Held)
    return plan.constants.kind(wanted[0].type) == TypeKind::None;
  bool fits = given.size() == wanted.size();
  for (size_t i = 0; fits && i < given.size(); ++i)
    fits = fitsYield(plan.constants, wanted[i], slots[given[i]].type);
  return fits;
}

bool RegionVerifier::results(const PlanRegion &region, const Owner &owner) {
  if (!follows(region.firstResult, region.resultCount, nextOperand, plan.operands.size()))
    return state.fail("the results of the region at slot {} are misplaced", {region.firstSlot});
  std::span<const uint32_t> given = plan.operands.subspan(region.firstResult, region.resultCount);
  for (uint32_t slot : given) {
    if (slot >= region.slotCount)
      return state.fail("the region at slot {} returns a slot it does not have", {region.firstSlot});
    ++slots[slot].uses;
  }
  return state.require(resultsFit(owner, given),
                       "the region at slot {} does not return what is expected of it", {region.firstSlot});
}

bool RegionVerifier::finish(const PlanRegion &region, uint32_t index) {
  if (defined != region.slotCount)
    return state.fail("a slot of region {} is never written", {index});
  for (uint32_t s = 0; s < region.slotCount; ++s)
    if (slots[s].uses != slotTable[s].uses)
      return state.fail("slot {} is read {} times, not as often as it says",
                        {uint64_t(region.firstSlot) + s, slots[s].uses});
  return true;
}

/// Removes functions that call no remaining one, until none is left (Kahn 1962). Every cycle of calls
/// contains a function marked recursive, whose entries are counted. So the calls of all others must have no
/// cycle.
bool RegionVerifier::callsAreBounded() {
  std::erase_if(calls, [&](const Call &call) { return plan.functions[call.callee].isRecursive; });
  std::vector<uint32_t> pendingCalls(plan.functions.size(), 0), firstCaller(plan.functions.size() + 1, 0);
  for (const Call &call : calls) {
    ++pendingCalls[call.caller];
    ++firstCaller[call.callee + 1];
  }
  for (size_t f = 0; f < plan.functions.size(); ++f)
    firstCaller[f + 1] += firstCaller[f];
  std::vector<uint32_t> callers(calls.size()), fill(firstCaller.begin(), firstCaller.end() - 1);
  for (const Call &call : calls)
    callers[fill[call.callee]++] = call.caller;
  std::vector<uint32_t> done;
  for (uint32_t f = 0; f < plan.functions.size(); ++f)
    if (pendingCalls[f] == 0)
      done.push_back(f);
  for (size_t i = 0; i < done.size(); ++i)
    for (uint32_t c = firstCaller[done[i]]; c < firstCaller[done[i] + 1]; ++c)
      if (--pendingCalls[callers[c]] == 0)
        done.push_back(callers[c]);
  return state.require(done.size() == plan.functions.size(),
                       "a function that is not recursive calls itself, directly or indirectly");
}

bool planformat::verifyRegions(VerifyState &state) { return RegionVerifier(state).run(); }
