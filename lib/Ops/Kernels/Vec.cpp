#include "Ops/KernelSupport.h"
#include <algorithm>
#include <cmath>
#include <numeric>

// Vectors are lists of f64: compact enough for an embedding, and usable with every list operation.
namespace xcs::kernels {

namespace {

using Vector = std::span<const Value>;

Vector vector(const KernelCall &call, size_t i) { return call.operand(i).items(); }

bool sameLength(KernelCall &call, size_t a, size_t b) {
  return a == b || call.fail(Diag::LengthMismatch, {opName(call), std::to_string(a), std::to_string(b)});
}

double dot(Vector a, Vector b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i)
    sum += a[i].asF64() * b[i].asF64();
  return sum;
}

/// A vector with the sum of its squares, after dividing all elements by `scale`: a power of two, so nothing
/// is rounded, and 1 unless squares would overflow or underflow.
struct Measured {
  Vector elements;
  double scale = 1, squares = 0;

  explicit Measured(Vector v) : elements(v) {
    double greatest = 0;
    for (const Value &item : v)
      greatest = std::max(greatest, std::fabs(item.asF64()));
    // Within these bounds the product of two sums of squares is finite, too.
    if (greatest != 0 && std::isfinite(greatest) && (greatest < 1e-70 || greatest > 1e70))
      scale = std::ldexp(1.0, std::ilogb(greatest));
    for (size_t i = 0; i < v.size(); ++i)
      squares += at(i) * at(i);
  }
  double at(size_t i) const { return elements[i].asF64() / scale; }
  double norm() const { return scale * std::sqrt(squares); }
};

/// One root of both sums, so that a vector's cosine to itself is 1; clamped, since rounding could exceed 1.
double cosine(const Measured &a, const Measured &b) {
  double product = 0;
  for (size_t i = 0; i < a.elements.size(); ++i)
    product += a.at(i) * b.at(i);
  return std::clamp(product / std::sqrt(a.squares * b.squares), -1.0, 1.0);
}

bool zeroVector(KernelCall &call, std::string_view which) {
  return call.fail(Diag::ZeroVector, {opName(call), which});
}

/// Returns the vector with the elements `at(i)`.
template <class At> bool returnVector(KernelCall &call, size_t size, At at) {
  std::vector<Value> made;
  made.reserve(size);
  for (size_t i = 0; i < size; ++i) {
    if (i % stopInterval == 0 && isStopped(call))
      return false;
    made.push_back(Value::f64(at(i)));
  }
  return returnList(call, made);
}

} // namespace

bool vec_dot(KernelCall &call) {
  Vector a = vector(call, 0), b = vector(call, 1);
  return sameLength(call, a.size(), b.size()) && returnF64(call, dot(a, b));
}

bool vec_norm(KernelCall &call) { return returnF64(call, Measured(vector(call, 0)).norm()); }

bool vec_cosine(KernelCall &call) {
  if (!sameLength(call, vector(call, 0).size(), vector(call, 1).size()))
    return false;
  Measured a(vector(call, 0)), b(vector(call, 1));
  if (a.squares == 0 || b.squares == 0)
    return zeroVector(call, a.squares == 0 ? "the first operand" : "the second operand");
  return returnF64(call, cosine(a, b));
}

bool vec_add(KernelCall &call) {
  Vector a = vector(call, 0), b = vector(call, 1);
  return sameLength(call, a.size(), b.size()) &&
         returnVector(call, a.size(), [&](size_t i) { return a[i].asF64() + b[i].asF64(); });
}

bool vec_scale(KernelCall &call) {
  Vector v = vector(call, 0);
  double by = call.operand(1).asF64();
  return returnVector(call, v.size(), [&](size_t i) { return v[i].asF64() * by; });
}

bool vec_top_k(KernelCall &call) {
  Measured query(vector(call, 0));
  std::span<const Value> candidates = call.operand(1).items();
  uint64_t wanted;
  if (!countOperand(call, 2, 0, "the number", wanted))
    return false;
  if (query.squares == 0 && !candidates.empty())
    return zeroVector(call, "the first operand");
  std::vector<double> scores;
  scores.reserve(candidates.size());
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (isStopped(call) || !sameLength(call, query.elements.size(), candidates[i].size()))
      return false;
    Measured candidate(candidates[i].items());
    if (candidate.squares == 0)
      return zeroVector(call, "vector " + std::to_string(i));
    scores.push_back(cosine(query, candidate));
  }
  // A nan comes last; of equal ones the earlier first, because a partial sort is not stable.
  auto better = [&](uint32_t a, uint32_t b) {
    bool nanA = std::isnan(scores[a]), nanB = std::isnan(scores[b]);
    if (nanA != nanB)
      return nanB;
    return scores[a] > scores[b] || (!(scores[a] < scores[b]) && a < b);
  };
  std::vector<uint32_t> order(candidates.size());
  std::iota(order.begin(), order.end(), 0u);
  size_t count = std::min<uint64_t>(wanted, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<ptrdiff_t>(count), order.end(),
                    untilStopped(call, better));
  if (isStopped(call))
    return false;
  std::vector<Value> top;
  top.reserve(count);
  for (uint32_t i : std::span(order).first(count))
    top.push_back(Value::i64(i));
  return returnList(call, top);
}

} // namespace xcs::kernels
