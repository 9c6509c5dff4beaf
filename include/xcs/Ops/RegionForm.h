#pragma once
#include "xcs/Ops/OpTable.h"
#include <string>
#include <vector>

namespace xcs {

class Value;

// What the regions of an operation take and yield, how they run, and which other rules apply to an operation
// with regions. One table, used by the verifiers of the IR and of plans, the passes and the executor. Thread
// safety: all functions are pure.

/// What a region has to yield.
enum class RegionGives : uint8_t {
  Results,  // a value of the type of each result
  Carried,  // a value for each operand passed in
  Decision, // whether to continue, then a value for each operand passed in
  Elements, // an element for each result, which are lists
  Held,     // the value inside the result, a `result<T>`
  Keep,     // a bool
  Key,      // a key to sort by
  DictKey,  // a key of the result, a dictionary
};

/// How the regions of an operation run.
enum class RegionRuns : uint8_t {
  One,        // one of them, once
  InTurn,     // one activation after the other
  SideBySide, // together
  FirstWins,  // together until enough have succeeded; the others are cancelled
};

/// Why the regions of an operation must not write.
enum class WriteBan : uint8_t {
  None,      // they may
  Unordered, // they run in no fixed order, and the operation does not say `{unordered}`
  CutOff,    // they may be cancelled at any point
};

/// What a failure in a region means for the operation.
enum class RegionFailure : uint8_t {
  Fails,    // it fails too
  Forgiven, // others may succeed in its place
  Caught,   // it becomes the result, if `try` catches it (isCatchable)
};

struct RegionRule {
  RegionRuns runs{};
  WriteBan writes{}; // Unordered: unless the operation has that attribute
  RegionFailure failure{};
};

/// An operation with regions, as both verifiers see it. Its signature and the rows of its attributes are
/// already checked.
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
  bool takesCarried = false; // the (other) operands are passed in, and there is a result for each
  bool gathers = false;      // each of these results is a list of all values yielded for it
  RegionGives gives{};
  RegionRule rule = {};
  /// Attributes that change the rule if given and not `false`; the first one that applies wins.
  struct Variant {
    std::string_view attribute = {};
    RegionRule rule = {};
  } variants[2] = {};
  /// For an operation that runs one of several regions: the number of the region selected by the value of its
  /// first operand, or `regions` if none is. Null: the first region.
  size_t (*taken)(const ConstantView &view, DictId attributes, size_t regions,
                  const Value &operand) = nullptr;
  /// Further rules of this operation only. Null: none.
  RegionFault (*check)(const RegionOwner &owner) = nullptr;

  /// The operation that ends its regions.
  OpCode terminator() const {
    return gives == RegionGives::Decision ? OpCode::core_continue : OpCode::core_yield;
  }
  /// How many operands precede those that are passed in.
  size_t firstCarried() const { return takesElement ? 1 : 0; }
};

/// Null for an operation without regions.
const RegionForm *regionForm(OpCode code);

/// How the regions of one operation run, taking its attributes into account.
RegionRule ruleOf(const ConstantView &view, const RegionForm &form, DictId attributes);
/// Why the regions of one operation must not write.
WriteBan writeBanOf(const ConstantView &view, const RegionForm &form, DictId attributes);
/// Whether a failure within becomes the operation's result.
bool catchesFailures(OpCode code);
/// The first thing wrong with an operation that has regions, apart from what they take and yield.
RegionFault findFault(const RegionOwner &owner);

/// What one yielded value must be.
struct YieldedType {
  enum class Form : uint8_t { Exact, Bool, Key, Any } form = Form::Any; // Any: what it should be is unknown
  TypeId type;                                                          // Exact
};

/// What each region of an operation takes and yields. Reuse it: that avoids allocations.
struct RegionTypes {
  std::vector<TypeId> arguments;
  std::vector<YieldedType> yields;

  /// Fills in both. If operands or results do not fit the operation's signature, what depends on them is
  /// unknown: an argument without a type, a YieldedType of form Any.
  void set(const ConstantView &view, const RegionForm &form, std::span<const TypeId> operands,
           std::span<const TypeId> results);
};

/// Whether a value of type `given` may be yielded as `wanted`.
bool fitsYield(const ConstantView &view, YieldedType wanted, TypeId given);
/// Whether values of the type have an order that `sort_by` can use.
bool isKeyType(const ConstantView &view, TypeId type);

} // namespace xcs
