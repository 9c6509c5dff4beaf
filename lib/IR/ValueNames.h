#pragma once
#include "IR/InPlace.h"

namespace llvm {
class raw_ostream;
}

namespace xcs {

/// How the values of a function are written. A value keeps its own name wherever the text would still mean
/// that value; regions of a function may reuse a name. An unnamed value gets a number that is not a name in
/// the function. If passes have brought values of one name together, so that a use would refer to the wrong
/// one, the value that hides the other gets `_N` after its name: the printed text always means what the
/// module means. One object serves the functions of a module one after another, because its tables are as
/// large as the pool.
class ValueNames {
public:
  /// Values that `inPlace` does not write get no number; it serves the same function.
  ValueNames(const Module &module, const InPlace &inPlace);

  /// Names the values of this function from now on.
  void enter(const Function &function);
  void print(ValueRef v, llvm::raw_ostream &out) const;

private:
  struct Reader;
  const Module &module;
  const InPlace &inPlace;
  const ComputationGraph *graph = nullptr;
  uint32_t functionNumber = 0;
  bool numberedNames = false; // whether a name of the function looks like a number
  // By ValueRef:
  std::vector<uint32_t> numbers; // its number or its suffix; 0 for the name without one
  std::vector<ValueRef> hidden;  // the value of an outer region whose name it reuses
  // By StringId:
  std::vector<uint32_t> usedIn;  // the last function (from 1) with a value of this name
  std::vector<uint32_t> suffix;  // the last `_N` used for this name in that function
  std::vector<ValueRef> meaning; // the value that this name refers to at the current position
};

} // namespace xcs
