#include "xcs/Lowering/Lowering.h"

#include "Lowering/AttributeRows.h"
#include "Lowering/LocationLowering.h"
#include "xcs/Analysis/CallOrder.h"
#include "xcs/Analysis/Schedule.h"
#include "xcs/IR/DrawNames.h"
#include "xcs/IR/OpEffects.h"

#include <algorithm>
#include <string>
#include <unordered_set>

using namespace xcs;

static Effect strongest(std::span<const EffectOn> effects) {
  Effect found = Effect::Pure;
  for (const EffectOn &e : effects)
    found = stronger(found, e.effect);
  return found;
}

namespace {
class Lowerer {
public:
  Lowerer(AnalysisCache &analyses, const LoweringOptions &options)
      : module(analyses.module()), options(options), analysis(analyses),
        attributeRows(module.pool, tables.attrRows), locations(module, tables.locations, tables.callSites) {}

  PlanTables run();

private:
  void reserve(const std::vector<bool> &reached);
  void lowerSignature(size_t index);
  void lowerBody(size_t index);
  void lowerRegion(uint32_t index);
  void addEntrySlots(PlanRegion &region, RegionId from);
  void addConstants(PlanRegion &region);
  void addNodes(PlanRegion &region);
  void addEdges(PlanRegion &region);
  void lowerOperation(OpId id, uint32_t order);
  uint32_t lowerRegions(OpId id);
  uint32_t targetOf(const Operation &op) const;
  DictId attributesOf(OpId id);

  const Operation &operation(uint32_t node) const { return graph->operation(schedule.graph.operation(node)); }
  /// A constant without predecessors becomes a slot; one with an `after` stays an operation, for its order.
  bool isSlotConstant(uint32_t node) const {
    return operation(node).code == OpCode::core_const && schedule.graph.predecessorCount(node) == 0;
  }
  uint32_t addSlot(ValueRef value) {
    uint32_t slot = static_cast<uint32_t>(tables.slots.size()) - slotBase;
    tables.slots.push_back({graph->type(value), 0});
    slotOf[value.index] = slot;
    return slot;
  }
  /// The slot of a value in the current frame; counts one more read.
  uint32_t use(ValueRef value) {
    uint32_t slot = slotOf[value.index];
    ++tables.slots[slotBase + slot].uses;
    return slot;
  }
  template <class T> static uint32_t sizeOf(const std::vector<T> &table) {
    return static_cast<uint32_t>(table.size());
  }

  Module &module;
  const LoweringOptions &options;
  PlanTables tables;
  ScheduleAnalysis analysis;
  AttributeRows attributeRows;
  LocationLowering locations;
  std::vector<uint32_t> planIndexOf; // by function of the module; UINT32_MAX: omitted

  // The current function.
  size_t functionIndex = 0;
  const ComputationGraph *graph = nullptr;
  std::vector<RegionId> regionOf; // of the function's regions in the plan
  uint32_t firstRegion = 0;
  // The current region. A value used in several regions has a slot in each; each region sets the slots of all
  // values it uses.
  std::vector<uint32_t> slotOf; // by value
  uint32_t slotBase = 0;
  RegionSchedule schedule;
  std::vector<uint32_t> orderOf; // by node of the graph: position among the remaining operations
  std::vector<uint32_t> nodeOf;  // by dispatch; UINT32_MAX: only constants, no node
};
} // namespace

PlanTables Lowerer::run() {
  tables.optimizationLevel = options.optimizationLevel;
  for (const Resource &r : module.resources)
    tables.resources.push_back({r.kind, {}, r.symbol, r.attributes});
  // The plan contains the functions that can be entered from outside, and those they call.
  std::vector<bool> reached = reachableFunctions(module);
  planIndexOf.assign(module.functions.size(), UINT32_MAX);
  for (size_t f = 0, next = 0; f < reached.size(); ++f)
    if (reached[f])
      planIndexOf[f] = static_cast<uint32_t>(next++);
  reserve(reached);
  for (size_t f = 0; f < reached.size(); ++f)
    if (reached[f])
      lowerSignature(f);
  for (size_t f = 0; f < reached.size(); ++f)
    if (reached[f])
      lowerBody(f);
  tables.startDirectory = module.startDirectory;
  tables.constants = module.pool.view();
  return std::move(tables);
}

/// Reserves the large tables: growing them would copy as much again as is written.
void Lowerer::reserve(const std::vector<bool> &reached) {
  size_t operations = 0, values = 0, regions = 0;
  for (size_t f = 0; f < reached.size(); ++f) {
    if (!reached[f])
      continue;
    const ComputationGraph &of = module.functions[f]->graph;
    operations += of.operationCount();
    values += of.valueCount();
    regions += of.regionCount();
  }
  tables.ops.reserve(operations);
  tables.nodes.reserve(operations + regions);
  tables.successors.reserve(operations);
  tables.operands.reserve(2 * operations);
  tables.slots.reserve(values);
  tables.regions.reserve(regions);
  if (options.locations)
    tables.locations.reserve(operations);
}

/// A run sets parameters by name. A parameter without a name, or with that of another (possible in a module
/// built in code), gets the first free number.
static std::vector<StringId> parameterNames(ConstantPool &pool, const Function &function) {
  std::vector<StringId> names;
  std::unordered_set<uint32_t> taken;
  for (ValueRef parameter : function.graph.arguments(function.body)) {
    StringId name = function.graph.value(parameter).name;
    names.push_back(name && taken.insert(name.index).second ? name : StringId());
  }
  size_t number = 0;
  for (StringId &name : names)
    while (!name)
      if (StringId made = pool.intern(std::to_string(number++)); taken.insert(made.index).second)
        name = made;
  return names;
}

void Lowerer::lowerSignature(size_t index) {
  const Function &from = *module.functions[index];
  PlanFunction to{};
  to.symbol = from.symbol;
  to.isPrivate = from.isPrivate;
  to.isRecursive = flagAttr(module.pool.view(), from.attributes, Attribute::recursive);
  to.firstParameter = sizeOf(tables.parameters);
  std::vector<StringId> names = parameterNames(module.pool, from);
  const ComputationGraph::ValueRange parameters = from.graph.arguments(from.body);
  for (size_t i = 0; i != parameters.size(); ++i)
    tables.parameters.push_back(
        {names[i], from.graph.type(parameters[i]), from.isPrivate ? AttrId() : defaultOf(from, i)});
  to.firstResult = sizeOf(tables.parameters);
  for (TypeId type : from.resultTypes)
    tables.parameters.push_back({StringId(), type, AttrId()});
  to.parameterCount = to.firstResult - to.firstParameter;
  to.resultCount = sizeOf(tables.parameters) - to.firstResult;
  tables.functions.push_back(to);
}

/// Regions are processed breadth-first, so that those of one operation are adjacent and each table is filled
/// in the order of the regions.
void Lowerer::lowerBody(size_t index) {
  functionIndex = index;
  const Function &function = *module.functions[index];
  graph = &function.graph;
  slotOf.resize(std::max(slotOf.size(), graph->valueCount()));
  firstRegion = sizeOf(tables.regions);
  regionOf.assign(1, function.body);
  tables.functions[planIndexOf[index]].region = firstRegion;
  PlanRegion body{};
  body.firstCapture = sizeOf(tables.captures);
  tables.regions.push_back(body);
  for (uint32_t r = firstRegion; r < tables.regions.size(); ++r)
    lowerRegion(r);
}

void Lowerer::lowerRegion(uint32_t index) {
  RegionId from = regionOf[index - firstRegion];
  analysis.schedule(functionIndex, from, schedule);
  PlanRegion region = tables.regions[index];
  slotBase = region.firstSlot = sizeOf(tables.slots);
  addEntrySlots(region, from);
  addConstants(region);
  addNodes(region);
  addEdges(region);
  region.firstResult = sizeOf(tables.operands);
  if (OpId end = graph->terminator(from); end && isTerminator(graph->operation(end).code))
    for (ValueRef v : graph->operands(end))
      tables.operands.push_back(use(v));
  region.resultCount = sizeOf(tables.operands) - region.firstResult;
  region.slotCount = sizeOf(tables.slots) - slotBase;
  tables.regions[index] = region;
}

void Lowerer::addEntrySlots(PlanRegion &region, RegionId from) {
  for (ValueRef argument : graph->arguments(from))
    addSlot(argument);
  region.argumentCount = sizeOf(tables.slots) - slotBase;
  for (ValueRef captured : analysis.graphs(functionIndex).captures(from))
    addSlot(captured);
}

void Lowerer::addConstants(PlanRegion &region) {
  region.firstConstant = sizeOf(tables.constantSlots);
  orderOf.resize(schedule.graph.size());
  for (uint32_t n = 0, order = 0; n < schedule.graph.size(); ++n) {
    if (!isSlotConstant(n)) {
      orderOf[n] = order++;
      continue;
    }
    const Operation &op = operation(n);
    // The row contains only `value`.
    AttrId value = tables.attrRows[attributeRows.lower(op.code, op.attributes).firstRow];
    tables.constantSlots.push_back({addSlot(op.firstResult), value});
  }
  region.constantCount = sizeOf(tables.constantSlots) - region.firstConstant;
}

void Lowerer::addNodes(PlanRegion &region) {
  region.firstNode = sizeOf(tables.nodes);
  nodeOf.assign(schedule.size(), UINT32_MAX);
  for (uint32_t d = 0; d < schedule.size(); ++d) {
    const uint32_t firstOp = sizeOf(tables.ops);
    for (uint32_t m = schedule.firstMember[d]; m < schedule.firstMember[d + 1]; ++m)
      if (uint32_t n = schedule.order[m]; !isSlotConstant(n))
        lowerOperation(schedule.graph.operation(n), orderOf[n]);
    if (sizeOf(tables.ops) == firstOp)
      continue;
    nodeOf[d] = sizeOf(tables.nodes) - region.firstNode;
    tables.nodes.push_back({firstOp, 0, 0, schedule.priority[d]});
  }
  region.nodeCount = sizeOf(tables.nodes) - region.firstNode;
  tables.nodes.push_back({sizeOf(tables.ops), 0, 0, 0});
}

/// Dispatches without a node hold constants without predecessors: edges only lead out of them and are not
/// needed.
void Lowerer::addEdges(PlanRegion &region) {
  PlanNode *nodes = tables.nodes.data() + region.firstNode;
  for (uint32_t d = 0; d < schedule.size(); ++d) {
    if (nodeOf[d] == UINT32_MAX)
      continue;
    PlanNode &node = nodes[nodeOf[d]];
    node.firstSuccessor = sizeOf(tables.successors);
    for (uint32_t e = schedule.firstSuccessor[d]; e < schedule.firstSuccessor[d + 1]; ++e) {
      uint32_t successor = nodeOf[schedule.successors[e]];
      tables.successors.push_back(successor);
      ++nodes[successor].readyCount;
    }
    if (sizeOf(tables.successors) == node.firstSuccessor)
      ++region.sinkCount;
  }
  nodes[region.nodeCount].firstSuccessor = sizeOf(tables.successors);
}

void Lowerer::lowerOperation(OpId id, uint32_t order) {
  const Operation &from = graph->operation(id);
  PlanOp op{};
  op.code = from.code;
  op.effect = strongest(analysis.effects().effects(functionIndex, id));
  op.order = order;
  op.firstOperand = sizeOf(tables.operands);
  op.operandCount = from.operandCount;
  for (ValueRef v : graph->operands(id))
    tables.operands.push_back(use(v));
  op.regionCount = static_cast<uint8_t>(from.regionCount);
  op.firstRegion = from.regionCount ? lowerRegions(id) : UINT32_MAX;
  op.resultSlot = sizeOf(tables.slots) - slotBase;
  op.resultCount = from.resultCount;
  for (ValueRef result : graph->results(id))
    addSlot(result);
  AttributeRows::Entry attributes = attributeRows.lower(from.code, attributesOf(id));
  op.dict = attributes.dict;
  op.attributes = attributes.firstRow;
  op.target = targetOf(from);
  op.location = options.locations ? locations.lower(from.location) : UINT32_MAX;
  if (options.names && from.resultCount)
    op.name = graph->value(from.firstResult).name;
  tables.ops.push_back(op);
}

/// Reserves the regions of an operation and records what each captures, while the slots of the enclosing
/// frame are known.
uint32_t Lowerer::lowerRegions(OpId id) {
  const uint32_t first = sizeOf(tables.regions);
  for (RegionId r = graph->operation(id).firstRegion; r; r = graph->region(r).next) {
    PlanRegion region{};
    region.firstCapture = sizeOf(tables.captures);
    for (ValueRef captured : analysis.graphs(functionIndex).captures(r))
      tables.captures.push_back(use(captured));
    region.captureCount = sizeOf(tables.captures) - region.firstCapture;
    tables.regions.push_back(region);
    regionOf.push_back(r);
  }
  return first;
}

/// Adds the name of a draw, since it does not follow from the position in a plan.
DictId Lowerer::attributesOf(OpId id) {
  const DictId attributes = graph->operation(id).attributes;
  const StringId name = graph->drawName(id);
  if (!name)
    return attributes;
  ConstantPool &pool = module.pool;
  AttrId names = pool.textAttr(name);
  if (isListOfDrawNames(pool.text(name))) {
    std::vector<AttrId> items;
    forEachDrawName(pool.text(name), [&](std::string_view one) { items.push_back(pool.textAttr(one)); });
    names = pool.listAttr(items);
  }
  return pool.withEntry(attributes, pool.intern(nameOf(Attribute::draw)), names);
}

uint32_t Lowerer::targetOf(const Operation &op) const {
  std::optional<SymbolTarget> target = op.symbol ? module.lookup(op.symbol) : std::nullopt;
  if (!target)
    return UINT32_MAX;
  return target->kind == SymbolTarget::Kind::Function ? planIndexOf[target->index] : target->index;
}

PlanTables xcs::lower(AnalysisCache &analyses, const LoweringOptions &options) {
  return Lowerer(analyses, options).run();
}

PlanTables xcs::lower(Module &module, const LoweringOptions &options) {
  AnalysisCache analyses(module);
  return lower(analyses, options);
}
