#include "Runtime/Program.h"
#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

using namespace xcs;

// Which nodes of a region are carried out together, in the order of the plan and without a word to each
// other. It is decided once, by estimated costs: static scheduling. What is so made goes through the same
// dynamic scheduling as a plan's own nodes.

// No more is carried out without a look at what has come from outside (Pool::inject). It is also what a
// waiting operation may have to wait for.
static constexpr uint64_t pieceNanoseconds = 50'000;
// Waking a sleeping worker; handing a node to one; an edge from one worker's node to another's, which costs a
// cache line (docs/performance.md).
static constexpr double wakeNanoseconds = 30'000, dispatchNanoseconds = 20, edgeNanoseconds = 30;
// Several workers take part if that saves this share of the time, and the estimate is good to no less.
static constexpr double worthWhile = 0.8, goodEnough = 1.2;
// Bounds of what is carried out together on several workers. A larger one has less overhead, a smaller one
// leaves more to do side by side. The last one is for what waits for one thing alone, and is waited for by
// one alone.
static constexpr uint64_t blockNanoseconds[] = {2000, 500, 125, 0};
// Beside waiting operations: what becomes ready in the middle of a run is started at its end.
static constexpr uint64_t runNanoseconds = 2000;
// A form that dispatches fewer nodes less than this is not worth making.
static constexpr uint32_t leastSaved = 8;

namespace {

/// Nodes of the base, each in one group. Groups are numbered so that edges lead to higher ones.
struct Grouping {
  std::vector<uint32_t> groupOf; // by node
  uint32_t count = 0;
};

/// The graph of the groups.
struct Groups {
  std::vector<uint32_t> firstMember, members; // nodes of the base, ascending in each group
  std::vector<uint32_t> firstEdge, edges;     // each only once
  uint32_t count() const { return static_cast<uint32_t>(firstMember.size()) - 1; }
};

/// Makes the swept form of a region.
class SweptFormMaker {
public:
  /// `costs`: nanoseconds by node.
  SweptFormMaker(const PreparedRegion &base, std::vector<uint32_t> costs)
      : base(base), costs(std::move(costs)) {}

  /// One after the other, for one worker.
  Groups inPieces() const;
  /// Side by side, for several workers; no groups where they would gain nothing.
  std::optional<Groups> inBlocks(unsigned workers) const;
  /// Neighbours that wait for the same slow nodes.
  Groups inRuns() const;

  void build(const Groups &groups, PreparedRegion &to) const;

private:
  bool isSlow(uint32_t node) const { return base.classes[node] != NodeClass::Light; }
  std::span<const uint32_t> successorsOf(uint32_t node) const {
    return {base.successors + base.nodes[node].firstSuccessor,
            base.nodes[node + 1].firstSuccessor - base.nodes[node].firstSuccessor};
  }
  Grouping strands() const;
  Grouping neighbours(const Grouping &strands, uint64_t bound) const;
  std::vector<uint32_t> waitsOf() const;
  Groups groupsOf(const Grouping &grouping, bool withEdges = true) const;
  double timeOf(const Groups &groups, unsigned workers) const;
  double pathOf() const;

  const PreparedRegion &base;
  const std::vector<uint32_t> costs;
};

} // namespace

Groups SweptFormMaker::groupsOf(const Grouping &grouping, bool withEdges) const {
  Groups out;
  out.firstMember.assign(grouping.count + 1, 0);
  for (uint32_t group : grouping.groupOf)
    ++out.firstMember[group + 1];
  std::partial_sum(out.firstMember.begin(), out.firstMember.end(), out.firstMember.begin());
  out.members.resize(base.nodeCount);
  std::vector<uint32_t> next(out.firstMember.begin(), out.firstMember.end() - 1);
  for (uint32_t n = 0; n < base.nodeCount; ++n)
    out.members[next[grouping.groupOf[n]]++] = n;
  std::vector<uint32_t> seenFrom(grouping.count, UINT32_MAX);
  for (uint32_t g = 0; withEdges && g < grouping.count; ++g) {
    out.firstEdge.push_back(static_cast<uint32_t>(out.edges.size()));
    for (uint32_t m = out.firstMember[g]; m < out.firstMember[g + 1]; ++m)
      for (uint32_t s : successorsOf(out.members[m])) {
        const uint32_t to = grouping.groupOf[s];
        if (to != g && std::exchange(seenFrom[to], g) != g)
          out.edges.push_back(to);
      }
  }
  out.firstEdge.push_back(static_cast<uint32_t>(out.edges.size()));
  return out;
}

Groups SweptFormMaker::inPieces() const {
  Grouping pieces;
  uint64_t cost = 0;
  for (uint32_t n = 0; n < base.nodeCount; ++n) {
    cost += costs[n];
    if (n == 0 || cost > pieceNanoseconds) {
      ++pieces.count;
      cost = costs[n];
    }
    pieces.groupOf.push_back(pieces.count - 1);
  }
  Groups out = groupsOf(pieces, false);
  out.firstEdge.resize(pieces.count + 1);
  std::iota(out.firstEdge.begin(), out.firstEdge.end(), 0u);
  out.firstEdge.back() = pieces.count - 1;
  out.edges.resize(pieces.count - 1);
  std::iota(out.edges.begin(), out.edges.end(), 1u);
  return out;
}

/// Chains: what is made ready by one node alone, which makes nothing else ready. Nothing is delayed by
/// putting those in one group, wherever they are in the plan: linear clustering (Gerasoulis and Yang, 1993).
Grouping SweptFormMaker::strands() const {
  Grouping out;
  out.groupOf.assign(base.nodeCount, UINT32_MAX);
  std::vector<uint64_t> cost;
  for (uint32_t n = 0; n < base.nodeCount; ++n) {
    uint32_t &own = out.groupOf[n];
    if (own == UINT32_MAX) {
      own = out.count++;
      cost.push_back(0);
    }
    cost[own] += costs[n];
    const std::span<const uint32_t> successors = successorsOf(n);
    if (successors.size() == 1 && base.nodes[successors[0]].readyCount == 1 &&
        cost[own] + costs[successors[0]] <= blockNanoseconds[0])
      out.groupOf[successors[0]] = own;
  }
  return out;
}

/// Neighbours in the order of the plan, up to a bound: no cycle can arise, since strands are numbered in the
/// order of their first nodes, and only those have edges from elsewhere.
Grouping SweptFormMaker::neighbours(const Grouping &strands, uint64_t bound) const {
  std::vector<uint64_t> cost(strands.count, 0);
  for (uint32_t n = 0; n < base.nodeCount; ++n)
    cost[strands.groupOf[n]] += costs[n];
  std::vector<uint32_t> groupOf(strands.count);
  uint64_t sum = 0;
  Grouping out;
  for (uint32_t s = 0; s < strands.count; ++s) {
    sum += cost[s];
    if (s == 0 || sum > bound) {
      ++out.count;
      sum = cost[s];
    }
    groupOf[s] = out.count - 1;
  }
  out.groupOf.reserve(base.nodeCount);
  for (uint32_t strand : strands.groupOf)
    out.groupOf.push_back(groupOf[strand]);
  return out;
}

/// The estimated time of all groups on so many workers, once those are awake.
double SweptFormMaker::timeOf(const Groups &groups, unsigned workers) const {
  std::vector<double> start(groups.count(), 0);
  double path = 0, work = dispatchNanoseconds * groups.count() +
                          edgeNanoseconds * static_cast<double>(groups.edges.size());
  for (uint32_t g = 0; g < groups.count(); ++g) {
    double cost = 0;
    for (uint32_t m = groups.firstMember[g]; m < groups.firstMember[g + 1]; ++m)
      cost += costs[groups.members[m]];
    work += cost;
    const double end = start[g] + dispatchNanoseconds + cost;
    path = std::max(path, end);
    for (uint32_t e = groups.firstEdge[g]; e < groups.firstEdge[g + 1]; ++e)
      start[groups.edges[e]] = std::max(start[groups.edges[e]], end + edgeNanoseconds);
  }
  return std::max(path, work / workers);
}

/// The estimated time of the longest path.
double SweptFormMaker::pathOf() const {
  std::vector<double> start(base.nodeCount, 0);
  double path = 0;
  for (uint32_t n = 0; n < base.nodeCount; ++n) {
    const double end = start[n] + costs[n];
    path = std::max(path, end);
    for (uint32_t s : successorsOf(n))
      start[s] = std::max(start[s], end);
  }
  return path;
}

std::optional<Groups> SweptFormMaker::inBlocks(unsigned workers) const {
  const double work = std::accumulate(costs.begin(), costs.end(), 0.0);
  const double ideal = work / workers, most = worthWhile * work - wakeNanoseconds;
  if (workers < 2 || ideal > most)
    return std::nullopt;
  if (pathOf() > most)
    return std::nullopt;
  const Grouping chains = strands();
  std::optional<Groups> best;
  double bestTime = most;
  for (uint64_t bound : blockNanoseconds) {
    Groups groups = groupsOf(neighbours(chains, bound));
    const double time = timeOf(groups, workers);
    if (time < bestTime) {
      best = std::move(groups);
      bestTime = time;
    }
    if (best && bestTime <= goodEnough * ideal)
      break;
  }
  return best;
}

/// By node: a number for the set of slow nodes before it, the same only for equal sets.
std::vector<uint32_t> SweptFormMaker::waitsOf() const {
  // 0: none. 1 + n: slow node n, and what is before it. Then come unions of two sets.
  std::vector<uint32_t> waits(base.nodeCount, 0);
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> unions;
  std::vector<std::pair<uint32_t, uint32_t>> parts;
  auto includes = [&](uint32_t set, uint32_t part) {
    if (set == part || part == 0)
      return true;
    if (set <= base.nodeCount)
      return set != 0 && waits[set - 1] == part;
    const auto [one, other] = parts[set - base.nodeCount - 1];
    return one == part || other == part;
  };
  auto unite = [&](uint32_t a, uint32_t b) {
    if (includes(a, b))
      return a;
    if (includes(b, a))
      return b;
    const auto both = std::minmax(a, b);
    const auto next = base.nodeCount + 1 + static_cast<uint32_t>(parts.size());
    const auto [set, isNew] = unions.emplace(both, next);
    if (isNew)
      parts.push_back(both);
    return set->second;
  };
  for (uint32_t n = 0; n < base.nodeCount; ++n)
    for (uint32_t s : successorsOf(n))
      waits[s] = unite(waits[s], isSlow(n) ? 1 + n : waits[n]);
  return waits;
}

Groups SweptFormMaker::inRuns() const {
  const std::vector<uint32_t> waits = waitsOf();
  Grouping runs;
  uint64_t cost = 0;
  for (uint32_t n = 0; n < base.nodeCount; ++n) {
    cost += costs[n];
    if (n == 0 || isSlow(n) || isSlow(n - 1) || waits[n] != waits[n - 1] || cost > runNanoseconds) {
      ++runs.count;
      cost = costs[n];
    }
    runs.groupOf.push_back(runs.count - 1);
  }
  return groupsOf(runs);
}

void SweptFormMaker::build(const Groups &groups, PreparedRegion &to) const {
  const bool isInOrder = std::is_sorted(groups.members.begin(), groups.members.end());
  const uint32_t endOp = base.nodes[base.nodeCount].firstOp;
  for (uint32_t g = 0; g < groups.count(); ++g) {
    const uint32_t first = groups.members[groups.firstMember[g]];
    PlanNode node = base.nodes[first];
    node.firstSuccessor = groups.firstEdge[g];
    node.readyCount = 0;
    if (!isInOrder)
      node.firstOp = static_cast<uint32_t>(to.opOrder.size());
    to.ownNodes.push_back(node);
    to.classes.push_back(base.classes[first]);
    to.planNodes.push_back(groups.firstMember[g + 1] - groups.firstMember[g]);
    if (!base.pathAfter.empty())
      to.pathAfter.push_back(base.pathAfter[first]);
    if (!base.nextPriority.empty())
      to.nextPriority.push_back(base.nextPriority[first]);
    for (uint32_t m = groups.firstMember[g]; !isInOrder && m < groups.firstMember[g + 1]; ++m)
      for (uint32_t o = base.nodes[groups.members[m]].firstOp; o < base.nodes[groups.members[m] + 1].firstOp;
           ++o)
        to.opOrder.push_back(o);
  }
  for (uint32_t next : groups.edges)
    ++to.ownNodes[next].readyCount;
  to.nodeCount = groups.count();
  to.ownNodes.push_back({isInOrder ? endOp : static_cast<uint32_t>(to.opOrder.size()),
                         static_cast<uint32_t>(groups.edges.size()), 0, 0});
  to.ownSuccessors = groups.edges;
  to.nodes = to.ownNodes.data();
  to.successors = to.ownSuccessors.data();
}

std::unique_ptr<const PreparedRegion> Program::makeSweptForm(const PreparedRegion &base) const {
  std::vector<uint32_t> costs(base.nodeCount, 0);
  for (uint32_t n = 0; n < base.nodeCount; ++n)
    if (base.classes[n] == NodeClass::Light)
      for (uint32_t o = base.nodes[n].firstOp; o < base.nodes[n + 1].firstOp; ++o)
        costs[n] += base.isAllLight ? sweepCostOf(o) : costOf(plan.ops[o]);
  const SweptFormMaker maker(base, std::move(costs));
  std::optional<Groups> groups;
  if (base.isAllLight)
    groups = maker.inBlocks(jobs);
  const bool isShared = groups.has_value();
  if (!groups)
    groups = base.isAllLight ? maker.inPieces() : maker.inRuns();
  if (base.nodeCount - groups->count() < leastSaved)
    return nullptr;
  auto made = std::make_unique<PreparedRegion>();
  made->plan = base.plan;
  made->slots = base.slots;
  made->slotCount = base.slotCount;
  made->path = base.path;
  made->isWorthSharing = isShared;
  maker.build(*groups, *made);
  countEdges(*made);
  return made;
}

/// Chooses the form in which each region is carried out, where no dispatch has to be seen on its own.
void Program::prepareSweeping() {
  swept.resize(regions.size());
  if (schedule != Schedule::Dataflow)
    return;
  for (size_t r = 0; r < regions.size(); ++r) {
    PreparedRegion &region = regions[r];
    const bool isSmall = region.lightNanoseconds <= pieceNanoseconds;
    if (region.isAllLight && isSmall)
      region.isOnePiece = true;
    else if (region.nodeCount > leastSaved && (region.isAllLight || isSmall || jobs == 1))
      swept[r] = makeSweptForm(region);
  }
}
