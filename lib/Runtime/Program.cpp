#include "Runtime/Program.h"
#include "xcs/Ops/RegionForm.h"
#include <algorithm>
#include <limits>
#include <queue>

using namespace xcs;

// An operation of at least this cost may take long: its neighbours are offered to other workers before it
// runs. Below it, waking a worker (about 30 us) costs more than it gains.
static constexpr uint32_t heavyNanoseconds = 1000;
// What an operation of a sweep takes beside its kernel (docs/performance.md).
static constexpr uint32_t sweepNanoseconds = 3;
// An operation on texts or lists takes as long as they are large, which its row does not say. In a sweep it
// counts as this much, so that not many of them are kept from other workers, or keep others waiting.
static constexpr uint32_t unboundedNanoseconds = 1500, leastUnbounded = 20;

Program::Program(const PlanView &plan, const RunOptions &options)
    : plan(plan), regions(plan.regions.size()), prepared(options.limits), schedule(options.schedule),
      jobs(options.jobs), kernelNanoseconds(options.kernelNanoseconds) {
  kernels.resize(opCodeCount);
  for (size_t code = 0; code < opCodeCount; ++code)
    if (rowOf(static_cast<OpCode>(code)).form == OpForm::Pure)
      kernels[code] = options.kernelOverride ? options.kernelOverride : kernelOf(static_cast<OpCode>(code));
  prepareTypes();
  for (const PlanOp &op : plan.ops) {
    prepared.add(plan.constants, op.code, plan.attrsOf(op));
    if (op.code == OpCode::record_get || op.code == OpCode::record_with)
      prepared.addRecord(plan.constants, operandTypes[op.firstOperand]);
    if (op.code == OpCode::list_pluck)
      prepared.addRecord(plan.constants, plan.constants.element(operandTypes[op.firstOperand]));
  }
  constants.resize(plan.constantSlots.size());
  for (size_t r = 0; r < regions.size(); ++r) {
    const PlanRegion &from = plan.regions[r];
    PreparedRegion &to = regions[r];
    to.plan = &from;
    to.slots = plan.slots.data() + from.firstSlot;
    to.slotCount = from.slotCount;
    to.nodeCount = from.nodeCount;
    for (uint32_t c = from.firstConstant; c < from.firstConstant + from.constantCount; ++c) {
      const PlanConstant &constant = plan.constantSlots[c];
      constants[c] = valueOfAttr(plan.constants, constant.value, to.slots[constant.slot].type);
    }
    switch (options.schedule) {
    case Schedule::Dataflow:
      prepareDataflow(to);
      break;
    case Schedule::Levels:
      prepareLevels(to);
      break;
    case Schedule::Serial:
      prepareSerial(to);
      break;
    }
    finish(to);
    preparePaths(to);
  }
  prepareNextPriorities();
  prepareSweeping();
  prepareOutsideBytes();
}

/// Whether no value of the type can own memory.
static bool isScalar(TypeKind kind) {
  return kind == TypeKind::I64 || kind == TypeKind::F64 || kind == TypeKind::Bool ||
         kind == TypeKind::Duration || kind == TypeKind::None;
}

void Program::prepareTypes() {
  operandTypes.resize(plan.operands.size());
  resultTypes.resize(plan.ops.size());
  mayFree.resize(plan.ops.size());
  for (const PlanRegion &region : plan.regions) {
    const PlanSlot *slots = plan.slots.data() + region.firstSlot;
    uint32_t first = plan.nodes[region.firstNode].firstOp,
             last = plan.nodes[region.firstNode + region.nodeCount].firstOp;
    for (uint32_t o = first; o < last; ++o) {
      const PlanOp &op = plan.ops[o];
      if (op.resultCount)
        resultTypes[o] = slots[op.resultSlot].type;
      bool owns = false;
      for (uint32_t i = op.firstOperand; i < op.firstOperand + op.operandCount; ++i) {
        operandTypes[i] = slots[plan.operands[i]].type;
        owns |= !isScalar(plan.constants.kind(operandTypes[i]));
      }
      mayFree[o] = owns;
    }
  }
}

void Program::prepareDataflow(PreparedRegion &region) {
  region.nodes = plan.nodes.data() + region.plan->firstNode;
  region.successors = plan.successors.data();
}

/// Every node of a level is followed by one barrier without operations, and the barrier by every node of the
/// next level.
void Program::prepareLevels(PreparedRegion &region) {
  const PlanNode *nodes = plan.nodes.data() + region.plan->firstNode;
  uint32_t count = region.nodeCount;
  std::vector<uint32_t> level(count, 0);
  uint32_t depth = 0;
  for (uint32_t n = 0; n < count; ++n) {
    depth = std::max(depth, level[n] + 1);
    for (uint32_t s : plan.successorsOf(region.plan->firstNode + n))
      level[s] = std::max(level[s], level[n] + 1);
  }
  std::vector<std::vector<uint32_t>> members(depth);
  std::vector<uint32_t> newIndex(count);
  for (uint32_t n = 0; n < count; ++n)
    members[level[n]].push_back(n);
  // The plan's nodes keep their indices (they own their operations); barriers follow them.
  for (uint32_t n = 0; n < count; ++n) {
    PlanNode node = nodes[n];
    node.firstSuccessor = static_cast<uint32_t>(region.ownSuccessors.size());
    node.readyCount = level[n] ? 1 : 0;
    region.ownNodes.push_back(node);
    if (level[n] + 1 < depth)
      region.ownSuccessors.push_back(count + level[n]);
  }
  uint32_t endOp = nodes[count].firstOp;
  for (uint32_t l = 0; l + 1 < depth; ++l) {
    region.ownNodes.push_back({endOp, static_cast<uint32_t>(region.ownSuccessors.size()),
                               static_cast<uint32_t>(members[l].size()), 0});
    region.ownSuccessors.insert(region.ownSuccessors.end(), members[l + 1].begin(), members[l + 1].end());
  }
  region.nodeCount = static_cast<uint32_t>(region.ownNodes.size());
  region.ownNodes.push_back({endOp, static_cast<uint32_t>(region.ownSuccessors.size()), 0, 0});
  region.nodes = region.ownNodes.data();
  region.successors = region.ownSuccessors.data();
}

/// The nodes in program order, as far as their edges allow: a cluster is placed at its first operation, or
/// after what it waits for.
static std::vector<uint32_t> programOrder(const PlanView &plan, const PlanRegion &region) {
  const PlanNode *nodes = plan.nodes.data() + region.firstNode;
  using Entry = std::pair<uint32_t, uint32_t>; // program order of the first operation, node
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> ready;
  std::vector<uint32_t> waiting(region.nodeCount), order;
  auto add = [&](uint32_t n) { ready.push({plan.ops[nodes[n].firstOp].order, n}); };
  for (uint32_t n = 0; n < region.nodeCount; ++n)
    if (!(waiting[n] = nodes[n].readyCount))
      add(n);
  while (!ready.empty()) {
    uint32_t n = ready.top().second;
    ready.pop();
    order.push_back(n);
    for (uint32_t s : plan.successorsOf(region.firstNode + n))
      if (--waiting[s] == 0)
        add(s);
  }
  return order;
}

/// Each node has one successor: the next one in program order.
void Program::prepareSerial(PreparedRegion &region) {
  std::vector<uint32_t> order = programOrder(plan, *region.plan);
  const PlanNode *nodes = plan.nodes.data() + region.plan->firstNode;
  region.ownNodes.assign(nodes, nodes + region.nodeCount + 1);
  std::vector<uint32_t> next(region.nodeCount, UINT32_MAX);
  for (size_t i = 0; i < order.size(); ++i) {
    region.ownNodes[order[i]].readyCount = i ? 1 : 0;
    if (i + 1 < order.size())
      next[order[i]] = order[i + 1];
  }
  for (uint32_t n = 0; n <= region.nodeCount; ++n) {
    region.ownNodes[n].firstSuccessor = static_cast<uint32_t>(region.ownSuccessors.size());
    if (n < region.nodeCount && next[n] != UINT32_MAX)
      region.ownSuccessors.push_back(next[n]);
  }
  region.nodes = region.ownNodes.data();
  region.successors = region.ownSuccessors.data();
}

uint32_t Program::costOf(const PlanOp &op) const {
  return kernelNanoseconds ? *kernelNanoseconds : rowOf(op.code).costNanoseconds;
}

/// The estimated nanoseconds of an operation of a sweep.
uint32_t Program::sweepCostOf(size_t op) const {
  const PlanOp &of = plan.ops[op];
  const uint32_t cost = costOf(of);
  const bool isBounded =
      kernelNanoseconds || cost < leastUnbounded ||
      !(mayFree[op] || (of.resultCount && !isScalar(plan.constants.kind(resultTypes[op]))));
  return sweepNanoseconds + (isBounded ? cost : unboundedNanoseconds);
}

NodeClass Program::classOf(const PlanNode *node) const {
  if (node[0].firstOp == node[1].firstOp)
    return NodeClass::Barrier;
  uint64_t cost = 0;
  for (uint32_t o = node[0].firstOp; o < node[1].firstOp; ++o) {
    const OpRow &row = rowOf(plan.ops[o].code);
    switch (row.form) {
    case OpForm::World:
      return NodeClass::World;
    case OpForm::Control:
      return NodeClass::Control;
    case OpForm::Pure:
      cost += costOf(plan.ops[o]);
    }
  }
  return cost >= heavyNanoseconds ? NodeClass::Heavy : NodeClass::Light;
}

void Program::countEdges(PreparedRegion &region) {
  region.readyCounts.resize(region.nodeCount);
  for (uint32_t n = 0; n < region.nodeCount; ++n) {
    const PlanNode *node = region.nodes + n;
    region.readyCounts[n] = node->readyCount;
    if (!node->readyCount)
      region.roots.push_back(n);
    if (node[0].firstSuccessor == node[1].firstSuccessor)
      ++region.sinkCount;
  }
}

void Program::finish(PreparedRegion &region) const {
  countEdges(region);
  region.classes.resize(region.nodeCount);
  region.isAllLight = region.nodeCount != 0;
  for (uint32_t n = 0; n < region.nodeCount; ++n) {
    const PlanNode *node = region.nodes + n;
    region.classes[n] = classOf(node);
    if (region.classes[n] != NodeClass::Light) {
      region.isAllLight = false;
      continue;
    }
    for (uint32_t o = node[0].firstOp; o < node[1].firstOp; ++o)
      region.lightNanoseconds += sweepCostOf(o);
  }
}

/// By the edges of the plan, whatever the schedule.
void Program::preparePaths(PreparedRegion &region) {
  const PlanNode *nodes = plan.nodes.data() + region.plan->firstNode;
  const uint32_t count = region.plan->nodeCount;
  for (uint32_t n = 0; n < count; ++n) {
    region.path = std::max(region.path, static_cast<double>(nodes[n].priority));
    if (region.classes[n] != NodeClass::Control)
      continue;
    region.pathAfter.resize(count, 0);
    for (uint32_t s : plan.successorsOf(region.plan->firstNode + n))
      region.pathAfter[n] = std::max(region.pathAfter[n], nodes[s].priority);
  }
}

static constexpr float unknownPriority = std::numeric_limits<float>::infinity();

/// Whether the first activation of an operation may have more before it than the operation's own priority
/// says: a run knows how many there are, the plan does not. Of a function it is not known.
bool Program::mayRise(const PlanOp &op, const std::vector<bool> &rising) const {
  if (op.code == OpCode::core_call)
    return true;
  if (const RegionForm *form = regionForm(op.code))
    if (form->takesElement)
      return true;
  for (uint32_t r = op.firstRegion; r < op.firstRegion + op.regionCount; ++r)
    if (rising[r])
      return true;
  return false;
}

/// By region: whether something in it may rise. Those of an operation come after the one it is in.
std::vector<bool> Program::findRising() const {
  std::vector<bool> rising(regions.size(), false);
  for (size_t r = regions.size(); r-- > 0;) {
    const PreparedRegion &region = regions[r];
    for (uint32_t n = 0; n < region.nodeCount && !rising[r]; ++n)
      rising[r] =
          region.classes[n] == NodeClass::Control && mayRise(plan.ops[region.nodes[n].firstOp], rising);
  }
  return rising;
}

/// From the functions inwards: what comes after a region is known before what is within it.
void Program::prepareNextPriorities() {
  // By region: the highest priority of what its last operation can make ready outside, over its pathAfter.
  std::vector<float> exits(regions.size(), unknownPriority);
  std::vector<bool> isCalled(plan.functions.size(), false);
  for (const PlanOp &op : plan.ops)
    if (op.code == OpCode::core_call)
      isCalled[op.target] = true;
  const std::vector<bool> rising = findRising();
  for (size_t f = 0; f < plan.functions.size(); ++f)
    if (!isCalled[f])
      exits[plan.functions[f].region] = 0; // the run is over
  for (PreparedRegion &region : regions)
    prepareNextPriorities(region, rising, exits);
}

/// Of each node: the highest priority of what it can make ready in its region; 0 for a sink. Known of the
/// plan's own edges alone, which lead forward.
std::vector<float> Program::readyPriorities(const PreparedRegion &region,
                                            const std::vector<bool> &rising) const {
  if (!region.ownNodes.empty())
    return std::vector<float>(region.nodeCount, unknownPriority);
  std::vector<float> ready(region.nodeCount, 0);
  std::vector<bool> rises(region.nodeCount, false);
  for (uint32_t n = region.nodeCount; n-- > 0;) {
    const PlanNode *node = region.nodes + n;
    for (uint32_t e = node[0].firstSuccessor; e < node[1].firstSuccessor; ++e) {
      const uint32_t s = region.successors[e];
      ready[n] = std::max(ready[n], rises[s] ? unknownPriority : region.nodes[s].priority);
    }
    switch (region.classes[n]) {
    case NodeClass::World:
    case NodeClass::Barrier:
    case NodeClass::Result:
      break;
    case NodeClass::Control:
      // One that fails or checks passes on what follows it, as a pure one does.
      rises[n] = ready[n] == unknownPriority || mayRise(plan.ops[node->firstOp], rising);
      break;
    case NodeClass::Light:
    case NodeClass::Heavy:
      rises[n] = ready[n] == unknownPriority;
      break;
    }
  }
  return ready;
}

void Program::prepareNextPriorities(PreparedRegion &region, const std::vector<bool> &rising,
                                    std::vector<float> &exits) {
  const float exit = exits[static_cast<size_t>(region.plan - plan.regions.data())];
  const std::vector<float> ready = readyPriorities(region, rising);
  for (uint32_t n = 0; n < region.nodeCount; ++n) {
    if (region.classes[n] != NodeClass::World && region.classes[n] != NodeClass::Control)
      continue;
    const PlanNode *node = region.nodes + n;
    const bool isSink = node[0].firstSuccessor == node[1].firstSuccessor;
    if (region.classes[n] == NodeClass::World) {
      region.nextPriority.resize(region.nodeCount, unknownPriority);
      region.nextPriority[n] = isSink ? exit : ready[n];
      continue;
    }
    // What comes next outside is what `pathAfter` of an activation counts, unless that is not known.
    const PlanOp &op = plan.ops[node->firstOp];
    const RegionForm *form = regionForm(op.code);
    const float beyond = isSink ? exit : ready[n] == unknownPriority ? unknownPriority : 0;
    float again = 0; // what ends one activation may start another of the same operation
    if (form && form->rule.runs != RegionRuns::One)
      for (uint32_t r = op.firstRegion; r < op.firstRegion + op.regionCount; ++r)
        again = std::max(again, static_cast<float>(regions[r].path));
    for (uint32_t r = op.firstRegion; r < op.firstRegion + op.regionCount; ++r)
      exits[r] = beyond + again;
  }
}
