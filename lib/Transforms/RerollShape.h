#pragma once
#include "xcs/IR/Module.h"
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace xcs {

/// What an operation is, with everything nested in it, apart from constants and the values that it gets from
/// outside: two operations with equal `parts` do the same with what is in `outer`. Names, locations and names
/// of draws do not count. Reuse it: that avoids allocations.
class RerollShape {
public:
  RerollShape(const ConstantPool &pool, const ComputationGraph &graph) : pool(pool), graph(graph) {}

  /// An operand, perhaps of a nested operation, that comes from outside or is a constant.
  struct Outer {
    OpId op;
    uint32_t operand; // its index in allOperands
    bool isOrder;     // named in an `after`
    bool isNested;    // a constant within the operation
    ValueRef value;
  };
  /// Linear in the operation and all that is nested in it.
  void read(OpId op);

  std::vector<uint64_t> parts;
  std::vector<Outer> outer;
  std::vector<OpId> draws; // operations with the name of a draw, in program order
  uint32_t depth = 0;      // of nested regions
  /// It has `{keep}`, or a draw with a list of names, which already belongs to a `map {places}`.
  bool isFixed = false;

  // Visitor of walk().
  void beginRegion(RegionId region);
  bool beginOp(OpId op);
  void endOp(OpId) {}
  void endRegion(RegionId);

private:
  bool isPlainConstant(OpId op) const {
    return graph.operation(op).code == OpCode::core_const && graph.operation(op).orderCount == 0;
  }
  void define(ValueRef v) { inside.emplace(v.index, static_cast<uint32_t>(inside.size())); }

  const ConstantPool &pool;
  const ComputationGraph &graph;
  std::unordered_map<uint32_t, uint32_t> inside; // values defined within it, by the order of definitions
  std::unordered_set<uint32_t> constants;        // within it
  uint32_t open = 0;
};

} // namespace xcs
