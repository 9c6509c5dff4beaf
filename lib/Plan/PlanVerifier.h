#pragma once
#include "Plan/PlanRows.h"
#include "xcs/Ops/Prepared.h"
#include "xcs/Plan/Plan.h"
#include "xcs/Support/Limits.h"
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace xcs::planformat {

/// The rule that a plan violates, as the end of a sentence, with the place; empty if none.
struct BrokenRule {
  std::string text;
  std::optional<Limit> limit; // the one that sets it, which can be raised
};

/// Checks the tables of a plan, which may contain anything at all: every index, range, type, count, edge and
/// cycle, and that each operation fits its row, so that users of a plan need no checks. `text` is the chunk
/// that contains the strings, `rows` the resolved rows. Linear in the tables; nothing recurses.
BrokenRule verifyTables(const PlanView &plan, std::string_view text, const ResolvedRows &rows,
                        const Limits &limits);

/// The shared state of all parts of the verifier. Checks return false once a rule is violated, so that they
/// can be combined with `&&`.
struct VerifyState {
  const PlanView &plan;
  std::string_view text;
  const ResolvedRows &rows;
  const Limits &limits;
  BrokenRule broken;                // empty until a rule is violated
  std::vector<uint8_t> holdsSecret; // by type: `secret` or a type that contains it
  std::vector<uint64_t> attrBytes;  // by attribute: its size when written out, shared parts counted in full

  VerifyState(const PlanView &plan, std::string_view text, const ResolvedRows &rows, const Limits &limits)
      : plan(plan), text(text), rows(rows), limits(limits) {}

  /// Sets the violated rule, a literal with `{}` for each of `numbers`; always returns false.
  bool fail(std::string_view rule, std::initializer_list<uint64_t> numbers = {}) {
    return breaks(rule, numbers);
  }
  bool require(bool holds, std::string_view rule, std::initializer_list<uint64_t> numbers = {}) {
    return holds || fail(rule, numbers);
  }
  /// Whether a quantity is within a limit; `rule` has a `{}` for each of `numbers` and for the limit.
  bool isWithin(Limit limit, uint64_t quantity, std::string_view rule,
                std::initializer_list<uint64_t> numbers = {});
  /// Whether values of the type may be in slots: the type exists and contains no secret.
  bool isValueType(TypeId type) const { return type.index < holdsSecret.size() && !holdsSecret[type.index]; }
  /// Whether an attribute has the type of its row and a value in range.
  bool fitsRow(AttrId attr, const AttrRow &row) const;
  bool isString(StringId id) const { return id.index < plan.constants.strings.size(); }
  /// Whether a string exists and is a name of the language: `[a-zA-Z_][a-zA-Z0-9_$.]*`. Only such names are
  /// typed on a command line or shown in messages.
  bool isName(StringId id) { return formOf(id) == NameForm::Name; }
  /// The same for a value, whose name may begin with a digit.
  bool isValueName(StringId id) { return formOf(id) != NameForm::None; }
  bool isValueNameOrNone(StringId id) { return !id || isValueName(id); }

private:
  bool breaks(std::string_view rule, std::span<const uint64_t> numbers);
  enum class NameForm : uint8_t { NotLooked, None, Value, Name };
  NameForm formOf(StringId id);
  std::vector<NameForm> nameForms; // by string
};

/// Strings, types, attributes and dictionaries: everything else depends on them.
bool verifyConstants(VerifyState &state);
/// Functions, parameters, resources, locations and attribute rows, without their meaning for operations.
bool verifySymbols(VerifyState &state);
/// Regions with their nodes, edges, slots and operations, and that calls form no cycle.
bool verifyRegions(VerifyState &state);

/// Pairs of numbers that have passed a check.
class PassedPairs {
public:
  bool contains(uint32_t a, uint32_t b) const { return pairs.contains(uint64_t(a) << 32 | b); }
  void add(uint32_t a, uint32_t b) { pairs.insert(uint64_t(a) << 32 | b); }

private:
  std::unordered_set<uint64_t> pairs;
};

/// Checks single operations against their rows. Remembers the attributes it has checked: many operations
/// share theirs, and in a crafted plan all of them could share a long one, in all possible combinations.
class OpVerifier {
public:
  explicit OpVerifier(VerifyState &state);

  /// Checks everything that does not depend on slots: code, effect, attributes, target, counts of operands,
  /// results and regions.
  bool checkForm(const PlanOp &op, uint64_t index) {
    // The common case, from a precomputed table: no attributes, no symbol, no regions.
    if (static_cast<size_t>(op.code) >= opCodeCount)
      return state.fail("operation {} has an unknown code", {index});
    const CodeInfo &info = infos[static_cast<size_t>(op.code)];
    if (info.plain && !op.dict && op.target == UINT32_MAX && op.regionCount == 0 &&
        op.firstRegion == UINT32_MAX && op.attributes == 0 && op.effect == info.effect)
      return true;
    return checkFormInFull(op, index);
  }
  /// Whether operands and results fit the signature and, for operations with regions and calls, what those
  /// require.
  bool checkTypes(const PlanOp &op, uint64_t index, std::span<const TypeId> operands,
                  std::span<const TypeId> results) {
    const CodeInfo &info = infos[static_cast<size_t>(op.code)];
    if (!info.simple)
      return checkTypesInFull(op, index, operands, results);
    const TypeNode *types = state.plan.constants.types.data();
    if (operands.size() < info.least || operands.size() > info.most || results.size() != info.resultCount)
      return wrongTypes(op, index);
    for (size_t i = 0; i < operands.size(); ++i) {
      const uint8_t wanted = info.kinds[i < info.operandCount ? i : info.operandCount - 1u];
      if (wanted != anyKind && wanted != static_cast<uint8_t>(types[operands[i].index].kind))
        return wrongTypes(op, index);
    }
    if (!results.empty() && info.resultKind != static_cast<uint8_t>(types[results[0].index].kind))
      return wrongTypes(op, index);
    return true;
  }
  /// Whether an attribute can be the value of a slot of a type; both must exist.
  bool fitsConstant(AttrId value, TypeId type);
  bool isPure(const PlanOp &op) const { return infos[static_cast<size_t>(op.code)].pure; }

private:
  /// The rows in the form that the checks need.
  struct CodeInfo {
    bool listed = false; // a row of the plan refers to it
    bool plain = false;  // listed; no attribute rows, symbol or regions, one effect
    bool simple = false; // every operand is one scalar or of any type, the result, if any, one scalar
    bool pure = false;   // OpForm::Pure
    uint8_t operandCount = 0, resultCount = 0, resultKind = 0; // counts of parameters
    uint8_t kinds[4] = {};                                     // of operands: a TypeKind or anyKind
    Effect effect{};
    size_t least = 0, most = 0; // operands
  };
  static constexpr uint8_t anyKind = UINT8_MAX;
  void fillTypes(CodeInfo &info, OpCode code);
  bool checkFormInFull(const PlanOp &op, uint64_t index);
  bool checkTypesInFull(const PlanOp &op, uint64_t index, std::span<const TypeId> operands,
                        std::span<const TypeId> results);
  bool checkCall(const PlanOp &op, uint64_t index, std::span<const TypeId> operands,
                 std::span<const TypeId> results);
  bool checkOwner(const PlanOp &op, uint64_t index, std::span<const TypeId> operands,
                  std::span<const TypeId> results);
  bool checkConstant(const PlanOp &op, uint64_t index, TypeId type);
  bool fitsRow(AttrId attr, const AttrRow &row);
  bool checkSlots(AttrId limit, uint64_t index);
  bool breaks(const PlanOp &op, uint64_t index, std::string_view rule);
  bool wrongTypes(const PlanOp &op, uint64_t index);
  bool checkEffect(const PlanOp &op, uint64_t index);
  bool checkTarget(const PlanOp &op, uint64_t index);
  bool checkRows(const PlanOp &op, uint64_t index);
  bool checkDict(const PlanOp &op, uint64_t index);
  bool checkRowsAgainstDict(const PlanOp &op, uint64_t index);
  const AttrRow *findKey(OpCode code, StringId key);

  VerifyState &state;
  PreparedAttrs prepared; // each pattern and schema is parsed once
  std::vector<CodeInfo> infos;
  std::vector<uint16_t> rowsCheckedFor,
      dictCheckedFor;                  // by first row, by dictionary: code + 1 of the first operation
  PassedPairs rowsPassed, dictsPassed; // the same for further codes
  PassedPairs constantsPassed;         // attribute and type: lists and dictionaries
  std::set<std::pair<uint32_t, const AttrRow *>> fits;   // attributes that are costly to check, and rows
  std::unordered_map<std::string_view, uint32_t> limits; // resources of that kind, by symbol
  std::unordered_set<uint32_t> slotsPassed;              // values of `limit`
  uint64_t constantBytes = 0; // of constants that are operations, counted once per type
  struct Compared {
    bool known = false;
    OpCode code{};
    DictId dict;
    auto operator<=>(const Compared &) const = default;
  };
  std::vector<Compared> rowsComparedWith;               // by first row: the first dictionary known to fit
  std::set<std::pair<uint32_t, Compared>> rowsCompared; // the same for further ones
  struct CachedKey {
    OpCode code{};
    StringId key;
    const AttrRow *row = nullptr;
  };
  static constexpr size_t cacheSize = 64;
  CachedKey keyCache[cacheSize];
};

} // namespace xcs::planformat
