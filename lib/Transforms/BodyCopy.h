#pragma once
#include "xcs/IR/Module.h"
#include <unordered_map>

namespace xcs {

/// The calls of a module that will be replaced by the bodies of their callees.
class ChosenCalls {
public:
  explicit ChosenCalls(const Module &module) : chosen(module.functions.size()) {}
  void add(const Module &module, uint32_t function, OpId call) {
    chosen[function].resize(module.functions[function]->graph.operationCount());
    chosen[function][call.index] = true;
  }
  bool has(uint32_t function, OpId op) const {
    return op.index < chosen[function].size() && chosen[function][op.index];
  }
  bool hasAny(uint32_t function) const { return !chosen[function].empty(); }

private:
  std::vector<std::vector<bool>> chosen; // by function and operation; empty: none of its calls
};

/// Copies bodies of functions into another function, in place of a call. Chosen calls within a body are
/// replaced by copies of their bodies at the same time, so each operation is copied once to each of its final
/// places, however long the chain of calls. Names and locations are copied; locations record where they were
/// called from, and names of draws (Draws.h) are prefixed with those of the enclosing calls. The functions
/// that are copied must still have all their calls. Linear in the operations it creates; the depth of calls
/// costs heap, not stack.
class BodyCopy {
public:
  /// A call to replace. Everything copied waits for `order`; `draw` is its name if it contains draws, else
  /// empty.
  struct Call {
    uint32_t callee;
    std::vector<ValueRef> arguments, order;
    Location at;
    std::string draw;
  };

  BodyCopy(Module &module, const ChosenCalls &chosen, ComputationGraph &to)
      : module(module), pool(module.pool), locations(module.locations), chosen(chosen), to(to) {}

  /// Appends the outermost operations to `into`, detached: the caller sets their region. Returns what the
  /// function returns.
  std::vector<ValueRef> copy(Call call, std::vector<OpId> &into);

private:
  /// One body that is being copied into `to`.
  struct Activation {
    Activation(const Function &function, Call call)
        : call(std::move(call)), from(function.graph), body(function.body), values(from.valueCount()),
          waiting(from.valueCount()) {}
    Call call;
    const ComputationGraph &from;
    RegionId body;
    OpId callInCaller;              // in the graph of the enclosing activation; none for the first
    bool isOutermost = true;        // whether that call is one of the outermost operations there
    std::vector<ValueRef> values;   // by value of `from`: its replacement
    std::vector<bool> waiting;      // by value of `from`: whether it already comes after `call.order`
    std::vector<ValueRef> returned; // of `from`
    std::unordered_map<uint32_t, Location> callers; // by Location::bits in `from`: as called from here
  };
  /// A region being copied; the regions of one operation are copied in turn.
  struct Open {
    RegionId from;
    OpId owner;  // the copied operation it will belong to; none for a body
    RegionId to; // the region for its operations; none: the outermost ones
    uint32_t next = 0;
    bool begun = false;
  };

  void enter(Call call, OpId callInCaller, bool isOutermost);
  void leave();
  void beginRegion(Open &open);
  void visit(OpId op);
  void copyOperation(OpId op);
  void enterCallee(OpId op);
  bool isBody(RegionId region) const { return region == activations.back().body; }
  bool waits(OpId op);
  void addOrder(OpId op, std::vector<ValueRef> &after);
  bool isPlainConstant(ValueRef v) const;
  Location locationOf(OpId op);
  Location calledFrom(Location caller);
  std::string pathOf(std::string_view draw);
  StringId drawNameOf(OpId op);
  std::string callNameOf(OpId op);
  void mapAll(std::span<const ValueRef> list, std::vector<ValueRef> &out) const {
    for (ValueRef v : list)
      out.push_back(activations.back().values[v.index]);
  }

  Module &module;
  ConstantPool &pool;
  LocationTable &locations;
  const ChosenCalls &chosen;
  ComputationGraph &to;
  std::vector<OpId> *outermost = nullptr;
  std::vector<Activation> activations;
  std::vector<Open> open;
  std::vector<ValueRef> data, after; // reused, so that operations do not allocate
  std::vector<ValueRef> result;
};

} // namespace xcs
