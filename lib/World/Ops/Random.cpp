#include "World/Draw.h"
#include "xcs/Ops/ConstantPool.h"
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
