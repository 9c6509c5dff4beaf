#pragma once
#include "xcs/IR/Module.h"

namespace xcs {

/// What the values of a function are computed from, as numbers (language.md, "Draw identity"). An operation's
/// number is a digest of its name, symbol, request attributes and result types, and of the numbers of its
/// operands. A constant counts by type and value, however it is written; an argument of a region by how many
/// regions enclose it and by its position. Bodies of regions, `after`, names, locations, bounds and hints do
/// not count. So equal numbers mean equal requests, as far as the text tells.
///
/// The numbers are the same on every machine and in every version: draw names are derived from them. Linear
/// in the function and its literals.
class ValueNumbers {
public:
  /// The module must be verified.
  ValueNumbers(const Module &module, const Function &function);

  uint64_t of(OpId op) const { return numbers[op.index]; }

private:
  std::vector<uint64_t> numbers; // by operation
};

} // namespace xcs
