#pragma once
#include "Transforms/Rewrite.h"
#include "xcs/Ops/RecordFields.h"
#include <optional>

namespace xcs {

/// The result of a simplification: another value, or a constant. Neither: no change.
struct Simplified {
  ValueRef value;
  AttrId constant;
  explicit operator bool() const { return value.valid() || constant.valid(); }
};

/// What the rules may inspect and create. Operands are up to date; the definitions they inspect are final.
class SimplifyContext {
public:
  SimplifyContext(Module &module, ComputationGraph &graph, RecordFields &fields,
                  const std::vector<uint8_t> &settled)
      : module(module), graph(graph), fields(fields), settled(settled) {}

  Module &module;
  ComputationGraph &graph;
  RecordFields &fields;

  ValueRef operand(OpId op, size_t i) const { return graph.operands(op)[i]; }
  size_t operandCount(OpId op) const { return graph.operands(op).size(); }
  /// Whether nothing that a value depends on can fail or take time. Only uses of such a value may be removed:
  /// otherwise the user of the result would start earlier, or despite a failure, because the compiler found
  /// that the value does not matter.
  bool isSettled(ValueRef v) const { return settled[v.index] != 0; }

  AttrId constant(ValueRef v) const { return constantOf(module.pool.view(), graph, v); }
  bool isInt(ValueRef v, int64_t wanted) const;
  /// Compares bits: 0.0 and -0.0 differ.
  bool isFloat(ValueRef v, double wanted) const;
  std::optional<bool> boolean(ValueRef v) const;
  /// The operation that defines a value, if it has this code and waits only for its operands; none otherwise.
  OpId definedBy(ValueRef v, OpCode code) const;

private:
  const std::vector<uint8_t> &settled; // by value
};

/// A rule: returns what operation `op` simplifies to, without changing anything.
using SimplifyRule = Simplified (*)(SimplifyContext &context, OpId op);
struct SimplifyRow {
  OpCode code;
  SimplifyRule rule;
};

/// The rules, one list per family of operations; an operation has at most one.
std::span<const SimplifyRow> scalarRules();
std::span<const SimplifyRow> dataRules();

/// Applies the operation's rule, if it has one.
Simplified simplify(SimplifyContext &context, OpId op);

} // namespace xcs
