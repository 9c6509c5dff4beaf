#include "Transforms/Rewrite.h"
#include "xcs/IR/Walk.h"

using namespace xcs;

namespace {
/// Filters the bodies once the walk has left them: until then it reads them.
struct BodyFilter {
  const ComputationGraph &graph;
  const std::vector<uint8_t> &marks;
  std::vector<RegionId> changed;
  std::vector<bool> hasMarked;

  void beginRegion(RegionId) { hasMarked.push_back(false); }
  bool beginOp(OpId op) {
    if (marks[op.index])
      hasMarked.back() = true;
    return !marks[op.index];
  }
  void endOp(OpId) {}
  void endRegion(RegionId region) {
    if (hasMarked.back())
      changed.push_back(region);
    hasMarked.pop_back();
  }
};
} // namespace

size_t xcs::eraseMarked(ComputationGraph &graph, RegionId body, const std::vector<uint8_t> &marks) {
  BodyFilter filter{graph, marks, {}, {}};
  walk(graph, body, filter);
  size_t erased = 0;
  for (RegionId region : filter.changed) {
    std::vector<OpId> kept;
    kept.reserve(graph.region(region).body.size());
    for (OpId op : graph.region(region).body) {
      if (!marks[op.index]) {
        kept.push_back(op);
        continue;
      }
      graph.erase(op);
      ++erased;
    }
    graph.setBody(region, std::move(kept));
  }
  return erased;
}

AttrId xcs::constantOf(const ConstantView &view, const ComputationGraph &graph, ValueRef v) {
  OpId source = graph.value(v).definedBy;
  if (!source || graph.operation(source).code != OpCode::core_const ||
      graph.operation(source).orderCount != 0)
    return {};
  return view.find(graph.operation(source).attributes, Attribute::value);
}

std::string xcs::lineText(const Module &module, Location at) {
  LineColumn place = module.locations.resolve(at);
  return place.line == 0 ? "an earlier one" : "line " + std::to_string(place.line);
}
