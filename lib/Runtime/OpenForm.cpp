#include "Runtime/Program.h"
#include <algorithm>

using namespace xcs;

namespace {

/// Makes the open form of a function's region from its usual form.
class OpenFormMaker {
public:
  /// `splits`: nodes of several small operations become one node for each.
  OpenFormMaker(const PlanView &plan, const PreparedRegion &base, bool splits)
      : plan(plan), base(base), region(*base.plan) {
    placeNodes(splits);
    findMakers();
    for (uint32_t n = 0; n < base.nodeCount; ++n)
      for (uint32_t e = base.nodes[n].firstSuccessor; e < base.nodes[n + 1].firstSuccessor; ++e)
        before[base.successors[e]].push_back(n);
    for (uint32_t n = 0; n < base.nodeCount; ++n)
      connect(n);
  }

  /// Appends a node for each parameter; returns the first.
  uint32_t addInputs();
  /// Appends a node for each result; returns the first.
  uint32_t addResults(uint32_t firstInput);
  void finish(PreparedRegion &to);
  void copyPriorities(PreparedRegion &to) const;

private:
  static constexpr uint32_t none = UINT32_MAX;

  void placeNodes(bool splits);
  void findMakers();
  void connect(uint32_t baseNode);
  void edge(uint32_t from, uint32_t to) { edges.emplace_back(from, to); }
  uint32_t endOf(uint32_t node) const { return node + 1 < ownNodes ? nodes[node + 1].firstOp : endOp; }
  uint32_t addNode() {
    nodes.push_back({endOp, 0, 0, 0});
    return static_cast<uint32_t>(nodes.size() - 1);
  }
  /// Every slot of the region that a node reads, also for regions of its operations.
  template <class Visit> void forEachRead(uint32_t node, Visit visit) const {
    for (uint32_t o = nodes[node].firstOp; o < endOf(node); ++o) {
      const PlanOp &op = plan.ops[o];
      for (uint32_t slot : plan.operandsOf(op))
        visit(slot);
      for (uint32_t r = op.firstRegion; r < op.firstRegion + op.regionCount; ++r)
        for (uint32_t slot :
             plan.captures.subspan(plan.regions[r].firstCapture, plan.regions[r].captureCount))
          visit(slot);
    }
  }

  const PlanView &plan;
  const PreparedRegion &base;
  const PlanRegion &region;
  uint32_t endOp = 0, ownNodes = 0;
  std::vector<PlanNode> nodes;
  std::vector<uint32_t> baseOf;    // by node
  std::vector<uint32_t> firstNode; // by node of the base, and one more
  std::vector<uint32_t> makerOf;   // by slot: the node that writes it; none: an argument or a constant
  std::vector<std::vector<uint32_t>> before; // by node of the base: those before it
  std::vector<std::pair<uint32_t, uint32_t>> edges;
};

} // namespace

/// In the order of the base, so that the operations of each node still lie together.
void OpenFormMaker::placeNodes(bool splits) {
  endOp = base.nodes[base.nodeCount].firstOp;
  before.resize(base.nodeCount);
  for (uint32_t n = 0; n < base.nodeCount; ++n) {
    firstNode.push_back(static_cast<uint32_t>(nodes.size()));
    const uint32_t first = base.nodes[n].firstOp, last = base.nodes[n + 1].firstOp;
    const uint32_t step = splits ? 1 : std::max(1u, last - first);
    for (uint32_t o = first; o == first || o < last; o += step) {
      nodes.push_back({o, 0, 0, base.nodes[n].priority});
      baseOf.push_back(n);
    }
  }
  ownNodes = static_cast<uint32_t>(nodes.size());
  firstNode.push_back(ownNodes);
}

void OpenFormMaker::findMakers() {
  makerOf.assign(base.slotCount, none);
  for (uint32_t n = 0; n < ownNodes; ++n)
    for (uint32_t o = nodes[n].firstOp; o < endOf(n); ++o)
      std::fill_n(makerOf.begin() + plan.ops[o].resultSlot, plan.ops[o].resultCount, n);
}

/// The edges that lead to a node of the base. Where nodes were taken apart, values lead from the one that
/// makes them to the one that reads them; an edge without a value leads from each to each.
void OpenFormMaker::connect(uint32_t baseNode) {
  std::vector<uint32_t> explained; // nodes of the base, ascending
  const bool isApart = firstNode[baseNode + 1] - firstNode[baseNode] > 1;
  for (uint32_t n = firstNode[baseNode]; n < firstNode[baseNode + 1]; ++n)
    forEachRead(n, [&](uint32_t slot) {
      const uint32_t maker = makerOf[slot];
      if (maker == none || maker == n)
        return;
      const uint32_t from = baseOf[maker];
      if (!isApart && firstNode[from + 1] - firstNode[from] == 1)
        return; // as in the base
      edge(maker, n);
      explained.push_back(from);
    });
  std::sort(explained.begin(), explained.end());
  for (uint32_t from : before[baseNode])
    if (!std::binary_search(explained.begin(), explained.end(), from))
      for (uint32_t a = firstNode[from]; a < firstNode[from + 1]; ++a)
        for (uint32_t b = firstNode[baseNode]; b < firstNode[baseNode + 1]; ++b)
          edge(a, b);
}

uint32_t OpenFormMaker::addInputs() {
  const uint32_t first = static_cast<uint32_t>(nodes.size());
  for (uint32_t p = 0; p < region.argumentCount; ++p)
    addNode();
  for (uint32_t n = 0; n < ownNodes; ++n)
    forEachRead(n, [&](uint32_t slot) {
      if (slot < region.argumentCount)
        edge(first + slot, n);
    });
  return first;
}

uint32_t OpenFormMaker::addResults(uint32_t firstInput) {
  const uint32_t first = static_cast<uint32_t>(nodes.size());
  for (uint32_t slot : plan.operands.subspan(region.firstResult, region.resultCount)) {
    const uint32_t node = addNode();
    if (makerOf[slot] != none)
      edge(makerOf[slot], node);
    else if (slot < region.argumentCount && firstInput != none)
      edge(firstInput + slot, node);
  }
  return first;
}

void OpenFormMaker::finish(PreparedRegion &to) {
  // A node may read one value several times.
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  auto next = edges.begin();
  for (uint32_t n = 0; n < nodes.size(); ++n) {
    nodes[n].firstSuccessor = static_cast<uint32_t>(to.ownSuccessors.size());
    for (; next != edges.end() && next->first == n; ++next) {
      to.ownSuccessors.push_back(next->second);
      ++nodes[next->second].readyCount;
    }
  }
  nodes.push_back({endOp, static_cast<uint32_t>(to.ownSuccessors.size()), 0, 0});
  to.ownNodes = std::move(nodes);
  to.nodeCount = static_cast<uint32_t>(to.ownNodes.size()) - 1;
  to.nodes = to.ownNodes.data();
  to.successors = to.ownSuccessors.data();
}

/// What follows a node follows it in the open form too.
void OpenFormMaker::copyPriorities(PreparedRegion &to) const {
  auto copy = [&](const std::vector<float> &from, std::vector<float> &into) {
    if (from.empty())
      return;
    into.resize(to.nodeCount, 0);
    for (uint32_t n = 0; n < ownNodes; ++n)
      if (baseOf[n] < from.size()) // else a barrier
        into[n] = from[baseOf[n]];
  };
  copy(base.pathAfter, to.pathAfter);
  copy(base.nextPriority, to.nextPriority);
}

std::unique_ptr<const PreparedRegion> Program::makeOpenForm(const PlanFunction &function,
                                                            OpenForm form) const {
  const PreparedRegion &base = regions[function.region];
  auto made = std::make_unique<PreparedRegion>();
  made->plan = base.plan;
  made->slots = base.slots;
  made->slotCount = base.slotCount;
  made->path = base.path;
  OpenFormMaker maker(plan, base, form.inputs && schedule == Schedule::Dataflow);
  if (form.inputs)
    made->firstInput = maker.addInputs();
  if (form.results)
    made->firstResult = maker.addResults(made->firstInput);
  maker.finish(*made);
  // An input begins when its value comes, not with the run.
  for (uint32_t p = 0; form.inputs && p < base.plan->argumentCount; ++p)
    made->ownNodes[made->firstInput + p].readyCount = 1;
  finish(*made);
  if (form.results)
    std::fill(made->classes.begin() + made->firstResult, made->classes.end(), NodeClass::Result);
  maker.copyPriorities(*made);
  return made;
}

const PreparedRegion &Program::openForm(uint32_t function, OpenForm form) const {
  if (!form.inputs && !form.results)
    return regions[plan.functions[function].region];
  MutexLock lock(formsMutex);
  std::unique_ptr<const PreparedRegion> &made = forms[{function, form}];
  if (!made)
    made = makeOpenForm(plan.functions[function], form);
  return *made;
}
