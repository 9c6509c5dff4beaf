#include "Runtime/Language/Reference.h"
#include "xcs/Ops/ConstantPool.h"
#include <algorithm>
#include <cmath>

using namespace xcs;
using namespace xcs::reference;

// bool, i64, f64, duration, vec, time.rfc3339: docs/generated/ops.md, row by row. Sums are made in 128 bits,
// so that what does not fit shows by itself.

namespace {

__extension__ using Wide = __int128;

Value boolean(bool v) { return Value::boolean(v); }
Value number(double v) { return Value::f64(v); }
bool fits(Wide v) { return v >= INT64_MIN && v <= INT64_MAX; }
Value exact(Call &c, Wide v) {
  return fits(v) ? Value::i64(static_cast<int64_t>(v)) : c.fail(Diag::IntegerOverflow);
}
Value time(Call &c, Wide v) {
  return fits(v) ? Value::duration(static_cast<int64_t>(v)) : c.fail(Diag::IntegerOverflow);
}

Value divide(Call &c) { return c.i(1) == 0 ? c.fail(Diag::DivisionByZero) : exact(c, Wide(c.i(0)) / c.i(1)); }
Value remain(Call &c) { return c.i(1) == 0 ? c.fail(Diag::DivisionByZero) : exact(c, Wide(c.i(0)) % c.i(1)); }
Value sumOf(Call &c) {
  Wide sum = 0;
  for (const Value &v : c.list(0)) {
    sum += v.asI64();
    if (!fits(sum))
      return c.fail(Diag::IntegerOverflow);
  }
  return exact(c, sum);
}
/// The element in front when the list is sorted.
Value extreme(Call &c, bool greatest) {
  std::vector<Value> items = c.list(0);
  return items.empty() ? c.fail(Diag::EmptyList) : items[sortedOrder(items, greatest)[0]];
}

/// Nan counts before all numbers, whichever is asked for.
bool below(double a, double b) { return a < b || (a == 0 && b == 0 && std::signbit(a) && !std::signbit(b)); }

Value extremeIndex(Call &c, bool greatest, bool index) {
  std::vector<Value> items = c.list(0);
  if (items.empty())
    return c.fail(Diag::EmptyList);
  auto nan = std::ranges::find_if(items, [](const Value &v) { return std::isnan(v.asF64()); });
  size_t at = nan == items.end() ? sortedOrder(items, greatest)[0] : static_cast<size_t>(nan - items.begin());
  if (index)
    return Value::i64(static_cast<int64_t>(at));
  for (const Value &v : items) // of the two zeros the one with the sign is the lesser
    if (greatest ? below(items[at].asF64(), v.asF64()) : below(v.asF64(), items[at].asF64()))
      at = static_cast<size_t>(&v - items.data());
  return items[at];
}

double total(Call &c) {
  double sum = 0;
  for (const Value &v : c.list(0))
    sum += v.asF64();
  return sum;
}
Value mean(Call &c) {
  return c[0].size() == 0 ? c.fail(Diag::EmptyList) : number(total(c) / static_cast<double>(c[0].size()));
}
Value median(Call &c) {
  std::vector<Value> items = c.list(0);
  for (const Value &v : items)
    if (std::isnan(v.asF64()))
      return v;
  if (items.empty())
    return c.fail(Diag::EmptyList);
  std::vector<size_t> order = sortedOrder(items, false);
  double above = items[order[order.size() / 2]].asF64();
  double below = items[order[(order.size() - 1) / 2]].asF64();
  return number(above == below ? above : below / 2 + above / 2);
}
Value deviation(Call &c) {
  if (c[0].size() == 0)
    return c.fail(Diag::EmptyList);
  double count = static_cast<double>(c[0].size()), middle = total(c) / count, squares = 0;
  for (const Value &v : c.list(0))
    squares += (v.asF64() - middle) * (v.asF64() - middle);
  return number(std::sqrt(squares / count));
}
Value toInteger(Call &c) {
  double whole = std::trunc(c.f(0));
  bool fine = whole >= -0x1p63 && whole < 0x1p63;
  return fine ? Value::i64(static_cast<int64_t>(whole)) : c.fail(Diag::ParseFailed);
}
Value fromSeconds(Call &c) {
  double whole = std::round(c.f(0) * 1e9);
  bool fine = whole >= -0x1p63 && whole < 0x1p63;
  return fine ? Value::duration(static_cast<int64_t>(whole)) : c.fail(Diag::IntegerOverflow);
}
Value parseTime(Call &c) {
  int64_t nanoseconds;
  return parseDuration(c.s(0), nanoseconds) ? Value::duration(nanoseconds) : c.fail(Diag::ParseFailed);
}

/// Where squares could leave the range of f64, the answer is a matter of how they are scaled.
double dot(Call &c, std::span<const Value> a, std::span<const Value> b) {
  double sum = 0;
  for (size_t i = 0; i != a.size(); ++i) {
    for (double v : {a[i].asF64(), b[i].asF64()})
      c.gaveUp |= v != 0 && !(std::fabs(v) > 1e-60 && std::fabs(v) < 1e60);
    sum += a[i].asF64() * b[i].asF64();
  }
  return sum;
}
bool cosine(Call &c, std::span<const Value> a, std::span<const Value> b, double &out) {
  if (a.size() != b.size()) {
    c.fail(Diag::LengthMismatch);
    return false;
  }
  double lengths = dot(c, a, a) * dot(c, b, b);
  if (lengths == 0)
    c.fail(Diag::ZeroVector);
  out = std::clamp(dot(c, a, b) / std::sqrt(lengths), -1.0, 1.0);
  return lengths != 0;
}
Value vectorSum(Call &c) {
  if (c[0].size() != c[1].size())
    return c.fail(Diag::LengthMismatch);
  std::vector<Value> sums;
  for (size_t i = 0; i != c[0].size(); ++i)
    sums.push_back(number(c[0].items()[i].asF64() + c[1].items()[i].asF64()));
  return listOf(sums);
}
Value scaled(Call &c) {
  std::vector<Value> products;
  for (const Value &v : c.list(0))
    products.push_back(number(v.asF64() * c.f(1)));
  return listOf(products);
}
Value nearest(Call &c) {
  std::vector<Value> scores, indices;
  if (c.i(2) < 0)
    return c.fail(Diag::BadArgument);
  if (c[1].size() != 0 && dot(c, c[0].items(), c[0].items()) == 0)
    return c.fail(Diag::ZeroVector);
  for (const Value &candidate : c.list(1)) {
    double score;
    if (!cosine(c, c[0].items(), candidate.items(), score))
      return Value();
    scores.push_back(number(score));
  }
  for (size_t i : sortedOrder(scores, true))
    if (indices.size() < static_cast<size_t>(c.i(2)))
      indices.push_back(Value::i64(static_cast<int64_t>(i)));
  return listOf(indices);
}

/// RFC 3339 by the days since 0000-03-01 (the calendar repeats every 400 years of 146097 days).
Value rfc3339(Call &c) {
  int64_t second = 1'000'000'000, day = 86400 * second, ns = ((c.i(0) % day) + day) % day;
  int64_t days = int64_t((Wide(c.i(0)) - ns) / day) + 719468, era = days / 146097, dayOfEra = days % 146097;
  int64_t year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  int64_t dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100), month = (5 * dayOfYear + 2) / 153;
  int64_t date = dayOfYear - (153 * month + 2) / 5 + 1, january = month >= 10;
  char text[64];
  snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d", int(year + era * 400 + january),
           int(january ? month - 9 : month + 3), int(date), int(ns / second / 3600),
           int(ns / second / 60 % 60), int(ns / second % 60));
  std::string fraction = std::to_string(second + ns % second).substr(1), out = text;
  while (fraction.ends_with("000"))
    fraction.resize(fraction.size() - 3);
  return Value::str(out + (fraction.empty() ? "" : "." + fraction) + "Z");
}

constexpr MeaningRow rows[] = {
    {OpCode::bool_and, [](Call &c) { return boolean(c.b(0) && c.b(1)); }},
    {OpCode::bool_or, [](Call &c) { return boolean(c.b(0) || c.b(1)); }},
    {OpCode::bool_xor, [](Call &c) { return boolean(c.b(0) != c.b(1)); }},
    {OpCode::bool_not, [](Call &c) { return boolean(!c.b(0)); }},
    {OpCode::bool_eq, [](Call &c) { return boolean(c.b(0) == c.b(1)); }},
    {OpCode::bool_all_of, [](Call &c) { return boolean(std::ranges::all_of(c.list(0), &Value::asBool)); }},
    {OpCode::bool_any_of, [](Call &c) { return boolean(std::ranges::any_of(c.list(0), &Value::asBool)); }},

    {OpCode::i64_add, [](Call &c) { return exact(c, Wide(c.i(0)) + c.i(1)); }},
    {OpCode::i64_sub, [](Call &c) { return exact(c, Wide(c.i(0)) - c.i(1)); }},
    {OpCode::i64_mul, [](Call &c) { return exact(c, Wide(c.i(0)) * c.i(1)); }},
    {OpCode::i64_div, divide},
    {OpCode::i64_rem, remain},
    {OpCode::i64_neg, [](Call &c) { return exact(c, -Wide(c.i(0))); }},
    {OpCode::i64_abs, [](Call &c) { return exact(c, c.i(0) < 0 ? -Wide(c.i(0)) : Wide(c.i(0))); }},
    {OpCode::i64_min, [](Call &c) { return c.i(1) < c.i(0) ? c[1] : c[0]; }},
    {OpCode::i64_max, [](Call &c) { return c.i(1) > c.i(0) ? c[1] : c[0]; }},
    {OpCode::i64_eq, [](Call &c) { return boolean(c.i(0) == c.i(1)); }},
    {OpCode::i64_ne, [](Call &c) { return boolean(c.i(0) != c.i(1)); }},
    {OpCode::i64_lt, [](Call &c) { return boolean(c.i(0) < c.i(1)); }},
    {OpCode::i64_le, [](Call &c) { return boolean(c.i(0) <= c.i(1)); }},
    {OpCode::i64_gt, [](Call &c) { return boolean(c.i(0) > c.i(1)); }},
    {OpCode::i64_ge, [](Call &c) { return boolean(c.i(0) >= c.i(1)); }},
    {OpCode::i64_to_f64, [](Call &c) { return number(static_cast<double>(c.i(0))); }},
    {OpCode::i64_to_str, [](Call &c) { return Value::str(std::to_string(c.i(0))); }},
    {OpCode::i64_sum, sumOf},
    {OpCode::i64_min_of, [](Call &c) { return extreme(c, false); }},
    {OpCode::i64_max_of, [](Call &c) { return extreme(c, true); }},

    {OpCode::f64_add, [](Call &c) { return number(c.f(0) + c.f(1)); }},
    {OpCode::f64_sub, [](Call &c) { return number(c.f(0) - c.f(1)); }},
    {OpCode::f64_mul, [](Call &c) { return number(c.f(0) * c.f(1)); }},
    {OpCode::f64_div, [](Call &c) { return c.f(1) == 0 ? c.fail(Diag::DivisionByZero) : number(c.f(0) / c.f(1)); }},
    {OpCode::f64_neg, [](Call &c) { return number(-c.f(0)); }},
    {OpCode::f64_abs, [](Call &c) { return number(std::fabs(c.f(0))); }},
    {OpCode::f64_min, [](Call &c) { return std::isnan(c.f(0)) || below(c.f(0), c.f(1)) ? c[0] : c[1]; }},
    {OpCode::f64_max, [](Call &c) { return std::isnan(c.f(0)) || below(c.f(1), c.f(0)) ? c[0] : c[1]; }},
    {OpCode::f64_floor, [](Call &c) { return number(std::floor(c.f(0))); }},
    {OpCode::f64_ceil, [](Call &c) { return number(std::ceil(c.f(0))); }},
    {OpCode::f64_round, [](Call &c) { return number(std::round(c.f(0))); }},
    {OpCode::f64_sqrt, [](Call &c) { return number(std::sqrt(c.f(0))); }},
    {OpCode::f64_pow, [](Call &c) { return number(std::pow(c.f(0), c.f(1))); }},
    {OpCode::f64_eq, [](Call &c) { return boolean(c.f(0) == c.f(1)); }},
    {OpCode::f64_ne, [](Call &c) { return boolean(c.f(0) != c.f(1)); }},
    {OpCode::f64_lt, [](Call &c) { return boolean(c.f(0) < c.f(1)); }},
    {OpCode::f64_le, [](Call &c) { return boolean(c.f(0) <= c.f(1)); }},
    {OpCode::f64_gt, [](Call &c) { return boolean(c.f(0) > c.f(1)); }},
    {OpCode::f64_ge, [](Call &c) { return boolean(c.f(0) >= c.f(1)); }},
    {OpCode::f64_is_nan, [](Call &c) { return boolean(c.f(0) != c.f(0)); }},
    {OpCode::f64_is_finite, [](Call &c) { return boolean(std::fabs(c.f(0)) < INFINITY); }},
    {OpCode::f64_to_i64, toInteger},
    {OpCode::f64_sum, [](Call &c) { return number(total(c)); }},
    {OpCode::f64_mean, mean},
    {OpCode::f64_min_of, [](Call &c) { return extremeIndex(c, false, false); }},
    {OpCode::f64_max_of, [](Call &c) { return extremeIndex(c, true, false); }},
    {OpCode::f64_argmin, [](Call &c) { return extremeIndex(c, false, true); }},
    {OpCode::f64_argmax, [](Call &c) { return extremeIndex(c, true, true); }},
    {OpCode::f64_median, median},
    {OpCode::f64_stddev, deviation},

    {OpCode::duration_from_ms, [](Call &c) { return time(c, Wide(c.i(0)) * 1'000'000); }},
    {OpCode::duration_to_ms, [](Call &c) { return Value::i64(c.i(0) / 1'000'000); }},
    {OpCode::duration_from_seconds, fromSeconds},
    {OpCode::duration_to_seconds, [](Call &c) { return number(static_cast<double>(c.i(0)) / 1e9); }},
    {OpCode::duration_add, [](Call &c) { return time(c, Wide(c.i(0)) + c.i(1)); }},
    {OpCode::duration_sub, [](Call &c) { return time(c, Wide(c.i(0)) - c.i(1)); }},
    {OpCode::duration_mul, [](Call &c) { return time(c, Wide(c.i(0)) * c.i(1)); }},
    {OpCode::duration_min, [](Call &c) { return c.i(1) < c.i(0) ? c[1] : c[0]; }},
    {OpCode::duration_max, [](Call &c) { return c.i(1) > c.i(0) ? c[1] : c[0]; }},
    {OpCode::duration_eq, [](Call &c) { return boolean(c.i(0) == c.i(1)); }},
    {OpCode::duration_ne, [](Call &c) { return boolean(c.i(0) != c.i(1)); }},
    {OpCode::duration_lt, [](Call &c) { return boolean(c.i(0) < c.i(1)); }},
    {OpCode::duration_le, [](Call &c) { return boolean(c.i(0) <= c.i(1)); }},
    {OpCode::duration_gt, [](Call &c) { return boolean(c.i(0) > c.i(1)); }},
    {OpCode::duration_ge, [](Call &c) { return boolean(c.i(0) >= c.i(1)); }},
    {OpCode::duration_to_str, [](Call &c) { return Value::str(printDuration(c.i(0))); }},
    {OpCode::duration_from_str, parseTime},
    {OpCode::time_rfc3339, rfc3339},

    {OpCode::vec_dot,
     [](Call &c) {
       return c[0].size() == c[1].size() ? number(dot(c, c[0].items(), c[1].items()))
                                         : c.fail(Diag::LengthMismatch);
     }},
    {OpCode::vec_norm, [](Call &c) { return number(std::sqrt(dot(c, c[0].items(), c[0].items()))); }},
    {OpCode::vec_cosine,
     [](Call &c) {
       double angle;
       return cosine(c, c[0].items(), c[1].items(), angle) ? number(angle) : Value();
     }},
    {OpCode::vec_add, vectorSum},
    {OpCode::vec_scale, scaled},
    {OpCode::vec_top_k, nearest},
};

} // namespace

std::span<const MeaningRow> xcs::reference::numberMeanings() { return rows; }
