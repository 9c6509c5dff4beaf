#pragma once
#include "IR/Verify/VerifyContext.h"
#include "xcs/Ops/RegionForm.h"
#include "xcs/Ops/SignatureMatch.h"
#include "xcs/Ops/Template.h"
#include <unordered_map>

namespace xcs {

/// Checks the functions of a module one after another, each in one walk in program order (the visitor of
/// IR/Walk.h). The tables are reused from function to function: checking a valid operation allocates nothing.
class FunctionVerifier {
public:
  explicit FunctionVerifier(VerifyContext &context) : context(context), view(context.view) {}

  void verify(uint32_t functionIndex);

  // Walk.
  void beginRegion(RegionId region);
  bool beginOp(OpId op);
  void endOp(OpId op);
  void endRegion(RegionId region);

  // For the checks of single operations, OpChecks.cpp.
  const ComputationGraph &ops() const { return *graph; }
  TypeId operandType(OpId op, size_t i) const { return graph->type(graph->operands(op)[i]); }
  TypeId resultType(OpId op, size_t i = 0) const { return graph->type(graph->results(op)[i]); }
  std::vector<TypeId> typesOfOperands(OpId op) const;
  /// The attributes of an operation, one per row; none if not given.
  void rowAttributes(OpId op, std::span<AttrId> attributes) const;
  /// Reports that result `i` should have type `expected`, given as text.
  void wrongResult(OpId op, size_t i, std::string_view expected);
  /// Reports that operand `i` should have a type; `rest` is the end of the message.
  void wrongOperand(OpId op, size_t i, TypeId expected, std::string_view rest);
  /// Reports an error, but for one of types that follows from types which were reported before.
  void error(Diag id, OpId op, std::initializer_list<std::string_view> arguments);
  /// The same about a part of the operation.
  void error(Diag id, OpId op, Location at, std::initializer_list<std::string_view> arguments);
  /// Checks that the arguments of each region of `op` are those of its RegionForm.
  void checkArguments(OpId op);
  /// What is wrong with an operation that has regions, besides what they take and yield. A number of regions
  /// that its form never allows is reported elsewhere.
  RegionFault findFault(OpId op);
  /// The operation's name in messages: `str.join`, `call @f`.
  std::string displayName(OpId op) const;
  void countError(Diag id, OpId op, std::string_view allowed, size_t given, std::string_view noun);

  VerifyContext &context;
  const ConstantView &view;
  std::vector<TemplatePart> templateParts; // reused, so that templates do not allocate

private:
  /// A region that is being walked.
  struct OpenRegion {
    RegionId region;
    OpId terminator;       // the first one: nothing runs after it
    bool reported = false; // that something follows it
  };

  // Structure.cpp: what every other check relies on.
  void broken(Location at, std::string_view what) { context.error(Diag::BrokenModule, at, {what}); }
  bool checkStructure(OpId op);
  bool checkOperandsVisible(OpId op);
  void define(ValueRef v) { visible[v.index] = true; }
  std::string nameOf(ValueRef v) const;
  std::string whyInvisible(ValueRef v) const;

  // Signatures.cpp
  bool checkSignature(OpId op);
  TypeBindings bindingsOfResults(OpId op) const;
  bool checkDictKey(OpId op, TypeId key);
  bool checkCount(OpId op, std::span<const SignatureParam> params, size_t given, bool results);
  template <class Range>
  bool checkTypes(OpId op, std::span<const SignatureParam> params, const Range &values, TypeBindings &bound,
                  bool results);
  void reportMismatch(OpId op, size_t at, const TypeBindings &bound);
  void reportOperand(OpId op, size_t i, std::string_view expected, std::string_view rest);
  std::string expectedText(std::span<const SignatureNode> nodes, const TypeBindings &bound) const;
  void checkNoSecret(ValueRef v, Location at);

  // TypeRules.cpp
  void checkTypeRule(OpId op);
  /// The rule of its types that an operation breaks; empty: none.
  std::string_view violatedRule(OpId op);
  /// Reports which record an operation returns, if its row says only that it is one; false: it is not such an
  /// operation.
  bool explainRecord(OpId op);

  // Regions.cpp
  void checkRegionCount(OpId op);
  void checkTerminator(OpId op);
  void checkEnd(const OpenRegion &open);
  void checkReturned(OpId op);
  void checkYielded(OpId op, OpId owner);
  bool yieldsFit(OpId owner, std::span<const ValueRef> given);
  std::string expectedYield(OpId owner);
  void findRegionTypes(OpId owner);
  std::string givenText(std::span<const ValueRef> values) const;

  // EffectChecks.cpp
  void checkEffects(OpId op);

  // Draws.cpp
  void checkCaching(OpId op);
  void checkDraw(OpId op);
  /// `twice`: what is wrong if another one has the name.
  void checkDrawName(OpId op, StringId name, Diag twice);
  void checkDrawPaths();

  const Function *function = nullptr;
  const ComputationGraph *graph = nullptr;
  uint32_t functionIndex = 0;
  std::vector<uint8_t> visible; // by ValueRef
  std::vector<uint8_t> seen;    // by OpId
  std::vector<uint8_t> doubted; // by OpId; its types were reported, so no one knows what its results are
  std::vector<OpenRegion> openRegions;
  std::vector<WriteRefusal> refusals; // of the enclosing operations, innermost last
  RegionTypes regionTypes;            // reused, so that regions do not allocate
  std::vector<TypeId> operandTypes, resultTypes;
  std::unordered_map<uint32_t, OpId> draws; // of the function, by name
  bool anyPath = false;                     // whether a name has a `/`
  OpId skipped;                             // too broken to be looked into
  DictId knownFacts;                        // those of the operation before: all of a chain have the same
};

/// Checks what neither a signature nor a type rule of Ops can express. The operation's signature and
/// attributes are valid. Null for most operations.
using OpCheck = void (*)(FunctionVerifier &verifier, OpId op);
OpCheck opCheckOf(OpCode code);

} // namespace xcs
