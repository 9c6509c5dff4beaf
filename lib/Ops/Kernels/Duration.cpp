#include "Ops/JsonSupport.h"
#include "Ops/KernelSupport.h"
#include "Ops/Text.h"
#include "xcs/Ops/ConstantPool.h"
#include <cmath>
#include <functional>

// 64 bits of nanoseconds: 292 years in both directions, and an error beyond.

namespace xcs::kernels {

namespace {

constexpr int64_t millisecond = 1'000'000;
constexpr double second = 1e9;

[[gnu::cold, gnu::noinline]] bool overflow(KernelCall &call) {
  return call.fail(Diag::IntegerOverflow, {opName(call), "a duration"});
}

template <class Checked> bool checked(KernelCall &call, Checked op) {
  int64_t result;
  if (op(call.operand(0).asI64(), call.operand(1).asI64(), &result))
    return overflow(call);
  return returnDuration(call, result);
}

template <class Relation> bool relation(KernelCall &call, Relation holds) {
  return returnBool(call, holds(call.operand(0).asI64(), call.operand(1).asI64()));
}

} // namespace

bool duration_from_ms(KernelCall &call) {
  int64_t nanoseconds;
  if (__builtin_mul_overflow(call.operand(0).asI64(), millisecond, &nanoseconds))
    return overflow(call);
  return returnDuration(call, nanoseconds);
}

bool duration_to_ms(KernelCall &call) { return returnI64(call, call.operand(0).asI64() / millisecond); }

bool duration_from_seconds(KernelCall &call) {
  double nanoseconds = std::round(call.operand(0).asF64() * second);
  if (!(nanoseconds >= -0x1p63 && nanoseconds < 0x1p63))
    return overflow(call);
  return returnDuration(call, static_cast<int64_t>(nanoseconds));
}

bool duration_to_seconds(KernelCall &call) {
  return returnF64(call, static_cast<double>(call.operand(0).asI64()) / second);
}

bool duration_add(KernelCall &call) {
  return checked(call, [](int64_t a, int64_t b, int64_t *r) { return __builtin_add_overflow(a, b, r); });
}
bool duration_sub(KernelCall &call) {
  return checked(call, [](int64_t a, int64_t b, int64_t *r) { return __builtin_sub_overflow(a, b, r); });
}
bool duration_mul(KernelCall &call) {
  return checked(call, [](int64_t a, int64_t b, int64_t *r) { return __builtin_mul_overflow(a, b, r); });
}
bool duration_min(KernelCall &call) {
  return returnDuration(call, std::min(call.operand(0).asI64(), call.operand(1).asI64()));
}
bool duration_max(KernelCall &call) {
  return returnDuration(call, std::max(call.operand(0).asI64(), call.operand(1).asI64()));
}

bool duration_eq(KernelCall &call) { return relation(call, std::equal_to<>()); }
bool duration_ne(KernelCall &call) { return relation(call, std::not_equal_to<>()); }
bool duration_lt(KernelCall &call) { return relation(call, std::less<>()); }
bool duration_le(KernelCall &call) { return relation(call, std::less_equal<>()); }
bool duration_gt(KernelCall &call) { return relation(call, std::greater<>()); }
bool duration_ge(KernelCall &call) { return relation(call, std::greater_equal<>()); }

bool duration_to_str(KernelCall &call) {
  return returnValue(call, Value::str(printDuration(call.operand(0).asI64())));
}

bool duration_from_str(KernelCall &call) {
  int64_t nanoseconds;
  std::string_view from = call.operand(0).text();
  if (!parseDuration(from, nanoseconds))
    return call.fail(
        Diag::ParseFailed,
        {excerpt(from), "a duration",
         "it is not like `250ms`, `1.5s` or `1h30m`, in whole nanoseconds and from large to small units"});
  return returnDuration(call, nanoseconds);
}

} // namespace xcs::kernels
