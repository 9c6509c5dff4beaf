#pragma once
#include "IR/RandomModule.h"
#include "xcs/Ops/ConstantPool.h"
#include <set>
#include <string>
#include <vector>

namespace xcs {

/// Writes right programs at random over the whole language: every type, every region, every operation of the
/// table, attributes that change no meaning, names that hide one another, effects on files, the environment,
/// programs and draws. Rows are read from the table, so a new operation is written without a change here
/// unless it needs attributes or operands of a special kind.
///
/// What a program does must not be a matter of time (LangRef, "Determinism"): races and `map {take}` have
/// as many regions that succeed as they take; what may fail and asks the world says `{keep}`, as it could be
/// dropped; nothing is written where a failure beside it could stop the write.
class ProgramWriter {
public:
  ProgramWriter(uint64_t seed, size_t operations) : dice(seed), left(operations) {}
  /// The text; what it imports stands behind a line `//--- more.xir`.
  std::string text();
  /// What was written of the table.
  const std::set<OpCode> &written() const { return codes; }

private:
  struct Known {
    std::string name;
    TypeId type;
    unsigned depth; // of the region that defines it
  };
  /// The values that can be seen; inner regions add to a copy.
  struct Scope {
    std::vector<Known> values;
    unsigned depth = 0;
    bool attempted = false; // within a `try` of this function
  };
  struct Callee {
    std::string name;
    std::vector<TypeId> parameters, results;
    bool writes = false, logs = false;
    bool isBounded = false; // its first operand says how deep it calls itself
  };
  using Names = std::vector<std::string>;
  using Types = std::vector<TypeId>;

  // Lines and names.
  void line(const std::string &text) { out += std::string(2 * indent, ' ') + text + "\n"; }
  std::string fresh() { return "%v" + std::to_string(names++); }
  std::string argument(const Scope &inner);
  const Known *hidden(const Scope &inner);
  void know(Scope &scope, const std::string &name, TypeId type);
  std::string show(TypeId type) { return printType(pool.view(), type); }
  std::string show(const Types &types);
  static std::string list(const Names &names);

  // Types and values: ProgramValues.cpp.
  TypeId type(unsigned depth = 2);
  TypeId keyType();
  std::string dictLiteral(TypeId type);
  TypeId scalar(TypeKind kind) { return pool.scalar(kind); }
  TypeId record(std::initializer_list<std::pair<std::string_view, TypeId>> fields);
  bool holds(TypeId type, TypeKind kind) const;
  /// What `const` takes: no bytes, no results.
  bool hasLiteral(TypeId type) const {
    return !holds(type, TypeKind::Bytes) && !holds(type, TypeKind::Result);
  }
  std::string literal(TypeId type);
  std::string scalarLiteral(TypeKind kind);
  std::string value(Scope &scope, TypeId type);
  std::string make(Scope &scope, TypeId type);
  std::string constant(Scope &scope, TypeId type, const std::string &literal);
  std::string small(Scope &scope);
  std::string vector(Scope &scope);
  std::string notEmpty(Scope &scope, TypeId list);

  // Operations: ProgramOps.cpp, ProgramOperands.cpp.
  struct Op {
    OpCode code{};
    Names operands;
    std::string attributes;
    TypeId result;
  };
  /// Writes an operation and makes its result known; gives its name.
  std::string emit(Scope &scope, Op op);
  std::string emit(Scope &scope, OpCode code, Names operands, TypeId result, std::string attributes = "") {
    return emit(scope, Op{code, std::move(operands), std::move(attributes), result});
  }
  std::string attributesOf(OpCode code, std::string own);
  std::string afterOf(const Scope &scope);
  void tableOp(Scope &scope, OpCode code);
  bool keyedOp(Scope &scope, OpCode code);
  bool tableTextOp(Scope &scope, OpCode code);
  bool isGiven(OpCode code, const AttrRow &row, size_t operands);
  TypeId bind(std::span<const SignatureNode> nodes, TypeId (&bound)[2], OpCode code);
  Names operandsFor(Scope &scope, OpCode code, TypeId (&bound)[2]);
  bool fitting(Scope &scope, OpCode code, TypeId (&bound)[2], Names &operands);
  bool fittingText(Scope &scope, OpCode code, Names &operands);
  bool fittingList(Scope &scope, OpCode code, TypeId (&bound)[2], Names &operands);
  std::string attributesFor(OpCode code, size_t operands);
  void edgeOp(Scope &scope);
  void roundTrip(Scope &scope);
  bool openOp(Scope &scope, OpCode code);
  bool errorOp(Scope &scope, OpCode code);

  // The world: ProgramWorld.cpp.
  bool worldOp(Scope &scope, OpCode code);
  void fileOp(Scope &scope, OpCode code);
  void moveOp(Scope &scope, OpCode code);
  void lookOp(Scope &scope, OpCode code);
  void chooseByWeight(Scope &scope, const std::string &own);
  void fileStory(Scope &scope);
  void fileStep(Scope &scope, const std::string &where, const std::string &directory, size_t which);
  std::string ask(Scope &scope, OpCode code, Names operands, TypeId result, std::string own = "");
  void runProgram(Scope &scope);
  std::string path(Scope &scope, bool mayFail);
  bool mayWrite(const Scope &scope) const { return quiet == 0 && !scope.attempted; }

  // Regions: ProgramRegions.cpp.
  void controlOp(Scope &scope, OpCode code);
  void body(Scope scope, const Types &results, std::string_view end = "yield");
  void region(const Scope &scope, const Types &arguments, const Types &results,
              std::string_view end = "yield", bool attempted = false);
  /// Writes `%a, %b = head : types {`; gives the names, which are known once the operation has ended.
  Names open(const std::string &head, const Types &results);
  void close(Scope &scope, const Names &results, const Types &types);
  void branch(Scope &scope);
  void pickCase(Scope &scope);
  void attempt(Scope &scope);
  void map(Scope &scope);
  void writingMap(Scope &scope);
  void choose(Scope &scope, OpCode code);
  void fold(Scope &scope, OpCode code);
  void reduce(Scope &scope);
  void whileLoop(Scope &scope);
  void race(Scope &scope);
  void call(Scope &scope);
  void stop(Scope &scope, OpCode code);
  void operation(Scope &scope);
  void look(Scope &scope, size_t most);

  void function(size_t index, bool isMain);
  void recursiveFunction(size_t index);

  ConstantPool pool;
  Dice dice;
  size_t left, names = 0, indent = 0;
  unsigned quiet = 0;    // regions around in which nothing may write
  unsigned bare = 0;     // what may fail gets no `try` of its own
  unsigned choosing = 0; // regions around that may be cut off: races and the like
  bool looks = false;    // values are printed
  bool imported = false; // functions of a file of their own
  std::vector<Callee> callees;
  Callee current;
  std::set<OpCode> codes;
  std::string out;
};

} // namespace xcs
