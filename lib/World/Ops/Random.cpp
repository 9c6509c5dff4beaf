#include "World/Draw.h"
#include "xcs/Ops/ConstantPool.h"
#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

using namespace xcs;

std::unique_ptr<WorldOp> worldops::random_int(WorldOp::Site site, ImmediateResult &immediate) {
  int64_t least = site.operands[0].asI64(), end = site.operands[1].asI64();
  if (least >= end)
    return immediate.fail(Diag::BadArgument,
                          {"the second operand", "random.int", "be above the first, " + std::to_string(least),
                           std::to_string(end)});
  // Unsigned, so that the width of any range fits.
  uint64_t width = static_cast<uint64_t>(end) - static_cast<uint64_t>(least);
  uint64_t drawn = static_cast<uint64_t>(least) + DrawBits(site).below(width);
  return immediate.give(Value::i64(static_cast<int64_t>(drawn)));
}

std::unique_ptr<WorldOp> worldops::random_float(WorldOp::Site site, ImmediateResult &immediate) {
  // 53 bits: every multiple of 2^-53 is equally likely, and none is rounded up to 1.
  return immediate.give(Value::f64(static_cast<double>(DrawBits(site).next() >> 11) * 0x1p-53));
}

std::unique_ptr<WorldOp> worldops::random_choice(WorldOp::Site site, ImmediateResult &immediate) {
  std::span<const Value> items = site.operands[0].items();
  if (items.empty())
    return immediate.fail(Diag::EmptyList, {"random.choice"});
  return immediate.give(items[DrawBits(site).below(items.size())]);
}

/// Fisher and Yates, in the form of Durstenfeld 1964.
std::unique_ptr<WorldOp> worldops::random_shuffle(WorldOp::Site site, ImmediateResult &immediate) {
  std::vector<Value> items(site.operands[0].items().begin(), site.operands[0].items().end());
  DrawBits bits(site);
  for (size_t left = items.size(); left > 1; --left)
    std::swap(items[left - 1], items[bits.below(left)]);
  return immediate.give(Value::list(items));
}

/// The sum of weights, each as a part of the greatest so that no sum overflows. None if they cannot be drawn
/// by, with the failure in `immediate`.
static std::optional<double> sumOfWeights(std::span<const Value> weights, double &greatest,
                                          ImmediateResult &immediate) {
  greatest = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    const double weight = weights[i].asF64();
    if (!std::isfinite(weight) || weight < 0) {
      immediate.fail(Diag::BadArgument, {"the weight at index " + std::to_string(i), "random.weighted",
                                         "be 0 or more, and finite", printFloat(weight)});
      return std::nullopt;
    }
    greatest = std::max(greatest, weight);
  }
  if (greatest == 0) {
    immediate.fail(Diag::BadArgument, {"the sum of the weights", "random.weighted", "be above 0", "0"});
    return std::nullopt;
  }
  double sum = 0;
  for (const Value &weight : weights)
    sum += weight.asF64() / greatest;
  return sum;
}

std::unique_ptr<WorldOp> worldops::random_weighted(WorldOp::Site site, ImmediateResult &immediate) {
  const std::span<const Value> items = site.operands[0].items(), weights = site.operands[1].items();
  if (items.size() != weights.size())
    return immediate.fail(Diag::LengthMismatch,
                          {"random.weighted", std::to_string(items.size()), std::to_string(weights.size())});
  if (items.empty())
    return immediate.fail(Diag::EmptyList, {"random.weighted"});
  double greatest = 0;
  const std::optional<double> sum = sumOfWeights(weights, greatest, immediate);
  if (!sum)
    return nullptr;
  const double drawn = static_cast<double>(DrawBits(site).next() >> 11) * 0x1p-53 * *sum;
  size_t chosen = 0;
  double passed = 0;
  for (size_t i = 0; i < items.size() && passed <= drawn; ++i) {
    const double part = weights[i].asF64() / greatest;
    if (part != 0) // of the last one even if `drawn` was rounded up to the sum
      chosen = i;
    passed += part;
  }
  return immediate.give(items[chosen]);
}
