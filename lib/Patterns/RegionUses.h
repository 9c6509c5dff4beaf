#pragma once
#include "xcs/Patterns/Pattern.h"

namespace xcs {

/// The uses within the region of a PatternContext, in the form that patterns need.
class RegionUses {
public:
  static constexpr uint32_t none = UINT32_MAX;

  explicit RegionUses(const PatternContext &context);

  /// The only node that uses the results of `node`; none if there are several, none, or if the region yields
  /// them.
  uint32_t soleUser(uint32_t node) const { return users[node]; }
  const Operation &operation(uint32_t node) const { return operations.operation(graph.operation(node)); }
  bool isConstant(uint32_t node) const { return operation(node).code == OpCode::core_const; }
  bool isPure(uint32_t node) const { return rowOf(operation(node).code).form == OpForm::Pure; }
  /// The node that defines a value in this region; none for arguments and values from outside.
  uint32_t nodeOf(ValueRef v) const;
  /// The only node of this region, constants aside, whose results a node uses; none if there are more or
  /// none.
  uint32_t soleSource(uint32_t node) const;
  /// Whether an operation itself, not a body of it, draws a sample.
  bool isDraw(uint32_t node) const;

private:
  const PatternContext &context;
  const ComputationGraph &operations;
  const DependencyGraph &graph;
  std::vector<uint32_t> users;
};

/// `model.chat` in backquotes, for summaries.
std::string quotedName(const Operation &op);

} // namespace xcs
