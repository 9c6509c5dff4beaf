#include "Ops/KernelSupport.h"
#include "xcs/Ops/ConstantPool.h"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>

// IEEE 754 binary64, with nan and infinities as ordinary values except in JSON. Sums are computed in list
// order: their rounding is part of the result, which must not depend on the number of cores.

namespace xcs::kernels {

namespace {

template <class Function> bool unary(KernelCall &call, Function function) {
  return returnF64(call, function(call.operand(0).asF64()));
}

template <class Function> bool binary(KernelCall &call, Function function) {
  return returnF64(call, function(call.operand(0).asF64(), call.operand(1).asF64()));
}

template <class Relation> bool relation(KernelCall &call, Relation holds) {
  return returnBool(call, holds(call.operand(0).asF64(), call.operand(1).asF64()));
}

// -0.0 is below 0.0, so that what is least does not depend on the order (IEEE 754-2019, 9.6).
bool isLess(double a, double b) { return a < b || (a == b && std::signbit(a) && !std::signbit(b)); }
bool isGreater(double a, double b) { return isLess(b, a); }

// Unlike std::min and std::fmin these let a nan through on either side.
double lesser(double a, double b) { return std::isnan(a) || isLess(a, b) ? a : b; }
double greater(double a, double b) { return std::isnan(a) || isGreater(a, b) ? a : b; }

/// The index of the first best element, or of the first nan.
template <class Better> bool firstBest(KernelCall &call, Better better, size_t &index) {
  std::span<const Value> items = call.operand(0).items();
  if (items.empty())
    return call.fail(Diag::EmptyList, {opName(call)});
  index = 0;
  for (size_t i = 0; i < items.size() && !std::isnan(items[index].asF64()); ++i)
    if (std::isnan(items[i].asF64()) || better(items[i].asF64(), items[index].asF64()))
      index = i;
  return true;
}

template <class Better> bool bestOf(KernelCall &call, Better better) {
  size_t index;
  return firstBest(call, better, index) && returnValue(call, Value(call.operand(0).items()[index]));
}

template <class Better> bool bestIndex(KernelCall &call, Better better) {
  size_t index;
  return firstBest(call, better, index) && returnI64(call, static_cast<int64_t>(index));
}

double sum(std::span<const Value> items) {
  double total = 0;
  for (const Value &item : items)
    total += item.asF64();
  return total;
}

} // namespace

bool f64_add(KernelCall &call) { return binary(call, std::plus<>()); }
bool f64_sub(KernelCall &call) { return binary(call, std::minus<>()); }
bool f64_mul(KernelCall &call) { return binary(call, std::multiplies<>()); }

bool f64_div(KernelCall &call) {
  if (call.operand(1).asF64() == 0)
    return call.fail(Diag::DivisionByZero, {opName(call)});
  return binary(call, std::divides<>());
}

bool f64_neg(KernelCall &call) { return unary(call, std::negate<>()); }
bool f64_abs(KernelCall &call) {
  return unary(call, [](double a) { return std::fabs(a); });
}
bool f64_min(KernelCall &call) { return binary(call, lesser); }
bool f64_max(KernelCall &call) { return binary(call, greater); }
bool f64_floor(KernelCall &call) {
  return unary(call, [](double a) { return std::floor(a); });
}
bool f64_ceil(KernelCall &call) {
  return unary(call, [](double a) { return std::ceil(a); });
}
bool f64_round(KernelCall &call) {
  return unary(call, [](double a) { return std::round(a); });
}
bool f64_sqrt(KernelCall &call) {
  return unary(call, [](double a) { return std::sqrt(a); });
}
bool f64_pow(KernelCall &call) {
  return binary(call, [](double a, double b) { return std::pow(a, b); });
}

bool f64_eq(KernelCall &call) { return relation(call, std::equal_to<>()); }
bool f64_ne(KernelCall &call) { return relation(call, std::not_equal_to<>()); }
bool f64_lt(KernelCall &call) { return relation(call, std::less<>()); }
bool f64_le(KernelCall &call) { return relation(call, std::less_equal<>()); }
bool f64_gt(KernelCall &call) { return relation(call, std::greater<>()); }
bool f64_ge(KernelCall &call) { return relation(call, std::greater_equal<>()); }
bool f64_is_nan(KernelCall &call) { return returnBool(call, std::isnan(call.operand(0).asF64())); }
bool f64_is_finite(KernelCall &call) { return returnBool(call, std::isfinite(call.operand(0).asF64())); }

bool f64_to_i64(KernelCall &call) {
  double number = std::trunc(call.operand(0).asF64());
  if (!(number >= -0x1p63 && number < 0x1p63)) // false for a nan
    return call.fail(Diag::ParseFailed,
                     {printFloat(call.operand(0).asF64()), "an i64", "it is out of range"});
  return returnI64(call, static_cast<int64_t>(number));
}

bool f64_to_str(KernelCall &call) {
  return returnValue(call, Value::str(printFloat(call.operand(0).asF64())));
}

// Enough for the 309 digits of the largest number, and for 100 more. std::to_chars rounds exactly.
bool f64_format(KernelCall &call) {
  char text[512];
  const double number = call.operand(0).asF64();
  const auto digits = static_cast<int>(call.intAttr(attrRow<OpCode::f64_format>("digits")));
  if (!std::isfinite(number) || digits < 0 || digits > 100)
    return returnValue(call, Value::str(printFloat(number)));
  const char *end = std::to_chars(text, std::end(text), number, std::chars_format::fixed, digits).ptr;
  return returnValue(call, Value::str({text, static_cast<size_t>(end - text)}));
}

bool f64_sum(KernelCall &call) { return returnF64(call, sum(call.operand(0).items())); }

bool f64_mean(KernelCall &call) {
  std::span<const Value> items = call.operand(0).items();
  if (items.empty())
    return call.fail(Diag::EmptyList, {opName(call)});
  return returnF64(call, sum(items) / static_cast<double>(items.size()));
}

bool f64_min_of(KernelCall &call) { return bestOf(call, isLess); }
bool f64_max_of(KernelCall &call) { return bestOf(call, isGreater); }
bool f64_argmin(KernelCall &call) { return bestIndex(call, std::less<>()); }
bool f64_argmax(KernelCall &call) { return bestIndex(call, std::greater<>()); }

bool f64_median(KernelCall &call) {
  std::vector<double> numbers;
  for (const Value &item : call.operand(0).items()) {
    if (std::isnan(item.asF64()))
      return returnValue(call, item);
    numbers.push_back(item.asF64());
  }
  if (numbers.empty())
    return call.fail(Diag::EmptyList, {opName(call)});
  auto middle = numbers.begin() + static_cast<ptrdiff_t>(numbers.size() / 2);
  std::nth_element(numbers.begin(), middle, numbers.end());
  if (numbers.size() % 2)
    return returnF64(call, *middle);
  double below = *std::max_element(numbers.begin(), middle);
  return returnF64(call, below == *middle ? below : below / 2 + *middle / 2); // halves first: no overflow
}

// Two passes: a plain sum of squares loses all digits of large numbers that are close together.
bool f64_stddev(KernelCall &call) {
  std::span<const Value> items = call.operand(0).items();
  if (items.empty())
    return call.fail(Diag::EmptyList, {opName(call)});
  double count = static_cast<double>(items.size()), mean = sum(items) / count, squares = 0;
  for (const Value &item : items)
    squares += (item.asF64() - mean) * (item.asF64() - mean);
  return returnF64(call, std::sqrt(squares / count));
}

} // namespace xcs::kernels
