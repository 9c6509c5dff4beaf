#pragma once
#include "xcs/IR/OperandTypes.h"

namespace xcs {

/// What of a function is not written as operations of its own: unnamed constants that are literal operands
/// where they are used, and the bodies of regions that only call a function. Reading what is printed gives
/// the same. One object serves the functions of a module one after another.
class InPlace {
public:
  InPlace(const Module &module, const DeclaredNames &names, bool withBodies)
      : module(module), names(names), withBodies(withBodies), types(module) {}

  /// From now on this function. Linear in its operations and operands.
  void enter(const Function &function);

  /// Whether a value is written as a literal at each of its uses.
  bool isLiteral(ValueRef v) const { return v.index < literal.size() && literal[v.index]; }
  /// Whether no name of the value is written anywhere.
  bool isUnwritten(ValueRef v) const { return v.index < unwritten.size() && unwritten[v.index]; }
  /// The literal or the `@name` of such a value.
  std::string text(ValueRef v) const;
  /// A literal as it is written where its type is known: `none` for an option that holds nothing, `1.0` for
  /// an `f64`.
  std::string text(AttrId value, TypeId type) const;
  /// The call that is all that the region of an operation does; none if its region is written.
  OpId bodyCall(OpId op) const { return op.index < calls.size() ? calls[op.index] : OpId(); }

private:
  bool isCandidate(OpId op) const;
  void checkUses(OpId op);
  bool readsBack(const OperandTypes::Wanted &wanted, ValueRef v) const;
  OpId findCall(OpId op) const;
  bool isBare(OpId op) const;
  bool findParts(RegionId region, OpCode end, OpId &call, OpId &terminator) const;
  bool passesOn(OpId call, ComputationGraph::ValueRange arguments) const;
  bool areUnnamed(ComputationGraph::ValueRange values) const;
  bool yieldsOnly(OpId call, OpId terminator, OpId owner) const;
  void hideBody(OpId op, OpId call);
  AttrId valueOf(ValueRef v) const;

  const Module &module;
  const DeclaredNames &names;
  const bool withBodies;
  ConstantView view;
  OperandTypes types;
  const Function *function = nullptr;
  const ComputationGraph *graph = nullptr;
  std::vector<uint8_t> literal, used, unwritten; // by ValueRef
  std::vector<OpId> calls;                       // by OpId; empty if there are none
};

} // namespace xcs
