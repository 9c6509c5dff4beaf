#include "Transforms/Passes.h"
#include "Transforms/Rewrite.h"
#include "xcs/Analysis/Levels.h"
#include "xcs/Analysis/Schedule.h"

using namespace xcs;

namespace {
/// Makes chains of small pure operations one dispatch: writes `sched.cluster = N` on the members of each.
/// Legal because it can neither delay nor serialise anything that waits for the world: members are pure, a
/// member waits only for the previous one (besides constants and values available when the region starts),
/// only the last one's result is used outside, and all together cost at most `chunkNanoseconds`. Does not
/// change the meaning. Linear.
class FuseChains : public Pass {
public:
  Result<Change> run(Module &module, PassContext &context) override;
};

/// The chains of one region.
class ChainFuser {
public:
  ChainFuser(Module &module, size_t function, const FunctionGraphs &graphs, const CostAnalysis &costs,
             PassContext &context)
      : module(module), function(function), operations(module.functions[function]->graph), graphs(graphs),
        costs(costs), context(context), clusterKey(module.pool.intern("sched.cluster")) {}
  void run(RegionId region, int64_t &clusters);

private:
  enum class Link : uint8_t { Fuses, NoUser, SeveralUsers, WorldBetween, OtherInputs, TooLong, NotSmall };
  Link linkAfter(uint32_t node, double costSoFar) const;
  bool isSmall(uint32_t node) const;
  double costOf(uint32_t node) const {
    return costs.cost(function, graph.operation(node)) + kernelOverheadNanoseconds;
  }
  void findInputs();
  void write(std::span<const uint32_t> members, int64_t cluster);
  void remarkEnd(uint32_t last, Link why);

  Module &module;
  size_t function;
  ComputationGraph &operations;
  const FunctionGraphs &graphs;
  const CostAnalysis &costs;
  PassContext &context;
  StringId clusterKey;
  DependencyGraph graph;
  std::vector<uint32_t> inputs;      // by node: predecessors that are not plain constants
  std::vector<uint8_t> leavesRegion; // by node: its result leaves the region
};
} // namespace

bool ChainFuser::isSmall(uint32_t node) const {
  OpId op = graph.operation(node);
  return rowOf(operations.operation(op).code).form == OpForm::Pure && costOf(node) <= chunkNanoseconds / 2 &&
         !isPlainConstant(operations, graph, node);
}

void ChainFuser::findInputs() {
  inputs.resize(graph.size());
  for (uint32_t node = 0; node != graph.size(); ++node)
    inputs[node] = graph.predecessorCount(node);
  for (uint32_t node = 0; node != graph.size(); ++node)
    if (isPlainConstant(operations, graph, node))
      for (uint32_t successor : graph.successors(node))
        --inputs[successor];
}

/// Whether the chain can continue after `node`, and if not, why.
ChainFuser::Link ChainFuser::linkAfter(uint32_t node, double costSoFar) const {
  std::span<const uint32_t> successors = graph.successors(node);
  if (successors.empty())
    return Link::NoUser;
  if (successors.size() > 1 || leavesRegion[node]) {
    for (uint32_t successor : successors)
      if (rowOf(operations.operation(graph.operation(successor)).code).form == OpForm::World)
        return Link::WorldBetween;
    return Link::SeveralUsers;
  }
  uint32_t next = successors[0];
  if (!isSmall(next))
    return Link::NotSmall;
  if (inputs[next] != 1)
    return Link::OtherInputs;
  return costSoFar + costOf(next) > chunkNanoseconds ? Link::TooLong : Link::Fuses;
}

void ChainFuser::write(std::span<const uint32_t> members, int64_t cluster) {
  AttrId number = module.pool.intAttr(cluster);
  DictId before, with; // most members have the same facts
  for (uint32_t node : members) {
    OpId op = graph.operation(node);
    if (const DictId known = operations.facts(op); !with || known != before) {
      before = known;
      with = module.pool.withEntry(known, clusterKey, number);
    }
    operations.setFacts(op, with);
  }
  context.count("chains");
  context.count("operations in chains", members.size());
  std::string count = std::to_string(members.size());
  context.diagnostics.report(
      Diag::FusedChain, operations.operation(graph.operation(members.front())).location,
      {count, lineText(module, operations.operation(graph.operation(members.back())).location)});
}

/// Reports why a chain ends if one more operation would be small enough; otherwise there is nothing to
/// report.
void ChainFuser::remarkEnd(uint32_t last, Link why) {
  std::string_view reason;
  switch (why) {
  case Link::Fuses:
  case Link::NoUser:
  case Link::NotSmall:
  case Link::OtherInputs:
  case Link::SeveralUsers:
    return;
  case Link::WorldBetween:
    reason = "its result starts an operation that waits for the world, which must not wait for the rest of "
             "the chain";
    break;
  case Link::TooLong:
    reason = "together they would take longer than 2us";
    break;
  }
  const Operation &op = operations.operation(graph.operation(last));
  context.diagnostics.report(Diag::NotFused, op.location, {rowOf(op.code).name, reason});
}

void ChainFuser::run(RegionId region, int64_t &clusters) {
  graph = graphs.of(region);
  findInputs();
  leavesRegion.assign(graph.size(), false);
  if (OpId end = operations.terminator(region); end && isTerminator(operations.operation(end).code))
    for (ValueRef v : operations.operands(end))
      if (OpId source = operations.value(v).definedBy;
          source && operations.operation(source).parent == region)
        leavesRegion[graphs.nodeOf(source)] = true;

  std::vector<uint8_t> member(graph.size(), false);
  std::vector<uint32_t> chain;
  for (uint32_t head = 0; head != graph.size(); ++head) {
    if (member[head] || !isSmall(head))
      continue;
    chain.assign(1, head);
    double cost = costOf(head);
    Link link;
    while ((link = linkAfter(chain.back(), cost)) == Link::Fuses) {
      chain.push_back(graph.successors(chain.back())[0]);
      member[chain.back()] = true;
      cost += costOf(chain.back());
    }
    if (chain.size() > 1)
      write(chain, ++clusters);
    remarkEnd(chain.back(), link);
  }
}

Result<Change> FuseChains::run(Module &module, PassContext &context) {
  const std::vector<FunctionGraphs> &graphs = context.analyses().graphs();
  const CostAnalysis &costs = context.analyses().costs();
  int64_t clusters = 0;
  for (size_t f = 0; f != module.functions.size(); ++f) {
    ChainFuser fuser(module, f, graphs[f], costs, context);
    for (RegionId region : graphs[f].regions())
      fuser.run(region, clusters);
  }
  return clusters ? Change::Facts : Change::Nothing;
}

std::unique_ptr<Pass> xcs::createFuseChains() { return std::make_unique<FuseChains>(); }
