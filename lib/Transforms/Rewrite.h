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

/// Takes marked operations (`marks[op.index]`) out of all bodies and erases them with what is inside them.
/// Uses of their results must be gone. Gives the number of marked ones that stood in a body.
size_t eraseMarked(ComputationGraph &graph, RegionId body, const std::vector<uint8_t> &marks);

/// The value of a plain `const`, one that waits for nothing; none otherwise.
AttrId constantOf(const ConstantView &view, const ComputationGraph &graph, ValueRef v);

/// How remarks name another operation: `line 12`, or `an earlier one` when its location is unknown.
std::string lineText(const Module &module, Location at);

} // namespace xcs
