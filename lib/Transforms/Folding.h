#pragma once
#include "xcs/IR/Module.h"
#include "xcs/Ops/Fold.h"
#include "xcs/Support/Limits.h"
#include <string>
#include <unordered_set>
#include <vector>

namespace xcs {

/// The outcome of executing an operation at compile time.
struct Folded {
  AttrId constant;     // the result; none if the operation was not folded
  std::string failure; // its error in every run; empty if it does not fail
};

/// Executes pure operations whose operands are plain constants, with the kernels used at run time. A constant
/// must not blow up the program: results beyond `maxBytes` are left for the run, and so is everything once
/// the results of a module have used up `budget`. Operands beyond `maxBytes` are left for the run too,
/// because converting them to values again and again would not be linear.
class Folder {
public:
  static constexpr uint64_t maxBytes = 4096, smallBytes = 64, budget = 8u << 20;

  Folder(Module &module, const Limits &limits);
  /// Changes only the pool; `op` must be pure, verified, and have one result.
  Folded fold(const ComputationGraph &graph, OpId op);
  /// The operands of an operation if all of them are plain constants and none is too large; valid until the
  /// next call. Empty otherwise.
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
