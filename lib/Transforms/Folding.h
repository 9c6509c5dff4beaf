#pragma once
#include "xcs/IR/Module.h"
#include "xcs/Ops/Fold.h"
#include "xcs/Support/Limits.h"
#include <string>
#include <unordered_set>
#include <vector>

namespace xcs {

/// What came of carrying an operation out at compile time.
struct Folded {
  AttrId constant;     // the result; none when the operation was not folded
  std::string failure; // the error it gives whenever it runs; empty when it does not fail
};

/// Carries out pure operations whose operands are plain constants, with the kernels that run them later.
/// A constant must not blow up the program: results beyond `maxBytes` are left for the run, and so is
/// everything once the results of a module have taken `budget`. Nor may one be made a value again and again:
/// operands beyond `maxBytes` are left for the run, too, so that a fold takes time of its own operands alone.
class Folder {
public:
  static constexpr uint64_t maxBytes = 4096, smallBytes = 64, budget = 8u << 20;

  Folder(Module &module, const Limits &limits);
  /// Changes nothing but the pool; `op` must be pure, verified, and have one result.
  Folded fold(const ComputationGraph &graph, OpId op);
  /// The operands of an operation where all of them are plain constants, and none too large; until the next
  /// call. Empty otherwise.
  std::span<const Value> constantOperands(const ComputationGraph &graph, OpId op);

private:
  bool readOperands(const ComputationGraph &graph, OpId op);

  Module &module;
  Limits limits;
  uint64_t spent = 0;
  std::unordered_set<uint32_t> tooLarge; // constants beyond `maxBytes`, by AttrId
  std::vector<Value> operands;
  std::vector<TypeId> types;
};

} // namespace xcs
