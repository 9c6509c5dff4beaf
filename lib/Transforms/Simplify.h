#pragma once
#include "Transforms/Rewrite.h"
#include "xcs/Ops/RecordFields.h"
#include <optional>

namespace xcs {

/// What an operation turned out to be: another value, or a constant. Neither: itself.
struct Simplified {
  ValueRef value;
  AttrId constant;
  explicit operator bool() const { return value.valid() || constant.valid(); }
};

/// What the rules may look at and make. Operands are up to date; the definitions they look at are final.
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
  /// Whether nothing on the way to a value can fail or take time. Only such a value may be let go of: what
  /// uses the result must not start earlier, or in spite of a failure, because the compiler saw that the
  /// value does not matter.
  bool isSettled(ValueRef v) const { return settled[v.index] != 0; }

  AttrId constant(ValueRef v) const { return constantOf(module.pool.view(), graph, v); }
  bool isInt(ValueRef v, int64_t wanted) const;
  /// The very bits: 0.0 and -0.0 differ.
  bool isFloat(ValueRef v, double wanted) const;
  std::optional<bool> boolean(ValueRef v) const;
  /// The operation that defines a value when it has this code and waits for nothing but its operands; none
  /// otherwise.
  OpId definedBy(ValueRef v, OpCode code) const;

private:
  const std::vector<uint8_t> &settled; // by value
};

/// A rule: what operation `op` is, without changing anything.
using SimplifyRule = Simplified (*)(SimplifyContext &context, OpId op);
struct SimplifyRow {
  OpCode code;
  SimplifyRule rule;
};

/// The rules, one list a family of operations; an operation has at most one.
std::span<const SimplifyRow> scalarRules();
std::span<const SimplifyRow> dataRules();

/// Applies the operation's rule, if it has one.
Simplified simplify(SimplifyContext &context, OpId op);

} // namespace xcs
