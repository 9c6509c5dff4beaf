#include "Transforms/Passes.h"
#include "Transforms/RerollBuild.h"
#include "Transforms/Rewrite.h"
#include "Transforms/VoterSlices.h"
#include "xcs/IR/OpEffects.h"
#include "xcs/Support/Counted.h"
#include <algorithm>

using namespace xcs;

namespace {
/// Makes equal computations beside one another one `map`, as a traced loop of a host language leaves them. It
/// looks at operations that use at least four results of equal operations one after the other: mostly a
/// `list.pack`. What is alike and serves one element alone becomes the region; what differs, constants and
/// other values, becomes a list.
///
/// Legal if the computations neither write, log nor guard, use nothing of one another, and if whatever may
/// fail in them runs in the order of the elements with nothing between them that may fail, so that the first
/// failure stays the first (RerollMatch.cpp). Draws keep their names: a `map {places}` has one for each
/// iteration. Nothing starts or is known later than before: the results meet in one operation, and what waits
/// in a computation waits for the same in all of them. That takes the inputs of a run for given when it
/// begins, so a run with pending inputs may be slower. The limits of a run see lists that were not there.
///
/// Only where fewer operations are left. Linear.
class Reroll : public Pass {
public:
  Result<Change> run(Module &module, PassContext &context) override;
};

/// Rerolls one function, region by region.
class FunctionReroller {
public:
  FunctionReroller(Module &module, size_t function, PassContext &context)
      : module(module), index(function), function(*module.functions[function]), graph(this->function.graph),
        context(context), graphs(context.analyses().graphs()[function]),
        facts(module, function, context.analyses()), matcher(module, graph, facts), builder(module, graph) {}
  bool run();

private:
  /// Operands of one operation that become one list.
  struct Run {
    uint32_t first, count;
    ValueRef list = {};         // none: they stay
    std::vector<OpId> ops = {}; // what makes the list
    uint32_t insertAt = 0;
  };

  /// Computations that stay, unless a later look makes them part of a `map`.
  struct Left {
    OpId first;
    uint32_t count;
    std::string why;
  };

  void rerollRegion(RegionId region);
  void reportLeft();
  void visit(OpId user);
  std::vector<Run> findRuns(OpId user) const;
  bool areAlike(ValueRef a, ValueRef b) const;
  void reroll(OpId user, Run &run, bool isWhole);
  std::string whyNotWorth(OpId user, const RerollGroup &group, bool isWhole) const;
  void build(OpId user, Run &run, const RerollGroup &group, bool isWhole);
  ValueRef listBefore(const RerollGroup::Slot &slot, uint32_t position) const;
  void addPack(OpId pack, uint32_t position);
  void takeResults(OpId user, const std::vector<Run> &runs, bool isWhole);
  void takeAsElements(OpId user, const std::vector<Run> &runs);
  void takeOneByOne(OpId user, const std::vector<Run> &runs);
  void replace(ValueRef v, ValueRef by) { replaced.emplace(v.index, by); }
  void updateOperands(OpId op);
  void insert(uint32_t position, const std::vector<OpId> &ops);
  void finishRegion();
  void dropUnusedConstants();
  bool isPlainPack(OpId op) const;
  uint64_t hashOf(std::span<const ValueRef> values) const;

  Module &module;
  const size_t index;
  Function &function;
  ComputationGraph &graph;
  PassContext &context;
  const FunctionGraphs &graphs;
  RerollRegion facts;
  RerollMatcher matcher;
  RerollBuilder builder;
  std::unordered_map<uint32_t, ValueRef> replaced;          // by value; perhaps replaced themselves
  std::unordered_map<uint32_t, std::vector<OpId>> inserted; // by position; the first one last
  std::vector<Left> left;
  std::vector<OpId> removed, users;              // users: still to be visited, the next one last
  std::unordered_multimap<uint64_t, OpId> packs; // those of the region, by a hash of their operands
  bool changed = false;
};
} // namespace

bool FunctionReroller::isPlainPack(OpId op) const {
  const Operation &o = graph.operation(op);
  return o.code == OpCode::list_pack && !o.orderCount &&
         !flagAttr(module.pool.view(), o.attributes, Attribute::keep);
}

uint64_t FunctionReroller::hashOf(std::span<const ValueRef> values) const {
  uint64_t hash = 0xcbf29ce484222325u; // FNV-1a
  for (ValueRef v : values)
    hash = (hash ^ v.index) * 0x100000001b3u;
  return hash;
}

bool FunctionReroller::areAlike(ValueRef a, ValueRef b) const {
  const OpId one = graph.value(a).definedBy, other = graph.value(b).definedBy;
  if (!one || !other || one == other || !facts.isHere(one) || !facts.isHere(other))
    return false;
  const Operation &x = graph.operation(one), &y = graph.operation(other);
  return x.code == y.code && x.code != OpCode::core_const && x.symbol == y.symbol &&
         x.attributes == y.attributes && x.operandCount == y.operandCount &&
         a.index - x.firstResult.index == b.index - y.firstResult.index && graph.type(a) == graph.type(b);
}

/// At least this many: a list of fewer is not easier to read than the operations.
static constexpr uint32_t fewestInstances = 4;

std::vector<FunctionReroller::Run> FunctionReroller::findRuns(OpId user) const {
  std::vector<Run> runs;
  const std::span<const ValueRef> operands = graph.operands(user);
  if (operands.size() < fewestInstances || isTerminator(graph.operation(user).code))
    return runs;
  for (uint32_t first = 0, end = 1; first != operands.size(); first = end++) {
    while (end != operands.size() && areAlike(operands[end - 1], operands[end]))
      ++end;
    if (end - first >= fewestInstances)
      runs.push_back({first, end - first});
  }
  return runs;
}

void FunctionReroller::visit(OpId user) {
  if (facts.isGone(user))
    return;
  std::vector<Run> runs = findRuns(user);
  const bool isWhole = runs.size() == 1 && isPlainPack(user) && runs[0].count == graph.operands(user).size();
  for (Run &run : runs)
    reroll(user, run, isWhole);
  std::erase_if(runs, [](const Run &run) { return !run.list; });
  if (!runs.empty())
    takeResults(user, runs, isWhole);
}

void FunctionReroller::reroll(OpId user, Run &run, bool isWhole) {
  const OpId first = graph.value(graph.operands(user)[run.first]).definedBy;
  const OpId last = graph.value(graph.operands(user)[run.first + run.count - 1]).definedBy;
  const Operation &o = graph.operation(first);
  const std::string_view name = rowOf(o.code).name;
  std::string why;
  std::optional<RerollGroup> group = matcher.match(user, run.first, run.count, why);
  if (group)
    why = whyNotWorth(user, *group, isWhole);
  if (!group || !why.empty()) {
    if (context.diagnostics.shows(Diag::NotRerolled))
      left.push_back({first, run.count, std::move(why)});
    return;
  }
  context.count("operations rerolled", group->rows.size() * group->count);
  const Location end = graph.operation(last).location;
  context.diagnostics.report(Diag::Rerolled, o.location,
                             {std::to_string(run.count), name,
                              end.known() ? lineText(module, end) : "the last one",
                              counted(group->rows.size(), "operation")});
  build(user, run, *group, isWhole);
}

std::string FunctionReroller::whyNotWorth(OpId user, const RerollGroup &group, bool isWhole) const {
  const bool isPack = graph.operation(user).code == OpCode::list_pack;
  const size_t before = group.rows.size() * group.count + (isWhole ? 1 : 0);
  const size_t after = RerollBuilder::cost(group) + (isPack ? 0 : 2 * group.count);
  if (after >= before)
    return "a `map` would take as many operations";
  if (depthOf(graph, facts.region()) + 1 + group.depth > context.limits[Limit::NestingDepth] / 2)
    return "they would nest too deeply";
  return {};
}

/// A list of the same values that is made before a position.
ValueRef FunctionReroller::listBefore(const RerollGroup::Slot &slot, uint32_t position) const {
  auto [known, end] = packs.equal_range(hashOf(slot.values));
  for (; !slot.isConstant && known != end; ++known)
    if (const OpId pack = known->second; !facts.isGone(pack) && facts.position(pack) < position &&
                                         std::ranges::equal(graph.operands(pack), slot.values))
      return graph.results(pack)[0];
  return {};
}

/// A new list. It takes the place of those of the same values that are made later.
void FunctionReroller::addPack(OpId pack, uint32_t position) {
  facts.setPosition(pack, position);
  const uint64_t hash = hashOf(graph.operands(pack));
  auto [known, end] = packs.equal_range(hash);
  for (; known != end; ++known)
    if (const OpId later = known->second; !facts.isGone(later) && facts.isHere(later) &&
                                          std::ranges::equal(graph.operands(later), graph.operands(pack))) {
      replace(graph.results(later)[0], graph.results(pack)[0]);
      facts.countUse(graph.results(pack)[0], static_cast<int32_t>(facts.usesOf(later)));
      facts.countOperands(later, -1);
      facts.remove(later);
      removed.push_back(later);
    }
  packs.emplace(hash, pack);
  users.push_back(pack);
}

void FunctionReroller::build(OpId user, Run &run, const RerollGroup &group, bool isWhole) {
  for (const RerollGroup::Row &row : group.rows)
    for (OpId op : row.ops)
      facts.countOperands(op, -1);
  std::vector<ValueRef> lists;
  for (const RerollGroup::Slot &slot : group.slots)
    lists.push_back(listBefore(slot, group.insertAt));
  const StringId name = isWhole ? graph.value(graph.results(user)[0]).name : StringId();
  run.insertAt = group.insertAt;
  run.list = builder.build(group, name, std::move(lists), run.ops);
  for (OpId op : run.ops)
    facts.countOperands(op, 1);
  for (const RerollGroup::Row &row : group.rows)
    for (OpId op : row.ops) {
      facts.remove(op);
      if (op != row.ops[0])
        removed.push_back(op);
    }
  changed = true;
}

/// What comes later in the program is inserted first.
void FunctionReroller::takeResults(OpId user, const std::vector<Run> &runs, bool isWhole) {
  const bool isPack = graph.operation(user).code == OpCode::list_pack;
  facts.countOperands(user, -1);
  if (isWhole) {
    replace(graph.results(user)[0], runs[0].list);
    facts.countUse(runs[0].list, static_cast<int32_t>(facts.usesOf(user)));
    facts.remove(user);
    removed.push_back(user);
  } else if (isPack) {
    takeAsElements(user, runs);
  } else {
    takeOneByOne(user, runs);
  }
  if (!isWhole)
    facts.countOperands(user, 1);
  for (const Run &run : runs)
    insert(run.insertAt, run.ops);
  for (const Run &run : runs)
    for (OpId op : run.ops)
      if (graph.operation(op).code == OpCode::list_pack)
        addPack(op, run.insertAt);
}

/// Of a `list.pack` of other values as well: the elements of the lists are its own.
void FunctionReroller::takeAsElements(OpId user, const std::vector<Run> &runs) {
  const std::vector<ValueRef> before(graph.operands(user).begin(), graph.operands(user).end());
  const std::vector<ValueRef> order(graph.orderOperands(user).begin(), graph.orderOperands(user).end());
  std::vector<ValueRef> operands;
  size_t next = 0;
  for (const Run &run : runs) {
    operands.insert(operands.end(), before.begin() + static_cast<std::ptrdiff_t>(next),
                    before.begin() + run.first);
    operands.push_back(run.list);
    next = run.first + run.count;
  }
  operands.insert(operands.end(), before.begin() + static_cast<std::ptrdiff_t>(next), before.end());
  graph.setOperands(user, operands, order);
  graph.setCode(user, OpCode::list_flat);
}

/// Of any other operation: each result is an element of its list.
void FunctionReroller::takeOneByOne(OpId user, const std::vector<Run> &runs) {
  ConstantPool &pool = module.pool;
  const Location at = graph.operation(user).location;
  std::vector<OpId> ops;
  for (const Run &run : runs)
    for (uint32_t i = 0; i != run.count; ++i) {
      const OpId number = graph.addOperation(RegionId(), OpCode::core_const, {}, {}, at);
      const ValueRef index = graph.addResult(number, pool.scalar(TypeKind::I64), {});
      const DictEntry value[] = {{pool.intern(nameOf(Attribute::value)), pool.intAttr(i)}};
      graph.setAttributes(number, pool.dict(value));
      const ValueRef operands[] = {run.list, index};
      const OpId get = graph.addOperation(RegionId(), OpCode::list_get, operands, {}, at);
      const ValueRef result = graph.addResult(get, graph.type(graph.operands(user)[run.first + i]), {});
      graph.operandsForUpdate(user)[run.first + i] = result;
      ops.insert(ops.end(), {number, get});
    }
  for (OpId op : ops)
    facts.countOperands(op, 1);
  insert(facts.position(user), ops);
}

void FunctionReroller::insert(uint32_t position, const std::vector<OpId> &ops) {
  std::vector<OpId> &there = inserted[position];
  there.insert(there.end(), ops.rbegin(), ops.rend());
}

void FunctionReroller::rerollRegion(RegionId region) {
  facts.enter(region);
  inserted.clear();
  packs.clear();
  removed.clear();
  users = graph.region(region).body;
  for (OpId op : users)
    if (isPlainPack(op))
      packs.emplace(hashOf(graph.operands(op)), op);
  while (!users.empty()) {
    const OpId user = users.back();
    users.pop_back();
    visit(user);
  }
  reportLeft();
  if (!inserted.empty())
    finishRegion();
}

void FunctionReroller::reportLeft() {
  for (const Left &one : left)
    if (const Operation &o = graph.operation(one.first); !facts.isGone(one.first))
      context.diagnostics.report(Diag::NotRerolled, o.location,
                                 {std::to_string(one.count), rowOf(o.code).name, one.why});
  left.clear();
}

void FunctionReroller::finishRegion() {
  const std::vector<OpId> before = graph.region(facts.region()).body;
  std::vector<OpId> body;
  for (uint32_t i = 0; i != before.size(); ++i) {
    if (const auto there = inserted.find(i); there != inserted.end())
      for (auto op = there->second.rbegin(); op != there->second.rend(); ++op)
        if (!facts.isGone(*op))
          body.push_back(*op);
    if (!facts.isGone(before[i]))
      body.push_back(before[i]);
  }
  graph.setBody(facts.region(), std::move(body));
  for (OpId op : removed)
    graph.erase(op);
}

/// Those whose values are in lists now.
void FunctionReroller::dropUnusedConstants() {
  const ValueUses &before = context.analyses().uses(index);
  std::vector<uint8_t> marks(graph.operationCount());
  for (uint32_t i = 0; i != marks.size(); ++i)
    if (const Operation &o = graph.operation(OpId(i)); o.code == OpCode::core_const && !graph.erased(OpId(i)))
      marks[i] = o.firstResult.index < before.byValue().size() && before.of(o.firstResult) != 0 &&
                 facts.usesOf(o.firstResult) == 0;
  eraseMarked(graph, function.body, marks);
}

void FunctionReroller::updateOperands(OpId op) {
  for (ValueRef &v : graph.operandsForUpdate(op))
    for (auto by = replaced.find(v.index); by != replaced.end(); by = replaced.find(v.index))
      v = by->second;
}

bool FunctionReroller::run() {
  for (RegionId region : graphs.regions())
    if (const OpId owner = graph.region(region).parent; !owner || !graph.erased(owner))
      rerollRegion(region);
  if (!changed)
    return false;
  for (uint32_t i = 0; i != graph.operationCount(); ++i)
    if (!graph.erased(OpId(i)))
      updateOperands(OpId(i));
  dropUnusedConstants();
  return true;
}

Result<Change> Reroll::run(Module &module, PassContext &context) {
  bool changed = false;
  for (size_t f = 0; f != module.functions.size(); ++f)
    changed |= FunctionReroller(module, f, context).run();
  return changed ? Change::Program : Change::Nothing;
}

std::unique_ptr<Pass> xcs::createReroll() { return std::make_unique<Reroll>(); }
