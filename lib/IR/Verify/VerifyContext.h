#pragma once
#include "xcs/IR/TypeTexts.h"
#include "xcs/Ops/Prepared.h"
#include "xcs/Ops/RegionForm.h"
#include "xcs/Support/Diagnostics.h"
#include <string>

namespace xcs {

/// Why the regions of an operation must not write.
struct WriteRefusal {
  WriteBan reason = WriteBan::None;
  OpCode owner{};
  OpId op;
  Location location; // of the owner
};

/// A call, for the checks across functions.
struct CallEdge {
  uint32_t caller, callee; // indices into Module::functions
  Location location;
  WriteRefusal refusal; // of the innermost enclosing operation that has one
  WriteRefusal cutOff;  // of the innermost one whose regions may be cut off
};

/// The shared state of all checks of one module. Valid operations cost no allocation.
struct VerifyContext {
  VerifyContext(const Module &module, DiagnosticEngine &diagnostics, const Limits &limits);

  const Module &module;
  const ConstantView view;
  DiagnosticEngine &diagnostics;
  std::vector<bool> holdsSecret; // by TypeId: `secret` or a type that contains it
  std::vector<CallEdge> calls;   // of all functions, in program order
  std::vector<bool> writes;      // by function: whether one of its own operations writes
  std::vector<bool> asks;        // by function: whether one of its own operations asks a person
  PreparedAttrs prepared;        // patterns and schemas, each parsed once

  void error(Diag id, Location at, std::initializer_list<std::string_view> arguments) {
    diagnostics.report(id, at, arguments);
    typeTexts.explain(diagnostics);
  }
  /// The error for which types were written is not reported.
  void forgetNames() { typeTexts.forget(); }
  /// Whether a further error would be shown. Costly messages are not built for errors that are only counted,
  /// because a text may have as many errors as operations.
  bool shown() const { return diagnostics.errorCount() < DiagnosticEngine::cap; }
  /// With the program's own names of types. The next error is followed by the meanings of those that no error
  /// has shown before.
  std::string typeText(TypeId type) const { return shown() ? typeTexts.of(type) : std::string(); }
  /// The types in the syntax of a program: "`str`, `i64`"; "nothing" for none.
  std::string typesText(std::span<const TypeId> types) const;
  /// A function's types in the syntax of rows: "str, i64 -> str".
  std::string signatureText(const Function &function) const;
  /// `@name`.
  std::string symbolText(StringId symbol) const { return "@" + std::string(view.text(symbol)); }

private:
  mutable TypeTexts typeTexts;
};

/// "3 operands", "1 operand", "no operands".
std::string countText(size_t count, std::string_view noun);

/// Checks the attributes of one operation or resource against its rows: known names, types, required ones,
/// ranges. An operation may have the common attributes too. Returns whether all are valid.
struct AttributeOwner {
  std::string_view name; // `str.join`, `model`
  Location location;
  std::span<const AttrRow> rows;
  const OpCode *code; // null for a resource
};
bool checkAttributes(VerifyContext &context, const AttributeOwner &owner, DictId attributes);
/// Checks that what passes keep beside the attributes are facts: a plan leaves them out.
bool checkFacts(VerifyContext &context, const AttributeOwner &owner, DictId facts);

/// Checks resources: unique symbols, attributes.
void checkResources(VerifyContext &context);
/// Checks what an operation's `@symbol` names; collects calls.
void checkSymbol(VerifyContext &context, const Operation &op);
/// Checks what `limit = @name` names.
void checkLimit(VerifyContext &context, Location at, std::string_view owner, AttrId limit);

/// Reports that something named `what` writes where writes are not allowed.
void reportRefusedWrite(VerifyContext &context, Location at, std::string_view what,
                        const WriteRefusal &refusal);

/// Reports that something named `what` asks a person where that may be cut off.
void reportCutOffQuestion(VerifyContext &context, Location at, std::string_view what,
                          const WriteRefusal &cutOff);

/// Checks across functions, once all of them are known: no undeclared recursion, and no writes and questions
/// through calls where they are not allowed.
void checkCalls(VerifyContext &context);

} // namespace xcs
