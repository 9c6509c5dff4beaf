#pragma once
#include "xcs/IR/TypeTexts.h"
#include "xcs/Ops/RegionForm.h"
#include "xcs/Ops/SignatureMatch.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <string>

namespace xcs {

/// What an operation wants of its operands, as far as that is known without its literal operands: from its
/// row, its result types, its other operands, a callee's parameters, the results of the enclosing function
/// or of the operation whose region it ends. The reader gives literals the types found here, and the printer
/// writes a constant in place only where they are the constant's. Reuse it: that avoids allocations.
class OperandTypes {
public:
  explicit OperandTypes(const Module &module) : module(module) {}

  using IsLiteral = llvm::function_ref<bool(ValueRef)>;
  /// From now on an operation of `function`. Linear in its operands and results.
  void enter(const Function &function, OpId op, IsLiteral isLiteral);

  /// `type` if that is known; else what the row says, which is nothing where `nodes` is empty.
  struct Wanted {
    TypeId type;
    std::span<const SignatureNode> nodes;
  };
  Wanted of(size_t operand) const;
  /// Whether any type will do, so that a literal has its own.
  bool isFree(const Wanted &wanted) const;
  /// Whether an operand must have exactly this type.
  bool isExactly(const Wanted &wanted, TypeId type) const;
  /// The type that is wanted; none if it is not known in full.
  TypeId typeOf(const Wanted &wanted, ConstantPool &pool) const;
  /// The first literal of a type variable decides for the others.
  void bind(const Wanted &wanted, TypeId type);
  /// What is wanted, for a message.
  std::string text(const Wanted &wanted, TypeTexts &texts) const;

private:
  void takeYields(const ComputationGraph &graph, OpId op);
  void takeCarried(const ComputationGraph &graph, OpId op, const RegionForm &form);
  void takeField(const ComputationGraph &graph, OpId op);
  void takeParts(const ComputationGraph &graph, OpId op);
  void takeRow(const ComputationGraph &graph, OpId op, IsLiteral isLiteral);
  bool isOpen(std::span<const SignatureNode> nodes) const;
  bool exists(TypeId type) const { return type && type.index < view.types.size(); }

  const Module &module;
  ConstantView view;
  std::vector<TypeId> exact; // by operand; none: what the row says
  const SignatureText *row = nullptr;
  TypeBindings bound;
  RegionTypes regionTypes;
  std::vector<TypeId> operandTypes, resultTypes;
};

/// The type of a literal where nothing else is wanted; none of one that is not a scalar or a text.
std::optional<TypeKind> kindOfLiteral(AttrKind literal);

} // namespace xcs
