#pragma once
#include "xcs/IR/Module.h"

namespace xcs {

// What the passes share for changing a graph. The IR keeps no lists of uses: a pass goes through a function
// once, in program order, and brings each operation's operands up to date when it gets there.

/// Which value stands for which from here on. A definition comes before its uses, so what a value is replaced
/// by is final by the time it is looked up.
class ValueReplacements {
public:
  explicit ValueReplacements(const ComputationGraph &graph) : map(graph.valueCount()) {}

  ValueRef of(ValueRef v) const { return v.index < map.size() && map[v.index] ? map[v.index] : v; }
  void replace(ValueRef v, ValueRef by) { map[v.index] = of(by); }
  /// Brings the operands of an operation up to date.
  void update(ComputationGraph &graph, OpId op) const {
    for (ValueRef &v : graph.operandsForUpdate(op))
      v = of(v);
  }

private:
  std::vector<ValueRef> map; // by value; none: itself
};

/// Makes the bodies of a function anew, in program order: what a visitor does not keep goes. The visitor has
///   void beginRegion(RegionId);   void endRegion(RegionId);   void visit(OpId);
/// and its `visit` says what becomes of the operation by one call of keep, keepWhole, drop, move, replace or
/// unwrap. Bodies change when the rewriter leaves them, and what was dropped is erased at the end, so that
/// the visitor may look at all of it; uses of dropped results must be gone by then. Needs memory for the
/// nesting depth, not the stack. Linear.
class BodyRewriter {
public:
  explicit BodyRewriter(ComputationGraph &graph) : graph(graph) {}

  /// Gives whether anything changed.
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

  /// The operation stays, and its regions come next.
  void keep(OpId op);
  /// The same, but its regions stay as they are.
  void keepWhole(OpId op);
  /// It is erased with all that is in it.
  void drop(OpId op);
  /// It stands somewhere else now.
  void move(OpId) { change(); }
  /// It gives way to operations that stand nowhere yet, and is erased.
  void replace(OpId op, std::span<const OpId> by);
  /// It gives way to the operations of one of its regions, which come next, and is erased. The terminator of
  /// the region is left out.
  void unwrap(OpId op, RegionId region);
  /// Whether the region at hand is one that was unwrapped.
  bool inUnwrapped() const { return stack.back().unwrapped; }
  /// How many operations were dropped, those in them not counted.
  size_t dropped() const { return dead.size(); }

private:
  struct Open {
    RegionId region;
    bool unwrapped = false, begun = false, changed = false;
    uint32_t next = 0;
    std::vector<OpId> kept = {}; // once it has changed
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

/// Takes marked operations (`marks[op.index]`) out of all bodies and erases them with what is inside them.
/// Uses of their results must be gone. Gives the number of marked ones that stood in a body.
size_t eraseMarked(ComputationGraph &graph, RegionId body, const std::vector<uint8_t> &marks);

/// The value of a plain `const`, one that waits for nothing; none otherwise.
AttrId constantOf(const ConstantView &view, const ComputationGraph &graph, ValueRef v);

/// How remarks name another operation: `line 12`, or `an earlier one` when its location is unknown.
std::string lineText(const Module &module, Location at);

} // namespace xcs
