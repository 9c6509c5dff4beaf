#include "Transforms/Simplify.h"
#include <array>

using namespace xcs;

bool SimplifyContext::isInt(ValueRef v, int64_t wanted) const {
  AttrId found = constant(v);
  ConstantView view = module.pool.view();
  return found && view.attr(found).kind == AttrKind::I64 && view.intAttr(found) == wanted &&
         module.pool.kind(graph.type(v)) == TypeKind::I64;
}

bool SimplifyContext::isFloat(ValueRef v, double wanted) const {
  AttrId found = constant(v);
  ConstantView view = module.pool.view();
  if (!found)
    return false;
  // A whole number is allowed for an f64; it is never -0.0.
  if (view.attr(found).kind == AttrKind::I64)
    return wanted != 0 && static_cast<double>(view.intAttr(found)) == wanted;
  return view.attr(found).kind == AttrKind::F64 &&
         __builtin_bit_cast(uint64_t, view.floatAttr(found)) == __builtin_bit_cast(uint64_t, wanted);
}

std::optional<bool> SimplifyContext::boolean(ValueRef v) const {
  AttrId found = constant(v);
  ConstantView view = module.pool.view();
  if (!found || view.attr(found).kind != AttrKind::Bool)
    return std::nullopt;
  return view.boolAttr(found);
}

OpId SimplifyContext::definedBy(ValueRef v, OpCode code) const {
  OpId source = graph.value(v).definedBy;
  bool found = source && graph.operation(source).code == code && graph.operation(source).orderCount == 0;
  return found ? source : OpId();
}

/// By operation code; built once, from the few rows.
static const std::array<SimplifyRule, opCodeCount> &rulesByCode() {
  static const std::array<SimplifyRule, opCodeCount> table = [] {
    std::array<SimplifyRule, opCodeCount> made{};
    for (std::span<const SimplifyRow> rows : {scalarRules(), dataRules()})
      for (const SimplifyRow &row : rows)
        made[static_cast<size_t>(row.code)] = row.rule;
    return made;
  }();
  return table;
}

Simplified xcs::simplify(SimplifyContext &context, OpId op) {
  SimplifyRule rule = rulesByCode()[static_cast<size_t>(context.graph.operation(op).code)];
  // An operation with `after` is needed at its place, whatever it computes.
  return rule && context.graph.operation(op).orderCount == 0 ? rule(context, op) : Simplified();
}
