#include "Ops/KernelSupport.h"
#include "xcs/Ops/ConstantPool.h"
#include <functional>

// An integer is exact or an error (language.md, "Laws"). The speed of the executor is measured with chains of
// these, so each is a few instructions, with the error handling out of line.

namespace xcs::kernels {

namespace {

[[gnu::cold, gnu::noinline]] bool overflow(KernelCall &call) {
  return call.fail(Diag::IntegerOverflow, {opName(call), "an i64"});
}

/// `op` is one of the compiler's checked operations: true when the result does not fit.
template <class Checked> bool checked(KernelCall &call, Checked op) {
  int64_t result;
  if (op(call.operand(0).asI64(), call.operand(1).asI64(), &result)) [[unlikely]]
    return overflow(call);
  return returnI64(call, result);
}

template <class Relation> bool relation(KernelCall &call, Relation holds) {
  return returnBool(call, holds(call.operand(0).asI64(), call.operand(1).asI64()));
}

/// For division and remainder: C++ leaves both undefined for these operands.
bool divisorFits(KernelCall &call) {
  if (call.operand(1).asI64() == 0)
    return call.fail(Diag::DivisionByZero, {opName(call)});
  return true;
}

template <class Better> bool best(KernelCall &call, Better better) {
  std::span<const Value> items = call.operand(0).items();
  if (items.empty())
    return call.fail(Diag::EmptyList, {opName(call)});
  int64_t found = items[0].asI64();
  for (const Value &item : items)
    if (better(item.asI64(), found))
      found = item.asI64();
  return returnI64(call, found);
}

} // namespace

bool i64_add(KernelCall &call) {
  return checked(call, [](int64_t a, int64_t b, int64_t *r) { return __builtin_add_overflow(a, b, r); });
}
bool i64_sub(KernelCall &call) {
  return checked(call, [](int64_t a, int64_t b, int64_t *r) { return __builtin_sub_overflow(a, b, r); });
}
bool i64_mul(KernelCall &call) {
  return checked(call, [](int64_t a, int64_t b, int64_t *r) { return __builtin_mul_overflow(a, b, r); });
}

bool i64_div(KernelCall &call) {
  if (!divisorFits(call))
    return false;
  int64_t a = call.operand(0).asI64(), b = call.operand(1).asI64();
  if (a == INT64_MIN && b == -1)
    return overflow(call);
  return returnI64(call, a / b);
}

bool i64_rem(KernelCall &call) {
  if (!divisorFits(call))
    return false;
  int64_t a = call.operand(0).asI64(), b = call.operand(1).asI64();
  return returnI64(call, b == -1 ? 0 : a % b); // INT64_MIN % -1 traps although it is 0
}

bool i64_neg(KernelCall &call) {
  int64_t a = call.operand(0).asI64();
  return a == INT64_MIN ? overflow(call) : returnI64(call, -a);
}
bool i64_abs(KernelCall &call) {
  int64_t a = call.operand(0).asI64();
  return a == INT64_MIN ? overflow(call) : returnI64(call, a < 0 ? -a : a);
}
bool i64_min(KernelCall &call) {
  return returnI64(call, std::min(call.operand(0).asI64(), call.operand(1).asI64()));
}
bool i64_max(KernelCall &call) {
  return returnI64(call, std::max(call.operand(0).asI64(), call.operand(1).asI64()));
}

bool i64_eq(KernelCall &call) { return relation(call, std::equal_to<>()); }
bool i64_ne(KernelCall &call) { return relation(call, std::not_equal_to<>()); }
bool i64_lt(KernelCall &call) { return relation(call, std::less<>()); }
bool i64_le(KernelCall &call) { return relation(call, std::less_equal<>()); }
bool i64_gt(KernelCall &call) { return relation(call, std::greater<>()); }
bool i64_ge(KernelCall &call) { return relation(call, std::greater_equal<>()); }

bool i64_to_f64(KernelCall &call) { return returnF64(call, static_cast<double>(call.operand(0).asI64())); }

bool i64_to_str(KernelCall &call) {
  std::string text;
  appendInt(text, call.operand(0).asI64());
  return returnValue(call, Value::str(text));
}

bool i64_sum(KernelCall &call) {
  int64_t sum = 0;
  for (const Value &item : call.operand(0).items())
    if (__builtin_add_overflow(sum, item.asI64(), &sum))
      return overflow(call);
  return returnI64(call, sum);
}

bool i64_min_of(KernelCall &call) { return best(call, std::less<>()); }
bool i64_max_of(KernelCall &call) { return best(call, std::greater<>()); }

} // namespace xcs::kernels
