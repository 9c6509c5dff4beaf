#include "Transforms/Rewrite.h"
#include <algorithm>

using namespace xcs;

/// The innermost region that is not unwrapped: visited operations are added to its body.
BodyRewriter::Open &BodyRewriter::target() {
  size_t i = stack.size() - 1;
  while (stack[i].unwrapped)
    --i;
  return stack[i];
}

/// From here on the body changes: writes down what was kept so far.
BodyRewriter::Open &BodyRewriter::change() {
  Open &to = target();
  if (!to.changed) {
    const std::vector<OpId> &body = graph.region(to.region).body;
    to.kept.reserve(body.size());
    to.kept.assign(body.begin(), body.begin() + to.next - 1);
    to.changed = changed = true;
  }
  return to;
}

void BodyRewriter::keepWhole(OpId op) {
  if (stack.back().unwrapped && isTerminator(graph.operation(op).code))
    return;
  if (Open &to = target(); to.changed)
    to.kept.push_back(op);
}

void BodyRewriter::keep(OpId op) {
  keepWhole(op);
  // The last one first: the stack reverses them.
  const size_t first = stack.size();
  for (RegionId region = graph.operation(op).firstRegion; region; region = graph.region(region).next)
    enter(region, false);
  std::reverse(stack.begin() + static_cast<std::ptrdiff_t>(first), stack.end());
}

void BodyRewriter::drop(OpId op) {
  change();
  dead.push_back(op);
}

void BodyRewriter::replace(OpId op, std::span<const OpId> by) {
  Open &to = change();
  to.kept.insert(to.kept.end(), by.begin(), by.end());
  dead.push_back(op);
}

void BodyRewriter::unwrap(OpId op, RegionId region) {
  drop(op);
  enter(region, true);
}

void BodyRewriter::leave() {
  Open left = std::move(stack.back());
  stack.pop_back();
  if (left.unwrapped) {
    // Its operations are in the enclosing region now; the terminator is erased with the owner.
    OpId end = graph.terminator(left.region);
    const bool ends = end && isTerminator(graph.operation(end).code);
    graph.setBody(left.region, ends ? std::vector<OpId>{end} : std::vector<OpId>());
  } else if (left.changed) {
    graph.setBody(left.region, std::move(left.kept));
  }
}

/// Only at the end: operations of unwrapped regions have their new place by now.
void BodyRewriter::finish() {
  for (OpId op : dead)
    graph.erase(op);
}

size_t xcs::eraseMarked(ComputationGraph &graph, RegionId body, const std::vector<uint8_t> &marks) {
  struct Eraser {
    BodyRewriter rewriter;
    const std::vector<uint8_t> &marks;
    void beginRegion(RegionId) {}
    void endRegion(RegionId) {}
    void visit(OpId op) { marks[op.index] ? rewriter.drop(op) : rewriter.keep(op); }
  } eraser{BodyRewriter(graph), marks};
  eraser.rewriter.run(body, eraser);
  return eraser.rewriter.dropped();
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
