#pragma once
#include "xcs/Ops/OpTable.h"
#include <string>
#include <vector>

namespace xcs {

class Value;

// What the regions of an operation take and yield, how they run, and what else must hold of an operation that
// has regions: one table, which the verifier of the IR, that of plans, the passes and the executor ask.
// Thread safety: all functions are pure.

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

/// How the regions of an operation run.
enum class RegionRuns : uint8_t {
  One,        // one of them, once
  InTurn,     // one activation after the other
  SideBySide, // together
  FirstWins,  // together until enough have succeeded; the others are cut off
};

/// Why nothing may write within the regions of an operation.
enum class WriteBan : uint8_t {
  None,      // something may
  Unordered, // they run in no order, and the operation does not say `{unordered}`
  CutOff,    // they may be cut off at any point
};

/// What a failure within means for the operation.
enum class RegionFailure : uint8_t {
  Fails,    // it fails too
  Forgiven, // others may succeed in its place
  Caught,   // it becomes the result, if `try` catches it (isCatchable)
};

struct RegionRule {
  RegionRuns runs{};
  WriteBan writes{}; // Unordered: unless it says so
  RegionFailure failure{};
};

/// An operation with regions, as both verifiers see it. It fits its signature and the rows of its attributes.
struct RegionOwner {
  const ConstantView &view;
  OpCode code{};
  DictId attributes;
  std::span<const TypeId> operands, results;
  size_t regions = 0; // as many as the form allows
};

/// What is wrong with an operation that has regions, apart from what they take and yield.
struct RegionFault {
  enum class Kind : uint8_t {
    None,
    Regions,   // `expected` says how many there must be
    Results,   // the same of its results
    Result,    // result `index` must have `type`, a list of it with `isList`
    Operand,   // `expected` says what is wrong with the types
    Attribute, // `expected` says what is wrong with `attribute`
  } kind = Kind::None;
  std::string expected = {};
  std::string_view attribute = {};
  size_t index = 0;
  TypeId type = {}; // none: any
  bool isList = false;
};

/// The shape of an operation's regions; all regions of one operation are alike.
struct RegionForm {
  OpCode code{};
  RegionCount count{};
  bool takesElement = false; // the first argument is an element of the first operand, a list
  bool takesCarried = false; // the (other) operands are handed in, and there is a result for each
  bool gathers = false;      // such a result is a list of all that was yielded for it
  RegionGives gives{};
  RegionRule rule = {};
  /// Attributes that change the rule where they are given, and not as `false`; the first one counts.
  struct Variant {
    std::string_view attribute = {};
    RegionRule rule = {};
  } variants[2] = {};
  /// Of an operation that runs one of several: the number of the region that the value of its first operand
  /// takes, or as many as there are regions when it takes none. Null: the first.
  size_t (*taken)(const ConstantView &view, DictId attributes, size_t regions,
                  const Value &operand) = nullptr;
  /// What must hold of this operation alone. Null: nothing.
  RegionFault (*check)(const RegionOwner &owner) = nullptr;

  /// The operation that ends its regions.
  OpCode terminator() const {
    return gives == RegionGives::Decision ? OpCode::core_continue : OpCode::core_yield;
  }
  /// How many operands come before those that are handed in.
  size_t firstCarried() const { return takesElement ? 1 : 0; }
};

/// Null for an operation without regions.
const RegionForm *regionForm(OpCode code);

/// How the regions of one operation run, its attributes looked at.
RegionRule ruleOf(const ConstantView &view, const RegionForm &form, DictId attributes);
/// Why nothing may write within the regions of one operation.
WriteBan writeBanOf(const ConstantView &view, const RegionForm &form, DictId attributes);
/// Whether a failure within becomes the operation's result.
bool catchesFailures(OpCode code);
/// The first thing wrong with an operation that has regions, apart from what they take and yield.
RegionFault findFault(const RegionOwner &owner);

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
/// Whether values of the type have an order that `sort_by` can use.
bool isKeyType(const ConstantView &view, TypeId type);

} // namespace xcs
