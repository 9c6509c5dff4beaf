#pragma once
#include "xcs/Ops/OpTable.h"
#include <vector>

namespace xcs {

// What the regions of an operation take and yield: one table, which the verifier of the IR and that of plans
// ask. Thread safety: all functions are pure.

/// What a region has to yield.
enum class RegionGives : uint8_t {
  Results,  // a value of the type of each result
  Carried,  // a value for each that was handed in
  Decision, // whether to go on, then a value for each that was handed in
  Elements, // an element for each result, which are lists
  Held,     // what the result, a `result<T>`, holds
  Keep,     // a bool
  Key,      // something to sort by
};

/// The shape of an operation's regions; all regions of one operation are alike.
struct RegionForm {
  OpCode code{};
  RegionCount count{};
  bool takesElement = false; // the first argument is an element of the first operand, a list
  bool takesCarried = false; // the (other) operands are handed in
  RegionGives gives{};

  /// The operation that ends its regions.
  OpCode terminator() const {
    return gives == RegionGives::Decision ? OpCode::core_continue : OpCode::core_yield;
  }
  /// How many operands come before those that are handed in.
  size_t firstCarried() const { return takesElement ? 1 : 0; }
};

/// Null for an operation without regions.
const RegionForm *regionForm(OpCode code);

/// What one yielded value has to be.
struct YieldedType {
  enum class Form : uint8_t { Exact, Bool, Key, Any } form = Form::Any; // Any: what it should be is unknown
  TypeId type;                                                          // Exact
};

/// What each region of an operation takes and yields, kept from use to use so as not to allocate.
struct RegionTypes {
  std::vector<TypeId> arguments;
  std::vector<YieldedType> yields;

  /// Fills in both. Where operands or results do not fit the operation's signature, what hangs on them is
  /// unknown: an argument without a type, a YieldedType of any form.
  void set(const ConstantView &view, const RegionForm &form, std::span<const TypeId> operands,
           std::span<const TypeId> results);
};

/// Whether a value of type `given` may be yielded as `wanted`.
bool fitsYield(const ConstantView &view, YieldedType wanted, TypeId given);
/// Whether the result for a carried value of type `carried` has the right type: the same, for `scan` a list
/// of it.
bool fitsCarried(const ConstantView &view, OpCode code, TypeId carried, TypeId result);
/// Whether values of the type have an order that `sort_by` can use.
bool isKeyType(const ConstantView &view, TypeId type);

} // namespace xcs
