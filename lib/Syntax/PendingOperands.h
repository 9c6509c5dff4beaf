#pragma once
#include "xcs/IR/ComputationGraph.h"
#include <vector>

namespace xcs {

/// `map(%xs) @f(%y)`: the function that is the body of an operation's region.
struct RegionFunction {
  OpId op;
  StringId symbol;
  Location at;
  std::vector<ValueRef> captures;
};

/// What a text leaves open about operands until all declarations of the program are known, by function in the
/// order of the text. Thread safety: one thread.
class PendingOperands {
public:
  struct OfFunction {
    std::vector<ValueRef> literals; // results of unnamed constants whose types are not known yet
    std::vector<OpId> operations;   // those with literal operands
    std::vector<RegionFunction> regionFunctions;
    std::vector<Location> defaults; // of its parameters
    bool empty() const { return operations.empty() && regionFunctions.empty(); }
  };

  void beginFunction() { functions.emplace_back(); }
  void addLiteral(ValueRef v) { functions.back().literals.push_back(v); }
  void addOperation(OpId op) { functions.back().operations.push_back(op); }
  void addRegionFunction(RegionFunction f) { functions.back().regionFunctions.push_back(std::move(f)); }
  void addDefault(Location at) {
    functions.back().defaults.push_back(at);
    anyDefault = true;
  }

  const OfFunction &of(size_t function) const { return functions[function]; }
  bool hasDefaults() const { return anyDefault; }

private:
  std::vector<OfFunction> functions;
  bool anyDefault = false;
};

} // namespace xcs
