#include "Patterns/Patterns.h"
#include "Patterns/RegionUses.h"
#include "xcs/Ops/RegionForm.h"
#include <algorithm>

using namespace xcs;

namespace {
/// The same thing for each of several values: a `map`, a `filter`, a `sort_by`; or at least two requests to
/// the world that are equal except for their operands and independent of one another. Operations of one level
/// are independent: no path leads from one to another.
class Map : public Pattern {
public:
  std::string_view name() const override { return "map"; }
  void match(const PatternContext &context, std::vector<PatternMatch> &out) const override;
};

/// Groups nodes that are alike.
class Alike {
public:
  explicit Alike(const PatternContext &context) : context(context), operations(context.operations()) {}
  void add(uint32_t node, uint32_t level);
  struct Group {
    uint32_t level;
    std::vector<uint32_t> nodes;
  };
  std::vector<Group> groups; // in the order of their first nodes

private:
  bool alike(const Group &group, const Operation &op, uint32_t level) const;
  const PatternContext &context;
  const ComputationGraph &operations;
  InternIndex index;
};
} // namespace

bool Alike::alike(const Group &group, const Operation &op, uint32_t level) const {
  const Operation &first = operations.operation(context.graph.operation(group.nodes[0]));
  return group.level == level && first.code == op.code && first.symbol == op.symbol &&
         first.attributes == op.attributes && first.operandCount == op.operandCount;
}

void Alike::add(uint32_t node, uint32_t level) {
  const Operation &op = operations.operation(context.graph.operation(node));
  uint64_t hash = (static_cast<uint64_t>(op.code) << 32 | level) * 0x9e3779b97f4a7c15u;
  hash = (hash ^ (static_cast<uint64_t>(op.symbol.index) << 32 | op.attributes.index)) * 0x9e3779b97f4a7c15u;
  hash ^= hash >> 32;
  uint32_t found = index.find(hash, [&](uint32_t i) { return alike(groups[i], op, level); });
  if (found == InternIndex::absent) {
    index.insert(hash, static_cast<uint32_t>(groups.size()));
    groups.push_back({level, {node}});
  } else {
    groups[found].nodes.push_back(node);
  }
}

/// Whether two of the nodes have different operands: with equal ones they would be draws of one request.
static bool differ(const ComputationGraph &operations, const DependencyGraph &graph,
                   std::span<const uint32_t> nodes) {
  std::span<const ValueRef> first = operations.operands(graph.operation(nodes[0]));
  for (uint32_t node : nodes.subspan(1)) {
    std::span<const ValueRef> other = operations.operands(graph.operation(node));
    if (!std::equal(first.begin(), first.end(), other.begin(), other.end()))
      return true;
  }
  return false;
}

/// The list whose element a node works on, directly or after pure preparation; none if there is no such list.
static ValueRef listBehind(const PatternContext &context, const RegionUses &uses, uint32_t node) {
  constexpr int steps = 8; // a few operations of preparation; bounded to stay linear
  for (int i = 0; i != steps; ++i) {
    node = uses.soleSource(node);
    if (node == RegionUses::none || !uses.isPure(node))
      return {};
    if (uses.operation(node).code == OpCode::list_get)
      return context.operations().operands(context.graph.operation(node))[0];
  }
  return {};
}

static std::string describe(const PatternContext &context, const RegionUses &uses,
                            std::span<const uint32_t> nodes) {
  std::string text = std::to_string(nodes.size()) + " x " + quotedName(uses.operation(nodes[0]));
  ValueRef list = listBehind(context, uses, nodes[0]);
  for (uint32_t node : nodes)
    if (!list || listBehind(context, uses, node) != list)
      return text + " on independent values";
  return text + " on elements of one list";
}

void Map::match(const PatternContext &context, std::vector<PatternMatch> &out) const {
  RegionUses uses(context);
  Alike alike(context);
  std::vector<uint32_t> level(context.graph.size(), 0);
  for (uint32_t node = 0; node != context.graph.size(); ++node) {
    for (uint32_t successor : context.graph.successors(node))
      level[successor] = std::max(level[successor], level[node] + 1);
    const Operation &op = uses.operation(node);
    OpId id = context.graph.operation(node);
    const RegionForm *form = regionForm(op.code);
    if (form && form->takesElement && form->rule.runs == RegionRuns::SideBySide)
      out.push_back(
          {name(), context.functionIndex, context.region, {id}, {}, quotedName(op) + " over a list"});
    else if (op.code == OpCode::core_call || uses.isDraw(node))
      alike.add(node, level[node]);
  }
  for (const Alike::Group &group : alike.groups) {
    if (group.nodes.size() < 2 || !differ(context.operations(), context.graph, group.nodes))
      continue;
    PatternMatch match{name(), context.functionIndex, context.region, {}, {}, {}};
    for (uint32_t node : group.nodes)
      match.operations.push_back(context.graph.operation(node));
    match.summary = describe(context, uses, group.nodes);
    out.push_back(std::move(match));
  }
}

std::unique_ptr<Pattern> xcs::createMap() { return std::make_unique<Map>(); }
