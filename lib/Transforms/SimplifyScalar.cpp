#include "Transforms/Simplify.h"

using namespace xcs;

// Identities of numbers and bools. i64 arithmetic is checked, so an identity must not turn an error into a
// value; f64 is IEEE 754, so it must hold for -0.0, nan and infinities. Where a result no longer needs an
// operand, see isSettled().

namespace {

using Context = SimplifyContext;

Simplified value(ValueRef v) { return {v, {}}; }
Simplified integer(Context &c, int64_t v) { return {{}, c.module.pool.intAttr(v)}; }
Simplified boolean(Context &c, bool v) { return {{}, c.module.pool.boolAttr(v)}; }

/// x op unit and unit op x are x.
template <int64_t unit> Simplified intUnit(Context &c, OpId op) {
  if (c.isInt(c.operand(op, 1), unit))
    return value(c.operand(op, 0));
  if (c.isInt(c.operand(op, 0), unit))
    return value(c.operand(op, 1));
  return {};
}

Simplified intSub(Context &c, OpId op) {
  ValueRef x = c.operand(op, 0), y = c.operand(op, 1);
  if (c.isInt(y, 0))
    return value(x);
  return x == y && c.isSettled(x) ? integer(c, 0) : Simplified();
}

Simplified intMul(Context &c, OpId op) {
  if (Simplified unit = intUnit<1>(c, op))
    return unit;
  ValueRef x = c.operand(op, 0), y = c.operand(op, 1);
  bool zero = c.isInt(x, 0) || c.isInt(y, 0);
  return zero && c.isSettled(x) && c.isSettled(y) ? integer(c, 0) : Simplified();
}

Simplified intDiv(Context &c, OpId op) {
  return c.isInt(c.operand(op, 1), 1) ? value(c.operand(op, 0)) : Simplified();
}

Simplified intRem(Context &c, OpId op) {
  return c.isInt(c.operand(op, 1), 1) && c.isSettled(c.operand(op, 0)) ? integer(c, 0) : Simplified();
}

/// Least, greatest, and, or: of the same value twice, that value.
Simplified idempotent(Context &c, OpId op) {
  return c.operand(op, 0) == c.operand(op, 1) ? value(c.operand(op, 0)) : Simplified();
}

/// A comparison of a value with itself; not for f64, where nan differs from itself.
template <bool result> Simplified compareSelf(Context &c, OpId op) {
  bool self = c.operand(op, 0) == c.operand(op, 1) && c.isSettled(c.operand(op, 0));
  return self ? boolean(c, result) : Simplified();
}

/// -0.0 is the unit of the sum: 0.0 + -0.0 is 0.0, -0.0 + 0.0 is 0.0 and so loses a sign.
Simplified floatAdd(Context &c, OpId op) {
  if (c.isFloat(c.operand(op, 1), -0.0))
    return value(c.operand(op, 0));
  return c.isFloat(c.operand(op, 0), -0.0) ? value(c.operand(op, 1)) : Simplified();
}

Simplified floatSub(Context &c, OpId op) {
  return c.isFloat(c.operand(op, 1), 0.0) ? value(c.operand(op, 0)) : Simplified();
}

Simplified floatMul(Context &c, OpId op) {
  if (c.isFloat(c.operand(op, 1), 1.0))
    return value(c.operand(op, 0));
  return c.isFloat(c.operand(op, 0), 1.0) ? value(c.operand(op, 1)) : Simplified();
}

Simplified floatDiv(Context &c, OpId op) {
  return c.isFloat(c.operand(op, 1), 1.0) ? value(c.operand(op, 0)) : Simplified();
}

/// An involution: applying it twice is the identity. Not i64.neg: the inner one may overflow, and that error
/// must still precede the use of the result.
template <OpCode code> Simplified involution(Context &c, OpId op) {
  OpId inner = c.definedBy(c.operand(op, 0), code);
  return inner ? value(c.operand(inner, 0)) : Simplified();
}

/// `and` with unit true, `or` with unit false: with the unit the result is the other operand, with its
/// opposite that opposite.
template <bool unit> Simplified boolJunction(Context &c, OpId op) {
  for (size_t i : {0, 1}) {
    std::optional<bool> known = c.boolean(c.operand(op, i));
    ValueRef other = c.operand(op, 1 - i);
    if (known == unit)
      return value(other);
    if (known == !unit && c.isSettled(other))
      return boolean(c, !unit);
  }
  return idempotent(c, op);
}

/// `xor` with neutral false, `eq` with neutral true.
template <bool neutral> Simplified boolDifference(Context &c, OpId op) {
  for (size_t i : {0, 1})
    if (c.boolean(c.operand(op, i)) == neutral)
      return value(c.operand(op, 1 - i));
  bool self = c.operand(op, 0) == c.operand(op, 1) && c.isSettled(c.operand(op, 0));
  return self ? boolean(c, neutral) : Simplified();
}

Simplified select(Context &c, OpId op) {
  ValueRef condition = c.operand(op, 0), yes = c.operand(op, 1), no = c.operand(op, 2);
  if (yes == no)
    return c.isSettled(condition) ? value(yes) : Simplified();
  std::optional<bool> known = c.boolean(condition);
  if (!known || !c.isSettled(*known ? no : yes))
    return {};
  return value(*known ? yes : no);
}

constexpr SimplifyRow rows[] = {
    {OpCode::core_select, select},
    {OpCode::i64_add, intUnit<0>},
    {OpCode::i64_sub, intSub},
    {OpCode::i64_mul, intMul},
    {OpCode::i64_div, intDiv},
    {OpCode::i64_rem, intRem},
    {OpCode::i64_min, idempotent},
    {OpCode::i64_max, idempotent},
    {OpCode::i64_eq, compareSelf<true>},
    {OpCode::i64_le, compareSelf<true>},
    {OpCode::i64_ge, compareSelf<true>},
    {OpCode::i64_ne, compareSelf<false>},
    {OpCode::i64_lt, compareSelf<false>},
    {OpCode::i64_gt, compareSelf<false>},
    {OpCode::f64_add, floatAdd},
    {OpCode::f64_sub, floatSub},
    {OpCode::f64_mul, floatMul},
    {OpCode::f64_div, floatDiv},
    {OpCode::f64_neg, involution<OpCode::f64_neg>},
    {OpCode::bool_and, boolJunction<true>},
    {OpCode::bool_or, boolJunction<false>},
    {OpCode::bool_xor, boolDifference<false>},
    {OpCode::bool_eq, boolDifference<true>},
    {OpCode::bool_not, involution<OpCode::bool_not>},
};

} // namespace

std::span<const SimplifyRow> xcs::scalarRules() { return rows; }
