#pragma once
#include "xcs/Ops/OpTable.h"
#include "xcs/Support/Ids.h"
#include "xcs/Support/Source.h"
#include <cstdint>
#include <span>
#include <vector>

namespace xcs {

/// A value in SSA form: the result of one operation or an argument of one region. Valid within one
/// ComputationGraph.
using ValueRef = Id<struct ValueTag>;
using OpId = Id<struct OpTag>;
using RegionId = Id<struct RegionTag>;

/// One operation. Plain data; its lists live in the graph. Changing `hint.*` attributes changes neither
/// meaning nor references.
struct Operation {
  OpCode code{};
  uint16_t resultCount = 0;
  uint32_t firstOperand = 0; // in the graph's operand pool: operands, then order-only operands
  uint32_t operandCount = 0;
  uint16_t orderCount = 0; // order-only operands, `after(..)`
  uint16_t regionCount = 0;
  ValueRef firstResult; // results are contiguous
  StringId symbol;      // `@name`, without the @; none when absent
  DictId attributes;
  RegionId firstRegion; // the others by Region::next
  RegionId parent;      // the region that contains it; none once erased
  Location location;
};

/// A list of operations with arguments; ends with a terminator (see Verifier.h).
struct Region {
  std::vector<OpId> body; // program order
  ValueRef firstArgument; // arguments are contiguous
  uint32_t argumentCount = 0;
  OpId parent;          // the operation it belongs to; none for a function's body
  RegionId next;        // the next region of the same operation
  RegionId lastSibling; // in the first region of an operation: its last one
};

struct ValueInfo {
  TypeId type;
  StringId name;   // `%name` without the %; none: the printer numbers it
  OpId definedBy;  // none for region arguments
  RegionId region; // the region of an argument; none for results
};

/// The operations, regions and values of one function, in dense vectors; ids are indices into them and stay
/// valid for the graph's life. Thread safety: none while changing; concurrent reads are safe.
class ComputationGraph {
public:
  /// A contiguous range of values.
  struct ValueRange {
    uint32_t first, count;
    struct iterator {
      uint32_t at;
      ValueRef operator*() const { return ValueRef(at); }
      iterator &operator++() { return ++at, *this; }
      bool operator==(const iterator &) const = default;
    };
    iterator begin() const { return {first}; }
    iterator end() const { return {first + count}; }
    size_t size() const { return count; }
    bool empty() const { return count == 0; }
    ValueRef operator[](size_t i) const { return ValueRef(static_cast<uint32_t>(first + i)); }
  };

  /// Results, order-only operands and regions of one operation are counted in 16 bits; readers of input
  /// reject more.
  static constexpr size_t maxCount = UINT16_MAX;

  /// Adds an empty region, the last one of `parent`; with `parent` none it is a function's body.
  RegionId addRegion(OpId parent);
  /// Adds an argument; all arguments of a region must be added before any other value is made.
  ValueRef addArgument(RegionId region, TypeId type, StringId name);

  /// Appends an operation to a region; if `region` is none, it stays detached until `setBody` places it. Its
  /// operands are `operands`, then `order`.
  OpId addOperation(RegionId region, OpCode code, std::span<const ValueRef> operands,
                    std::span<const ValueRef> order, Location location);
  /// Adds a result; all results of an operation must be added before any other value is made.
  ValueRef addResult(OpId op, TypeId type, StringId name);

  const Operation &operation(OpId op) const { return ops[op.index]; }
  const Region &region(RegionId r) const { return regions[r.index]; }
  const ValueInfo &value(ValueRef v) const { return values[v.index]; }
  TypeId type(ValueRef v) const { return values[v.index].type; }
  size_t operationCount() const { return ops.size(); } // erased ones included
  size_t valueCount() const { return values.size(); }
  size_t regionCount() const { return regions.size(); }

  std::span<const ValueRef> operands(OpId op) const;
  std::span<const ValueRef> orderOperands(OpId op) const;
  /// Operands and order-only operands.
  std::span<const ValueRef> allOperands(OpId op) const;
  ValueRange results(OpId op) const { return {ops[op.index].firstResult.index, ops[op.index].resultCount}; }
  ValueRange arguments(RegionId r) const {
    return {regions[r.index].firstArgument.index, regions[r.index].argumentCount};
  }
  /// The regions of an operation, in order.
  std::vector<RegionId> regionsOf(OpId op) const;
  bool erased(OpId op) const { return !ops[op.index].parent.valid(); }
  /// The last operation of a region; none when it is empty.
  OpId terminator(RegionId r) const {
    return regions[r.index].body.empty() ? OpId() : regions[r.index].body.back();
  }

  void setSymbol(OpId op, StringId symbol) { ops[op.index].symbol = symbol; }
  void setAttributes(OpId op, DictId attributes) { ops[op.index].attributes = attributes; }
  /// The name of a draw, or of a call that contains draws (Transforms/Draws.h); none if it has none. It
  /// prints as the attribute `draw` but is not stored as one, so equal requests stay equal.
  StringId drawName(OpId op) const { return beside(op).drawName; }
  void setDrawName(OpId op, StringId name) { besideForUpdate(op).drawName = name; }
  /// What analyses have found about an operation (AttrClass::Fact: `sched.*`, `pattern.*`). It prints as
  /// attributes, after those of the program, but is not stored with them: a fact that many have costs no
  /// dictionary for each of them.
  DictId facts(OpId op) const { return beside(op).facts; }
  void setFacts(OpId op, DictId facts) { besideForUpdate(op).facts = facts; }
  void setLocation(OpId op, Location at) { ops[op.index].location = at; }
  void setCode(OpId op, OpCode code) { ops[op.index].code = code; }
  void setType(ValueRef v, TypeId type) { values[v.index].type = type; }
  /// Replaces all operands; their number may change. The arguments may be spans of this graph. The old list
  /// (4 bytes per operand) is not reused, so passes over the whole program change operands in place.
  void setOperands(OpId op, std::span<const ValueRef> operands, std::span<const ValueRef> order);
  /// Changes operands in place: `operandsForUpdate(op)[i] = v`. Operands, then order-only operands.
  std::span<ValueRef> operandsForUpdate(OpId op);
  /// Replaces the body of a region by `body`, in order, and sets the parent of its operations. The caller
  /// must erase or move the operations of the old body that are not in the new one.
  void setBody(RegionId region, std::vector<OpId> body);
  /// Marks an operation and everything in its regions as erased. The caller removes it from the body
  /// (setBody) and must have replaced the uses of its results.
  void erase(OpId op);

private:
  struct Beside {
    StringId drawName;
    DictId facts;
  };
  Beside beside(OpId op) const { return op.index < besides.size() ? besides[op.index] : Beside(); }
  Beside &besideForUpdate(OpId op) {
    if (besides.size() <= op.index)
      besides.resize(ops.size());
    return besides[op.index];
  }

  std::vector<Operation> ops;
  std::vector<Region> regions;
  std::vector<ValueInfo> values;
  std::vector<ValueRef> operandPool;
  std::vector<Beside> besides; // by operation; shorter than `ops` if the last ones have nothing
};

} // namespace xcs
