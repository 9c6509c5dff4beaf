#pragma once
#include "Transforms/RerollMatch.h"

namespace xcs {

/// Makes the `map` of a group: moves the operations of the first instance into its region, and gathers what
/// differs in lists. The operations of the other instances are unused then; the caller drops them.
class RerollBuilder {
public:
  RerollBuilder(Module &module, ComputationGraph &graph) : module(module), graph(graph) {}

  /// Appends the new operations to `into`, in order, and returns the result of the `map`. `lists`: by slot, a
  /// list of its values that is there already; none: a new one is made.
  ValueRef build(const RerollGroup &group, StringId name, std::vector<ValueRef> lists,
                 std::vector<OpId> &into);

  /// How many operations build() adds for a group, those in the region included.
  static size_t cost(const RerollGroup &group);

private:
  ValueRef listOf(const RerollGroup &group, uint32_t slot);
  ValueRef constantList(const RerollGroup &group, uint32_t slot);
  ValueRef recordList(const RerollGroup &group);
  ValueRef indices(size_t count);
  ValueRef constant(TypeId type, AttrId value);
  AttrId valueOf(ValueRef constant) const;
  TypeId typeOf(const RerollGroup &group, uint32_t slot) const {
    return graph.type(group.slots[slot].values[0]);
  }
  std::vector<ValueRef> takeApart(const RerollGroup &group, ValueRef argument,
                                  std::span<const ValueRef> lists, std::vector<OpId> &body);
  bool nameDraws(const RerollGroup &group);
  ValueRef add(OpCode code, std::span<const ValueRef> operands, TypeId type, StringId name = {});
  OpId made(ValueRef v) const { return graph.value(v).definedBy; }

  Module &module;
  ComputationGraph &graph;
  Location at;
  std::vector<OpId> *into = nullptr;
};

} // namespace xcs
