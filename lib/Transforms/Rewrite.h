#pragma once
#include "xcs/IR/Module.h"

namespace xcs {

// Shared by the passes for changing a graph. The IR keeps no lists of uses: a pass visits a function once, in
// program order, and updates each operation's operands when it reaches it.

/// The replacements of values. A definition comes before its uses, so a replacement is final by the time it
/// is looked up.
class ValueReplacements {
public:
  explicit ValueReplacements(const ComputationGraph &graph) : map(graph.valueCount()) {}

  ValueRef of(ValueRef v) const { return v.index < map.size() && map[v.index] ? map[v.index] : v; }
  void replace(ValueRef v, ValueRef by) { map[v.index] = of(by); }
  /// Updates the operands of an operation.
  void update(ComputationGraph &graph, OpId op) const {
    for (ValueRef &v : graph.operandsForUpdate(op))
      v = of(v);
  }

private:
  std::vector<ValueRef> map; // by value; none: itself
};

/// Rebuilds the bodies of a function in program order; what the visitor does not keep is removed. The visitor
/// has
///   void beginRegion(RegionId);   void endRegion(RegionId);   void visit(OpId);
/// and its `visit` decides about the operation by one call of keep, keepWhole, drop, move, replace or unwrap.
/// Bodies change when the rewriter leaves them, and dropped operations are erased at the end, so the visitor
/// may inspect all of them; uses of dropped results must be replaced by then. Nesting depth costs heap, not
/// stack. Linear.
class BodyRewriter {
public:
  explicit BodyRewriter(ComputationGraph &graph) : graph(graph) {}

  /// Returns whether anything changed.
  template <class Visitor> bool run(RegionId body, Visitor &visitor) {
    enter(body, false);
    while (!stack.empty()) {
      Open &top = stack.back();
      if (!top.begun) {
        top.begun = true;
        visitor.beginRegion(top.region);
        continue;
      }
      const std::vector<OpId> &ops = graph.region(top.region).body;
      if (top.next != ops.size()) {
        visitor.visit(ops[top.next++]);
        continue;
      }
      visitor.endRegion(top.region);
      leave();
    }
    finish();
    return changed;
  }

  /// Keeps the operation; its regions come next.
  void keep(OpId op);
  /// The same, but its regions are not visited.
  void keepWhole(OpId op);
  /// Erases the operation with everything inside it.
  void drop(OpId op);
  /// The operation has been moved elsewhere.
  void move(OpId) { change(); }
  /// Replaces the operation by detached operations and erases it.
  void replace(OpId op, std::span<const OpId> by);
  /// Replaces the operation by the operations of one of its regions, which come next, and erases it. The
  /// terminator of the region is omitted.
  void unwrap(OpId op, RegionId region);
  /// Whether the current region is an unwrapped one.
  bool inUnwrapped() const { return stack.back().unwrapped; }
  /// How many operations were dropped, not counting those inside them.
  size_t dropped() const { return dead.size(); }

private:
  struct Open {
    RegionId region;
    bool unwrapped = false, begun = false, changed = false;
    uint32_t next = 0;
    std::vector<OpId> kept = {}; // used once it has changed
  };
  void enter(RegionId region, bool unwrapped) { stack.push_back({region, unwrapped}); }
  void leave();
  void finish();
  Open &target();
  Open &change();

  ComputationGraph &graph;
  std::vector<Open> stack;
  std::vector<OpId> dead;
  bool changed = false;
};

/// Removes marked operations (`marks[op.index]`) from all bodies and erases them with everything inside them.
/// Uses of their results must have been replaced. Returns how many marked operations were in a body.
size_t eraseMarked(ComputationGraph &graph, RegionId body, const std::vector<uint8_t> &marks);

/// The value of a plain `const` without predecessors; none otherwise.
AttrId constantOf(const ConstantView &view, const ComputationGraph &graph, ValueRef v);

/// The name of another operation in remarks: `line 12`, or `an earlier one` if its location is unknown.
std::string lineText(const Module &module, Location at);

} // namespace xcs
