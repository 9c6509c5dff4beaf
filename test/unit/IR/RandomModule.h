#pragma once
#include "xcs/IR/Builder.h"
#include "xcs/Ops/RegionForm.h"
#include <algorithm>
#include <optional>
#include <random>

namespace xcs {

/// The same numbers for the same seed on every machine (the standard's distributions are not).
class Dice {
public:
  explicit Dice(uint64_t seed) : engine(seed) {}
  uint64_t next() { return engine(); }
  /// A number below `n`, which is not 0.
  size_t below(size_t n) { return static_cast<size_t>(engine() % n); }
  bool oneIn(size_t n) { return below(n) == 0; }
  template <class Range> auto &pick(Range &&range) { return range[below(std::size(range))]; }

private:
  std::mt19937_64 engine;
};

/// Where the separator, pointer or pattern of an operation is that takes it as an attribute or as its last
/// operand.
enum class TextPlace : uint8_t { Elsewhere, Attribute, Operand };
/// Elsewhere: of other operations, and where it may be missing.
inline TextPlace textPlaceOf(OpCode code, size_t operands) {
  constexpr OpCode codes[] = {
      OpCode::str_split,         OpCode::str_join,          OpCode::json_get,
      OpCode::json_find,         OpCode::json_put,          OpCode::str_regex_match,
      OpCode::str_regex_groups,  OpCode::str_regex_split,   OpCode::str_regex_extract,
      OpCode::str_regex_replace, OpCode::str_regex_rewrite, OpCode::str_regex_extract_all};
  if (std::find(std::begin(codes), std::end(codes), code) == std::end(codes))
    return TextPlace::Elsewhere;
  if (operands == rowOf(code).signature.operandCount)
    return TextPlace::Operand;
  return code == OpCode::str_join ? TextPlace::Elsewhere : TextPlace::Attribute;
}

inline bool isPlacedText(std::string_view attribute) {
  return attribute == "separator" || attribute == "pointer" || attribute == "pattern";
}

/// Builds right modules at random: every operation of the table with operands of the types its row wants,
/// attributes, regions in regions, calls, names that hide one another. The verifier must find nothing to say
/// of them.
class RandomModule {
public:
  RandomModule(Module &module, uint64_t seed, size_t operations);

  /// A literal that an attribute of this name and type may have.
  AttrId specialLiteral(std::string_view attribute);
  AttrId literal(std::string_view name, AttrType type);
  TypeId type(unsigned depth = 2);

private:
  void makeNames();
  void makeResources();
  void makeDefaults(size_t parameters);
  void makeFunction(size_t index);
  /// Fills the current region with operations.
  void fill(unsigned depth);
  void tableOp(OpCode code);
  void openResultOp(OpCode code);
  void openWorldOp(OpCode code, TypeId a, TypeId b);
  TypeId chatResult(DictId attributes, TypeId answer);
  void branch(unsigned depth);
  void map(unsigned depth);
  void attempt(unsigned depth);
  void repeat(unsigned depth);
  void repeatTypes(const RegionForm &form, std::vector<TypeId> &operands, std::vector<TypeId> &results);
  void repeatRegions(OpId op, const RegionForm &form, std::span<const TypeId> operandTypes,
                     std::span<const TypeId> resultTypes, size_t regions, unsigned depth);
  void call();
  void callEach();
  template <class Body> void region(OpId owner, std::span<const TypeId> arguments, Body body);
  void yield(std::span<const TypeId> types);

  ValueRef valueOf(TypeId type);
  std::vector<ValueRef> valuesOf(std::span<const TypeId> types);
  ValueRef make(TypeId type);
  TypeId bind(std::span<const SignatureNode> nodes, TypeId (&bound)[2]);
  TypeId keyType();
  TypeId tableType();
  bool tableTextOp(OpCode code);
  AttrId valueFor(const AttrRow &row, size_t operands);
  void bindKeys(const SignatureText &signature, TypeId (&bound)[2]);
  bool openOperandOp(OpCode code);
  OpId add(OpCode code, ListOf<ValueRef> operands, ListOf<Builder::Attr> attrs = {});
  ValueRef result(OpId op, TypeId type);
  std::vector<ValueRef> results(OpId op, std::span<const TypeId> types);
  DictId withoutWrites(OpCode code, DictId attributes);
  void addAttributes(OpId op);
  std::string templateText(size_t operands);
  std::string drawName();
  std::string_view name();
  TypeId record(std::initializer_list<std::pair<std::string_view, TypeId>> fields);
  AttrId scalarLiteral(TypeKind kind);
  std::string text();
  ComputationGraph &graph() { return function->graph; }

  Module &module;
  ConstantPool &pool;
  Dice dice;
  size_t left; // operations still to be made
  Function *function = nullptr;
  std::optional<Builder> builder; // of the function
  std::vector<ValueRef> visible;
  std::vector<bool> writes; // by function
  unsigned draws = 0;       // names given to draws
  unsigned maps = 0;        // around the current region, and others in which nothing may write
};

} // namespace xcs
