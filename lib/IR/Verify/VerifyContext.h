#pragma once
#include "xcs/IR/Module.h"
#include "xcs/Ops/Prepared.h"
#include "xcs/Ops/RegionForm.h"
#include "xcs/Support/Diagnostics.h"
#include <string>

namespace xcs {

/// Why nothing may write within an operation's regions.
struct WriteRefusal {
  WriteBan reason = WriteBan::None;
  OpCode owner{};
  OpId op;
  Location location; // of the owner
};

/// A call, as the checks across functions want it.
struct CallEdge {
  uint32_t caller, callee; // indices into Module::functions
  Location location;
  WriteRefusal refusal; // of the innermost operation around it that has one
};

/// What all checks of one module share. Nothing here allocates while operations are right.
struct VerifyContext {
  VerifyContext(const Module &module, DiagnosticEngine &diagnostics, const Limits &limits);

  const Module &module;
  const ConstantView view;
  DiagnosticEngine &diagnostics;
  std::vector<bool> holdsSecret; // by TypeId: `secret` or something with a secret in it
  std::vector<CallEdge> calls;   // of all functions, in program order
  std::vector<bool> writes;      // by function: whether an operation of its own writes
  PreparedAttrs prepared;        // patterns and schemas, each looked at once

  void error(Diag id, Location at, std::initializer_list<std::string_view> arguments) {
    diagnostics.report(id, at, arguments);
  }
  /// Whether a further error will be seen. What takes time to say is not worked out for one that is only
  /// counted: a text may have as many errors as operations.
  bool shown() const { return diagnostics.errorCount() < DiagnosticEngine::cap; }
  std::string typeText(TypeId type) const { return shown() ? printType(view, type) : std::string(); }
  /// The types as they are written: "`str`, `i64`"; "nothing" for none.
  std::string typesText(std::span<const TypeId> types) const;
  /// A function's types as rows write them: "str, i64 -> str".
  std::string signatureText(const Function &function) const;
  /// `@name`.
  std::string symbolText(StringId symbol) const { return "@" + std::string(view.text(symbol)); }
};

/// "3 operands", "1 operand", "no operands".
std::string countText(size_t count, std::string_view noun);

/// Checks the attributes of one operation or resource against its rows: known names, types, what is required,
/// ranges. An operation may have the common attributes too. Whether all are right.
struct AttributeOwner {
  std::string_view name; // `str.join`, `model`
  Location location;
  std::span<const AttrRow> rows;
  const OpCode *code; // null for a resource
};
bool checkAttributes(VerifyContext &context, const AttributeOwner &owner, DictId attributes);

/// Resources: symbols that differ, attributes.
void checkResources(VerifyContext &context);
/// What an operation's `@symbol` must name; collects calls.
void checkSymbol(VerifyContext &context, const Operation &op);
/// What `limit = @name` must name.
void checkLimit(VerifyContext &context, Location at, AttrId limit);

/// Tells that something named `what` writes where nothing may.
void reportRefusedWrite(VerifyContext &context, Location at, std::string_view what,
                        const WriteRefusal &refusal);

/// Across functions, once all of them are known: no recursion that was not asked for,
/// no writes through calls where none may be.
void checkCalls(VerifyContext &context);

} // namespace xcs
