#pragma once
#include "xcs/IR/Module.h"
#include <unordered_map>

namespace xcs {

/// Copies the body of one function into another, in place of a call. The visitor of walk() over the body that
/// is copied; used once. Names go with the operations; locations too, and say where they were called from;
/// the names of draws (Draws.h) get the call's before them.
class BodyCopy {
public:
  /// `call` is where the call stands, `draw` its name on the way to draws; empty when it has none.
  BodyCopy(const Function &from, ComputationGraph &to, Module &module, Location call, std::string_view draw)
      : from(from.graph), body(from.body), to(to), pool(module.pool), locations(module.locations), call(call),
        draw(draw), values(from.graph.valueCount()), waiting(from.graph.valueCount()) {}

  /// `arguments` stand for the parameters; everything copied waits for `order`. The outermost operations are
  /// appended to `into`, detached: who calls gives them their region. Gives what the function returns.
  std::vector<ValueRef> copy(std::span<const ValueRef> arguments, std::span<const ValueRef> order,
                             std::vector<OpId> &into);

  // Walk.
  void beginRegion(RegionId region);
  bool beginOp(OpId op);
  void endOp(OpId) { operations.pop_back(); }
  void endRegion(RegionId) { regions.pop_back(); }

private:
  bool waits(OpId op);
  DictId attributesOf(const Operation &op);
  StringId drawNameOf(OpId op);
  Location calledFrom(Location caller);
  void mapAll(std::span<const ValueRef> list, std::vector<ValueRef> &out) const {
    for (ValueRef v : list)
      out.push_back(values[v.index]);
  }

  const ComputationGraph &from;
  RegionId body;
  ComputationGraph &to;
  ConstantPool &pool;
  LocationTable &locations;
  Location call;
  std::string draw;
  std::span<const ValueRef> order;
  std::vector<OpId> *into = nullptr;
  std::vector<ValueRef> values;      // by value of `from`: what stands for it
  std::vector<bool> waiting;         // by value of `from`: whether it comes after `order` by itself
  std::vector<RegionId> regions;     // copies of the open regions; none for the body
  std::vector<OpId> operations;      // copies of the open operations
  std::vector<ValueRef> data, after; // kept, so that operations do not allocate
  std::vector<ValueRef> returned;
  std::unordered_map<uint32_t, Location>
      callers; // by Location::bits in `from`: the same with `call` behind it
};

} // namespace xcs
