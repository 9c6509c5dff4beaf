#pragma once
#include "xcs/Analysis/AnalysisCache.h"
#include <bitset>
#include <vector>

namespace xcs {

/// What `reroll` knows of the region it works on, in vectors over the whole function that are filled region
/// by region. New operations have the position before which they are inserted. Linear in the function.
class RerollRegion {
public:
  RerollRegion(Module &module, size_t function, AnalysisCache &analyses);
  /// Continues with a region. Its operations must be those the analyses know.
  void enter(RegionId region);

  RegionId region() const { return current; }
  /// Whether an operation of the region is still in its place.
  bool isHere(OpId op) const { return graph.operation(op).parent == current && !at(gone, op.index); }
  bool isGone(OpId op) const { return at(gone, op.index); }
  void remove(OpId op) { put(gone, op.index, uint8_t(1)); }
  uint32_t position(OpId op) const { return at(positions, op.index); }
  void setPosition(OpId op, uint32_t position) { put(positions, op.index, position); }
  /// The first position at which a value can be used.
  uint32_t availableAt(ValueRef v) const {
    const OpId op = graph.value(v).definedBy;
    return op && graph.operation(op).parent == current ? position(op) + 1 : 0;
  }

  /// Whether it matters when an operation runs: it may fail, or has an effect.
  bool isPlaced(OpId op) const { return at(placed, op.index); }
  /// How many operations whose place matters there were from one position up to, but not including, another.
  uint32_t placedBetween(uint32_t from, uint32_t to) const { return placedBefore[to] - placedBefore[from]; }
  /// Whether an operation takes time: it touches the world.
  bool waits(OpId op) const { return !effectsOf(op).empty(); }
  /// Two values with the same number are there at the same time, if computing takes none; 0: from the start
  /// of the region. The number is that of an operation that waits, or in which several such times meet.
  uint32_t readiness(ValueRef v) const {
    const OpId op = graph.value(v).definedBy;
    return op && graph.operation(op).parent == current ? at(ready, v.index) : 0;
  }

  /// Whether an operation may become part of a region that runs side by side with others.
  bool mayRepeat(OpId op) const;
  /// Whether the effects of two operations remain what they are when an operand takes the place of constants:
  /// a target that is no longer known must be of a kind that no operation of the module writes.
  bool effectsAgree(OpId one, OpId other) const;

  uint32_t usesOf(ValueRef v) const { return at(uses, v.index); }
  /// How often the results of an operation are used.
  uint32_t usesOf(OpId op) const;
  /// Counts the operands of an operation and of all that is nested in it as used once more, or once less.
  void countOperands(OpId op, int32_t by);
  void countUse(ValueRef v, int32_t by) { put(uses, v.index, at(uses, v.index) + static_cast<uint32_t>(by)); }

private:
  template <class T> static T at(const std::vector<T> &list, uint32_t index) {
    return index < list.size() ? list[index] : T();
  }
  template <class T> static void put(std::vector<T> &list, uint32_t index, T value) {
    if (list.size() <= index)
      list.resize(index + 1);
    list[index] = value;
  }
  std::span<const EffectOn> effectsOf(OpId op) const {
    return op.index < known ? effects.effects(function, op) : std::span<const EffectOn>();
  }
  bool isFree(OpId op) const;
  uint32_t joined(OpId op) const;

  const Module &module;
  const size_t function;
  const ComputationGraph &graph;
  const EffectAnalysis &effects;
  const FunctionGraphs &graphs;
  const size_t known; // operations that the analyses have seen
  RegionId current;
  std::bitset<EffectTarget::kindCount> written; // by EffectTarget::Kind: whether the module writes any
  std::vector<uint8_t> gone, placed;            // by operation
  std::vector<uint32_t> positions;              // by operation
  std::vector<uint32_t> placedBefore;           // by position
  std::vector<uint32_t> ready, uses;            // by value
};

} // namespace xcs
