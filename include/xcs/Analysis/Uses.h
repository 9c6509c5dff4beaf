#pragma once
#include "xcs/IR/Module.h"
#include <vector>

namespace xcs {

/// How often each value of a function is used, as an operand or in an `after`, by the operations in its
/// bodies, nested regions included. Linear.
class ValueUses {
public:
  explicit ValueUses(const Function &function);

  uint32_t of(ValueRef v) const { return counts[v.index]; }
  /// By value; for passes that count down as they erase operations.
  const std::vector<uint32_t> &byValue() const { return counts; }
  bool operator==(const ValueUses &) const = default;

private:
  std::vector<uint32_t> counts;
};

} // namespace xcs
