#pragma once
#include "xcs/IR/Module.h"

namespace llvm {
class raw_ostream;
}

namespace xcs {

/// How the values of a function are written. A value keeps its own name where a reader would understand it
/// so: the regions of a function may give a name another meaning. An unnamed value gets a number that no name
/// of the function has. Where passes brought values of one name together, so that a name would mean another
/// value than the one that is used, the hiding one gets `_N` behind its name: printed text never says one
/// thing and means another. One object serves the functions of a module one after another: its tables are as
/// large as the pool.
class ValueNames {
public:
  explicit ValueNames(const Module &module);

  /// Names the values of this function from here on.
  void enter(const Function &function);
  void print(ValueRef v, llvm::raw_ostream &out) const;

private:
  struct Reader;
  const Module &module;
  const ComputationGraph *graph = nullptr;
  uint32_t functionNumber = 0;
  bool numberedNames = false; // whether a name of the function looks like a number
  // By ValueRef:
  std::vector<uint32_t> numbers; // its number, or what stands behind its name; 0 for a name as it is
  std::vector<ValueRef> hidden;  // the value of an outer region that it takes the name of
  // By StringId:
  std::vector<uint32_t> usedIn;  // the last function (from 1) with a value of this name
  std::vector<uint32_t> suffix;  // the last `_N` given to this name in that function
  std::vector<ValueRef> meaning; // the value a reader takes this name for, where he is now
};

} // namespace xcs
